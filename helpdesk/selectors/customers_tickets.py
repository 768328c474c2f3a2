"""What customers see of their tickets: what they said and what we answered, never more."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Exists, OuterRef, Q, QuerySet

from customers.models import Customer
from helpdesk.models import Post, PostFile, Ticket

PUBLIC = (Post.Kind.SAID, Post.Kind.ANSWER)
PAGE = 25


def visible(customer: Customer) -> QuerySet[Ticket]:
    """The tickets of a customer on which something was said to or by them; not those that we keep to ourselves.

    What was said on merged ones stands where they went; they only lead there.
    """
    said = Exists(Post.objects.filter(ticket=OuterRef("pk"), kind__in=PUBLIC))
    return Ticket.objects.filter(said | Q(merged_into__isnull=False), customer=customer, forgotten_on=None)


def open_ones(customer: Customer, *, limit: int = 100) -> list[Ticket]:
    """Those that are open, the last that anything was said on first."""
    return list(visible(customer).exclude(state=Ticket.State.CLOSED).order_by("-last_at", "-pk")[:limit])


def closed_ones(customer: Customer, *, before: int | None = None) -> tuple[list[Ticket], int | None]:
    """A page of those that are closed, newest first, and where the next page begins."""
    found = visible(customer).filter(state=Ticket.State.CLOSED, merged_into=None).order_by("-pk")
    if before:
        found = found.filter(pk__lt=before)
    some = list(found[: PAGE + 1])
    return some[:PAGE], some[PAGE - 1].pk if len(some) > PAGE else None


def one(customer: Customer, pk: int) -> Ticket | None:
    """One of theirs."""
    return visible(customer).select_related("department", "close_reason").filter(pk=pk).first()


def conversation(ticket: Ticket) -> Sequence[Post]:
    """What the customer and we said, oldest first."""
    found = ticket.posts.filter(kind__in=PUBLIC).select_related("author").prefetch_related("files")
    return list(found.defer("html"))


def file_of(ticket: Ticket, pk: int) -> PostFile | None:
    """A file that came with what the customer or we said there."""
    return PostFile.objects.filter(pk=pk, post__ticket=ticket, post__kind__in=PUBLIC).first()

"""Tickets and ratings as they stand in a customer's copy of their data: what they said and what we answered."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from customers.models import Customer
from customers.own_data import OwnFile, Row
from helpdesk.models import Post, PostFile, Rating
from helpdesk.selectors.customers_tickets import PUBLIC
from herotill.clock import local


def words(customer: Customer) -> Iterator[Row]:
    """Every public word, oldest first."""
    said = Post.objects.filter(ticket__customer=customer, kind__in=PUBLIC, ticket__forgotten_on=None)
    for post in said.select_related("ticket", "author").defer("html").order_by("ticket_id", "at", "pk"):
        yield {
            "Ticket": post.ticket_id,
            "Subject": post.ticket.subject,
            "When": local(post.at).strftime("%Y-%m-%d %H:%M"),
            "Who": str(post.author) if post.kind == Post.Kind.ANSWER else post.author_name or customer.name,
            "Words": post.text,
        }


def files(customer: Customer) -> Iterator[OwnFile]:
    """What came with these words."""
    found = PostFile.objects.filter(post__ticket__customer=customer, post__kind__in=PUBLIC)
    for file in found.select_related("post").order_by("pk"):
        yield OwnFile(f"{file.post.ticket_id}-{file.pk}-{file.filename}", partial(_read, file))


def _read(file: PostFile) -> bytes:
    with file.file.open("rb") as opened:
        return bytes(opened.read())


def ratings(customer: Customer) -> Iterator[Row]:
    """What they gave, not what was asked for."""
    given = Rating.objects.filter(customer=customer, submitted_at__isnull=False).order_by("pk")
    for one in given:
        yield {
            "Kind": one.get_kind_display(),
            "When": local(one.submitted_at).strftime("%Y-%m-%d %H:%M") if one.submitted_at else "",
            "Stars": one.stars,
            "Comment": one.comment,
        }

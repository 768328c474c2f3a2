"""What is read of ratings."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db.models import Avg, Count, Max, Q, QuerySet

from customers.models import Customer
from helpdesk.models import Post, Rating, Ticket
from herotill.messages.models import Message
from herotill.reading import reading


def given() -> QuerySet[Rating]:
    """Ratings that were given, not those that were only asked for."""
    return Rating.objects.filter(submitted_at__isnull=False)


def of_customer(customer: Customer, *, limit: int) -> tuple[list[Rating], dict[str, object]]:
    """The newest of a customer's ratings, and how many were given with their average."""
    theirs = Rating.objects.using(reading()).filter(customer=customer)
    figures = theirs.aggregate(count=Count("stars"), average=Avg("stars"))
    return list(theirs.select_related("about", "acknowledged_by", "ticket").order_by("-id")[:limit]), figures


def waiting_for(customer: Customer, now: datetime) -> list[Rating]:
    """What this customer was asked to rate and may rate still."""
    asked = Rating.objects.filter(customer=customer, submitted_at=None, expires_at__gt=now)
    return list(asked.select_related("about").order_by("-id")[:10])


def given_by(customer: Customer, *, limit: int) -> list[Rating]:
    return list(given().filter(customer=customer).order_by("-submitted_at", "-id")[:limit])


def last_in_general(customer: Customer) -> datetime | None:
    """When the customer rated us in general the last time."""
    theirs = given().filter(customer=customer, kind=Rating.Kind.GENERAL)
    return theirs.aggregate(last=Max("submitted_at"))["last"]


def asked_since(since: datetime, customer: Customer | None, email: str) -> int:
    """How often a customer, or an address that is nobody's, was asked by itself."""
    if customer:
        theirs = Rating.objects.filter(customer=customer, asked_at__gt=since, asked_by=None)
        return theirs.exclude(kind=Rating.Kind.GENERAL).count()
    mails = Message.objects.filter(address=email, customer_id=None, subject_kind="rating")
    return mails.filter(queued_at__gt=since).count()


def tickets_to_rate(ids: Sequence[int]) -> Mapping[int, Ticket]:
    """Of these tickets those that are closed and on which a customer was served, not those that we opened.

    Somebody of ours answered, or closed it after the customer spoke: who rates what a rule closed by itself
    may be a machine that answers every mail.
    """
    seen_to = Q(posts__kind=Post.Kind.SAID, closed_by__isnull=False)
    served = Q(posts__kind=Post.Kind.ANSWER) | seen_to
    found = Ticket.objects.filter(served, pk__in=ids, state=Ticket.State.CLOSED, merged_into=None)
    found = found.exclude(origin__in=Ticket.ABOUT_US).select_related("customer", "assignee", "department")
    return {one.pk: one for one in found.distinct()}


def to_acknowledge() -> int:
    """How many ratings nobody has acknowledged yet."""
    return given().filter(acknowledged_at=None).count()


def titles(ratings: Sequence[Rating]) -> dict[int, str]:
    """What each is about, as a customer calls it; the ticket's subject, or only that it was a visit."""
    ids = [one.subject_id or 0 for one in ratings if one.kind == Rating.Kind.TICKET]
    subjects = dict(Ticket.objects.filter(pk__in=ids).values_list("pk", "subject"))
    return {
        one.pk: subjects.get(one.subject_id or 0, "") for one in ratings if one.kind == Rating.Kind.TICKET
    }

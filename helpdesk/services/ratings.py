"""Ratings: asked for, given once, acknowledged; a low one opens a ticket."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from billing.selectors.mandates import is_resellers
from customers.models import Customer
from helpdesk.models import Department, Rating, Ticket
from helpdesk.policies import ratings as policy
from helpdesk.selectors import ratings as reading
from helpdesk.selectors import sources
from helpdesk.selectors.rules import rules
from helpdesk.services.locking import alone_with
from helpdesk.services.tickets import open_ticket
from herotill import links
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.events import record
from herotill.messages.models import Message
from herotill.messages.services import outbox
from herotill.users.models import User

Kind = Rating.Kind
SUBJECT = "rating"
TEMPLATES = {Kind.TICKET: "rating_ticket", Kind.JOB: "rating_job", Kind.GENERAL: "rating_general"}
OVER = "This link has been used or is no longer valid."
NOT_ASKED = "Ratings in general are switched off in the sales settings."


@transaction.atomic
def ask(
    *,
    kind: str,
    now: datetime,
    actor: User | None = None,
    customer: Customer | None = None,
    subject_id: int | None = None,
    about: User | None = None,
    department: Department | None = None,
    email: str = "",
    what: str = "",
) -> Rating | None:
    """Ask for a rating by mail: at `email`, or at the customer's contacts. Each ticket and job is asked about once.

    Nothing where that was done before, and where a reseller speaks to the customer (rule 14).
    """
    if customer and is_resellers(customer, local_day(now)):
        return None
    rating = Rating(
        kind=kind,
        customer=customer,
        subject_id=subject_id,
        about=about,
        department=department,
        asked_at=now,
        asked_by=actor,
        expires_at=now + timedelta(days=rules().rating_days),
    )
    if subject_id is not None and Rating.objects.filter(kind=kind, subject_id=subject_id).exists():
        return None
    rating.save()
    outbox.queue(
        template=TEMPLATES[Kind(kind)],
        customer_id=customer.pk if customer else None,
        to=email,
        context={"name": customer.name if customer else email, "what": what, "who": str(about or "")},
        subject_kind=SUBJECT,
        subject_id=rating.pk,
        key=f"rating-{rating.pk}",
        now=now,
        actor_id=actor.pk if actor else None,
    )
    return rating


def may_ask(*, customer: Customer | None, email: str, now: datetime) -> bool:
    """Whether one more mail by itself is not one too many; those to one customer or address are counted one by one."""
    alone_with(f"rating:{customer.pk if customer else email}")
    return policy.may_ask_again(reading.asked_since(now - policy.AGAIN_AFTER, customer, email))


def ask_in_general(*, customer: Customer, actor: User, now: datetime) -> Rating:
    """Ask a customer what they think of us. Raises DomainError where that is switched off or was done lately."""
    if not sources.asks("rate_in_general"):
        raise DomainError(NOT_ASKED)
    if Rating.objects.filter(
        customer=customer, kind=Kind.GENERAL, submitted_at=None, asked_at__gt=now - policy.AGAIN_AFTER
    ).exists():
        raise DomainError("They were asked within the last day and have not answered yet.")
    asked = ask(kind=Kind.GENERAL, customer=customer, actor=actor, now=now)
    if asked is None:
        raise DomainError("Their reseller speaks to them, we do not.")
    return asked


@transaction.atomic
def seal(message: Message, now: datetime) -> Mapping[str, str]:
    """The link by which the customer rates, made as the mail goes out. Raises DomainError where it is too late."""
    found = Rating.objects.select_for_update(no_key=True).filter(pk=message.subject_id or 0).first()
    if found is None or found.submitted_at:
        raise DomainError("This was rated before the mail was sent.")
    token = links.new()
    Rating.objects.filter(pk=found.pk).update(token_hash=links.hashed(token))
    return {"link": links.address("rate", token)}


def find(*, token: str, now: datetime) -> Rating | None:
    """The rating that a link asks for, while it may be given."""
    asked = Rating.objects.filter(token_hash=links.hashed(token), submitted_at=None, expires_at__gt=now)
    return asked.select_related("customer", "about").first()


@transaction.atomic
def give_by_link(*, token: str, stars: int, comment: str, now: datetime) -> Rating:
    """Rate by a mailed link, once. Raises DomainError where it was used or has expired."""
    held = Rating.objects.select_for_update(of=("self",), no_key=True).select_related("customer")
    found = held.filter(token_hash=links.hashed(token)).first()
    if found is None:
        raise DomainError(OVER)
    return _give(found, stars, comment, now)


@transaction.atomic
def give_asked(*, rating: int, customer: Customer, stars: int, comment: str, now: datetime) -> Rating:
    """Rate in the portal what was asked for. Raises DomainError where it was given or has expired."""
    held = Rating.objects.select_for_update(of=("self",), no_key=True).select_related("customer")
    found = held.filter(pk=rating, customer=customer).first()
    if found is None:
        raise DomainError(OVER)
    return _give(found, stars, comment, now)


@transaction.atomic
def give_in_general(*, customer: Customer, stars: int, comment: str, now: datetime) -> Rating:
    """Say in the portal what they think of us; once a day. Raises DomainError where that is switched off."""
    if not sources.asks("rate_in_general"):
        raise DomainError(NOT_ASKED)
    Customer.objects.select_for_update(no_key=True).get(pk=customer.pk)  # twice at once is once
    if not policy.may_rate_again(reading.last_in_general(customer), now):
        raise DomainError("You have rated us today already. Thank you!")
    asked = Rating.objects.select_for_update(of=("self",), no_key=True).filter(
        customer=customer, kind=Kind.GENERAL, submitted_at=None, expires_at__gt=now
    )
    new = Rating(kind=Kind.GENERAL, customer=customer, asked_at=now)
    return _give(asked.order_by("-pk").first() or new, stars, comment, now)


def _give(rating: Rating, stars: int, comment: str, now: datetime) -> Rating:
    """Write down what was given on a rating that is held."""
    if rating.submitted_at or (rating.expires_at and rating.expires_at <= now):
        raise DomainError(OVER)
    rating.stars, rating.comment, rating.submitted_at = stars, comment.strip()[: policy.COMMENT], now
    rating.by_name = rating.customer.name if rating.customer else ""
    rating.save()
    if policy.is_low(stars, rules().rating_threshold):
        rating.ticket = _open(rating, now)
        rating.save(update_fields=["ticket"])
    record(
        kind="rating.given",
        key=f"rating.given-{rating.pk}",
        customer_id=rating.customer_id,
        subject_kind=SUBJECT,
        subject_id=rating.pk,
        data={"stars": stars, "kind": rating.kind, "subject": rating.subject_id},
    )
    return rating


def _open(rating: Rating, now: datetime) -> Ticket:
    """The ticket by which somebody speaks with who rated low: who stands by, or in office hours the department."""
    care = sources.customer_care()
    what = {Kind.TICKET: f"ticket #{rating.subject_id}", Kind.JOB: f"job card {rating.subject_id}"}
    about = what.get(Kind(rating.kind), "us in general")
    whom = f" Served by {rating.about}." if rating.about else ""
    said = f"They wrote: {rating.comment}" if rating.comment else "They wrote nothing with it."
    return open_ticket(
        subject=f"Low rating: {rating.stars} of 5 for {about}",
        text=f"{rating.stars} of 5 for {about}.{whom}\n\n{said}",
        department=care,
        category=sources.category("Low rating"),
        assignee=sources.standby_of(care, now),
        customer=rating.customer,
        origin=Ticket.Origin.RATING,
        about_kind=SUBJECT,
        about_id=rating.pk,
        actor=None,
        now=now,
    )


@transaction.atomic
def acknowledge(*, ratings: Collection[int], actor: User, now: datetime) -> int:
    """Say that these were read; how many were not yet."""
    held = Rating.objects.select_for_update(no_key=True).filter(
        pk__in=ratings, submitted_at__isnull=False, acknowledged_at=None
    )
    ids: list[Any] = list(held.order_by("pk").values_list("pk", flat=True))
    return Rating.objects.filter(pk__in=ids).update(acknowledged_at=now, acknowledged_by=actor)

"""Asking customers to look through their details, and what they said. Their changes are asked for elsewhere."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction

from customers.models import Customer, DetailsCheck
from herotill.errors import DomainError
from herotill.messages.services import outbox
from herotill.users.models import User

TEMPLATE, SUBJECT = "details-check", "details_check"
State = DetailsCheck.State


@transaction.atomic
def ask(
    *, customers: Collection[Customer], what: Collection[str], words: str, actor: User | None, now: datetime
) -> int:
    """Mail each of these customers that they please look through `what`; returns how many were asked.

    It goes to the contacts with portal access, whose home in the portal shows it until it is answered. One who was
    asked before and has not answered is asked anew. Clients of resellers, whom we do not write to, are left out.
    Raises DomainError without anything to check, or where nobody is left to ask.
    """
    if not what:
        raise DomainError("Choose at least one thing to check.", field="what")
    ids = sorted(one.pk for one in customers)
    held = Customer.objects.select_for_update(of=("self",), no_key=True).filter(
        pk__in=ids, anonymised_on=None
    )
    people = list(held.exclude(master__is_reseller=True).order_by("pk"))
    if not people:
        raise DomainError(
            "Nobody is left to ask: a reseller's clients and who was anonymised are not written to."
        )
    DetailsCheck.objects.filter(customer__in=people, state=State.WAITING).update(
        state=State.REPLACED, answered_at=now
    )
    asked = DetailsCheck.objects.bulk_create(
        DetailsCheck(customer=one, what=list(what), words=words.strip(), asked_at=now, asked_by=actor)
        for one in people
    )
    outbox.queue_many(
        (
            outbox.New(
                customer_id=one.customer_id,
                subject_id=one.pk,
                context={"name": one.customer.name, "what": in_words(one), "words": one.words},
            )
            for one in asked
        ),
        template=TEMPLATE,
        now=now,
        subject_kind=SUBJECT,
        actor_id=actor.pk if actor else None,
    )
    return len(asked)


def in_words(check: DetailsCheck) -> str:
    """What is to be checked, a line each."""
    labels = dict(DetailsCheck.What.choices)
    return "\n".join(f"- {labels[one]}" for one in check.what)


@transaction.atomic
def answer(*, customer: Customer, changed: bool, actor: User | None, now: datetime) -> bool:
    """Note what the customer found: all is right, or something is `changed`. False where nothing was asked."""
    said = State.CHANGED if changed else State.CONFIRMED
    waits = DetailsCheck.objects.filter(customer=customer, state=State.WAITING)
    return bool(waits.update(state=said, answered_at=now, answered_by=actor))

"""One customer's month, by hand: its charges made anew, put on a draft, or cleared."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Q, QuerySet, Sum

from billing.models import Document, Line
from billing.selectors import charging as charges
from billing.services import charging, documents, drafting, locks
from customers.models import Customer
from herotill.errors import DomainError
from herotill.money import ZERO, rand
from herotill.months import Month
from herotill.users.models import User

WHY = {
    "prepaid": "This customer pays before use and gets no monthly invoice.",
    "paused": "This customer is not billed by the run; Billing details says so.",
    "cancelled": "The master that pays for it is cancelled.",
}


def waiting(customer: Customer, month: Month) -> QuerySet[Line]:
    """The charges of a customer's month that wait, also those that its master pays."""
    return _waiting(customer).filter(period=month.first)


def _waiting(customer: Customer) -> QuerySet[Line]:
    lines = Line.objects.filter(Q(customer=customer) | Q(for_customer=customer), document=None)
    return lines.exclude(source="")


def in_words(customer: Customer, month: Month) -> str:
    """How many charges of a month wait and what they come to; empty where none does."""
    lines = waiting(customer, month)
    count = lines.count()
    total = lines.aggregate(sum=Sum("incl"))["sum"] or ZERO
    return f"{count} charge{'' if count == 1 else 's'}, {rand(total)}" if count else ""


@transaction.atomic
def generate(*, customer: Customer, month: Month, actor: User | None) -> int:
    """Make a month's charges anew from what the customer has; how many wait then, with those of months before.

    What is on a document stays. Raises DomainError where the run would leave the customer out.
    """
    every = charges.owners_of([customer.pk])
    facts = charges.facts(every, month.first, month.last)
    payers = {owner.id: facts.payer(owner, month.first) for owner in every}
    for owner in every:
        if owner.id == customer.pk and (why := charging.left_out(owner, payers[owner.id] == owner.id)):
            raise DomainError(WHY[why])
    owners = [owner for owner in every if customer.pk in (owner.id, payers[owner.id])]
    locks.take_turns([owner.id for owner in owners])
    waiting(customer, month).delete()
    charging.charge(charging.plan(month), owners)
    return _waiting(customer).filter(period__lte=month.first).count()


@transaction.atomic
def clear(*, customer: Customer, month: Month, actor: User | None) -> int:
    """Take a month's charges that wait away; how many. Generating makes them again."""
    locks.take_turns([customer.pk])
    lines = waiting(customer, month)
    count = lines.count()
    if not count:
        raise DomainError(f"Nothing of {month.label} waits.", field="month")
    lines.delete()
    return count


@transaction.atomic
def draft(*, customer: Customer, month: Month, day: date, actor: User) -> Document:
    """Put the charges that wait up to a month on a draft invoice of a day.

    Raises DomainError where none waits, or where the bills go to the master.
    """
    elsewhere = waiting(customer, month).exclude(customer=customer).select_related("customer").first()
    if elsewhere:
        raise DomainError(f"These charges are billed to {elsewhere.customer}; make the invoice there.")
    made = drafting.draft(
        customers=[customer.pk],
        period=month.first,
        upto=month.first,
        dated=documents.free_day(day),
        actor=actor,
    )
    if not made:
        raise DomainError(
            f"Nothing is owed for {month.label} that waits. Generate the month's charges first."
        )
    document = Document.objects.get(pk=made[0])
    documents.record(document=document, what=f"Drafted by hand for {month.label}.", actor=actor)
    return document

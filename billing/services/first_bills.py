"""The first bill of what has just begun: its own charges alone on a draft, before any month-end.

What stands on it is charged as the run charges it, so no run bills it again; all else is left to the run.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import date

from django.db import transaction
from django.db.models import Q

from billing.models import Document, DocumentKind, Line
from billing.selectors import charging as reads
from billing.selectors.charging import Owner
from billing.services import charging, documents, locks
from customers.models import Customer
from herotill.bulk import copy_rows
from herotill.errors import DomainError
from herotill.months import Month
from herotill.users.models import User

WHY = {
    "prepaid": "This customer pays before use and gets no monthly invoice.",
    "paused": "This customer is not billed by the run; Billing details says so.",
    "cancelled": "The master that pays for it is cancelled.",
}
NOTHING = "Nothing that began is to be billed up to {month}."
Thing = tuple[str, int]


@transaction.atomic
def draft(
    *, customer: Customer, things: Collection[Thing], month: Month, day: date, actor: User | None
) -> Document:
    """A draft invoice, dated `day`, of these things (source and id) up to the end of a month; to who pays.

    It belongs to no month-end, so that a person looks at it before it is issued. Raises DomainError where the
    run would leave the customer out, and where nothing of it is to be billed.
    """
    owner = next(one for one in reads.owners_of([customer.pk]) if one.id == customer.pk)
    payer = _payer(owner, month)
    locks.take_turns({owner.id, payer})
    _charge(owner, set(things), month)
    lines = _waiting(things, month)
    if not lines:
        raise DomainError(NOTHING.format(month=month.label))
    payers = Customer.objects.in_bulk({line.customer_id for line in lines})
    bearer = payers[lines[-1].customer_id]
    made = documents.make(
        kind=DocumentKind.INVOICE,
        customer=bearer,
        day=day,
        due=documents.due_date(customer=bearer, day=documents.free_day(day)),
        lines=[],
        actor=actor,
    )
    _put_on(made, [line for line in lines if line.customer_id == bearer.pk])
    documents.record(document=made, what="The first bill of what began.", actor=actor)
    return made


def _payer(owner: Owner, month: Month) -> int:
    facts = reads.facts([owner], month.first, month.last)
    payer = facts.payer(owner, month.first)
    if why := charging.left_out(owner, payer == owner.id):
        raise DomainError(WHY[why])
    return payer


def _charge(owner: Owner, things: set[Thing], month: Month) -> None:
    """Charge these alone; what is charged or waived already stays as it is."""
    decided = charging.Decided(charging.plan(month), [owner])
    wanted = [one for one in decided.decisions if (one.item.source, one.item.item_id) in things]
    copy_rows(Line, charging.COLUMNS, charging.lines(wanted))


def _waiting(things: Collection[Thing], month: Month) -> list[Line]:
    wanted = Q(pk__in=[])
    for source, item in things:
        wanted |= Q(source=source, item_id=item)
    found = Line.objects.filter(wanted, document=None, period__lte=month.first)
    return list(found.order_by("period", "source", "item_id", "part"))


def _put_on(document: Document, lines: list[Line]) -> None:
    for position, line in enumerate(lines):
        line.document, line.position = document, position
    Line.objects.bulk_update(lines, ["document", "position"])
    documents.total(document=document)

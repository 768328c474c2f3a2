"""Bad debts: written off by document with the VAT that stands there, and what comes in later after all."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from billing.models import Document, DocumentKind, Grounds, Line, OpenItem
from billing.policies.crediting import by_rate, written_off
from billing.selectors import crediting as reading
from billing.services import documents, locks
from customers.models import Customer
from herotill.errors import DomainError
from herotill.money import rand
from herotill.users.models import User


@transaction.atomic
def make(
    *,
    customer: Customer,
    named: Collection[int],
    recovery: str,
    reason: str,
    day: date,
    actor: User | None,
    now: datetime,
) -> tuple[Document, documents.Outcome]:
    """Write off all that is open of these documents of one customer, and issue the write-off.

    `recovery` says that it ceased or was handed over. VAT is split at the stored rates; history from before
    carries none, for its tax was never declared by us. Raises DomainError where nothing is open.
    """
    locks.hold([customer.pk])
    if recovery not in Grounds.Recovery.values:
        raise DomainError("Say whether recovery has ceased or the debt was handed over.", field="recovery")
    if not reason.strip():
        raise DomainError("Say why it will not be paid.", field="reason")
    owed = reading.owed([customer.pk], named)
    if not named or {one.document.pk for one in owed} != set(named):
        raise DomainError("Of one of these documents nothing is open any more; look again.")
    newest = max(one.document.document_date for one in owed)
    made = documents.make(
        kind=DocumentKind.WRITE_OFF,
        customer=customer,
        day=max(day, newest),
        lines=[line for one in owed for line in _lines(one)],
        against=owed[0].document if len(owed) == 1 else None,
        reason=reason.strip(),
        actor=actor,
        grounds={"recovery": recovery},
    )
    return made, documents.issue(documents=[made.pk], actor=actor, now=now)


def _lines(owed: reading.Owed) -> list[Line]:
    return [
        Line(
            text=f"{owed.document} of {owed.document.document_date} written off",
            unit_price=amounts.incl,
            includes_vat=True,
            vat_class=at.vat_class,
            vat_rate=at.rate,
            settles=owed.document,
            **amounts._asdict(),
        )
        for at, amounts in written_off(owed.open, owed.rates)
    ]


@transaction.atomic
def recover(
    *, write_off: Document, amount: Decimal, day: date, actor: User | None, now: datetime
) -> Document:
    """Take in money that came after a write-off: a debit note posts its VAT again, and the credit pays it.

    Raises DomainError beyond what was written off, or beyond the customer's unallocated credit.
    """
    locks.hold([write_off.customer_id])
    if write_off.is_draft or write_off.kind != DocumentKind.WRITE_OFF:
        raise DomainError("Only an issued write-off can be recovered.")
    left = write_off.incl - reading.recovered(write_off)
    spare = reading.spare_credit(write_off.customer_id)
    if not 0 < amount <= min(left, spare):
        raise DomainError(
            f"At most {rand(min(left, spare))}: {rand(left)} of it is still written off, and the customer has"
            f" {rand(spare)} unallocated.",
            field="amount",
        )
    made = documents.make(
        kind=DocumentKind.DEBIT_NOTE,
        customer=write_off.customer,
        day=max(day, write_off.document_date),
        lines=_recovered(write_off, amount),
        against=write_off,
        reason=f"Bad debt recovered: {write_off}",
        actor=actor,
    )
    documents.issue(documents=[made.pk], actor=actor, now=now)
    if OpenItem.objects.filter(entry__kind=made.kind, entry__source_id=made.pk).exists():
        raise DomainError("Older debts are open and would take this money. Allocate it to them first.")
    return made


def _recovered(write_off: Document, amount: Decimal) -> list[Line]:
    standing = by_rate((line.vat_class, line.vat_rate, line.incl) for line in write_off.lines.all())
    return [
        Line(
            text=f"Bad debt recovered, {write_off}",
            unit_price=amounts.incl,
            includes_vat=True,
            vat_class=at.vat_class,
            vat_rate=at.rate,
            **amounts._asdict(),
        )
        for at, amounts in written_off(amount, standing)
    ]

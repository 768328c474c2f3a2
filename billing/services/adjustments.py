"""Adjustments: a signed amount without VAT, for reasons that are no change of price."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from billing.models import AdjustmentReason, Document, DocumentKind, Line
from billing.services import documents, locks
from customers.models import Customer
from herotill.errors import DomainError
from herotill.money import ZERO
from herotill.users.models import User


@transaction.atomic
def make(
    *,
    customer: Customer,
    amount: Decimal,
    why: AdjustmentReason,
    text: str,
    day: date,
    actor: User | None,
    now: datetime,
) -> tuple[Document, documents.Outcome]:
    """Adjust what a customer owes by `amount`: up above zero, down below.

    `why` comes from the managed list. Raises DomainError for nothing, and without a text.
    """
    locks.hold([customer.pk])
    if not amount:
        raise DomainError("An adjustment of nothing changes nothing.", field="amount")
    if not text.strip():
        raise DomainError("Say what for; it is printed.", field="text")
    line = Line(
        text=f"{why.name}: {text.strip()}"[:300],
        unit_price=amount,
        includes_vat=True,
        vat_class="outside",
        vat_rate=ZERO,
        excl=amount,
        vat=ZERO,
        incl=amount,
    )
    made = documents.make(
        kind=DocumentKind.ADJUSTMENT,
        customer=customer,
        day=day,
        lines=[line],
        reason=text.strip(),
        actor=actor,
        grounds={"adjustment": why},
    )
    return made, documents.issue(documents=[made.pk], actor=actor, now=now)

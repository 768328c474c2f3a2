"""Moving a receipt that was booked to the wrong customer (rule 15)."""

from __future__ import annotations

from datetime import date

from django.db import transaction

from billing.models import Receipt
from billing.selectors.periods import open_day
from billing.services import locks, receipts
from customers.models import Customer
from herotill import events
from herotill.errors import DomainError
from herotill.users.models import User

MOVED = "billing.receipt_moved"


@transaction.atomic
def move(*, receipt: Receipt, to: Customer, reason: str, day: date, actor: User) -> Receipt:
    """Reverse a receipt as at `day` and book it anew for the customer it belongs to; the two are linked.

    Whoever loses it owes again and gets a fresh first warning before anything else happens: a fact says so.
    Raises DomainError for a receipt that does not stand, and for a move to the same customer.
    """
    if not reason.strip():
        raise DomainError("Say why.", field="reason")
    if receipt.customer_id == to.pk:
        raise DomainError("The receipt is this customer's already.", field="to")
    locks.hold([receipt.customer_id, to.pk])
    receipts.reverse(
        receipt=receipt, day=day, reason=f"Moved to {to.code}: {reason.strip()}"[:300], actor=actor
    )
    made = receipts.capture(
        receipt=receipts.NewReceipt(
            customer_id=to.pk,
            account_id=receipt.account_id,
            receipt_date=open_day(receipt.receipt_date),
            amount=receipt.amount,
            source_reference=f"moved-{receipt.pk}",
            reference=receipt.reference,
            method=receipt.method,
            note=reason.strip()[:300],
            moved_from_id=receipt.pk,
            bank_row_id=receipt.bank_row_id,
        ),
        actor=actor,
    )
    events.record(
        kind=MOVED,
        key=f"{MOVED}:{receipt.pk}",
        customer_id=receipt.customer_id,
        subject_kind="receipt",
        subject_id=made.pk,
        data={
            "to": to.pk,
            "amount": str(receipt.amount),
            "day": day.isoformat(),
            "fresh_first_warning": True,
        },
    )
    return made

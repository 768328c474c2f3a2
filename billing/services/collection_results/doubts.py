"""Results that nobody could book by themselves: a person says which line they are of, whose money, or what else."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from billing.collecting import told_in
from billing.models import CollectionLine, CollectionResult, Receipt
from billing.policies import collection_results as policy
from billing.selectors import periods
from billing.services import receipts
from billing.services.collection_results import booking
from billing.services.receipts import NewReceipt
from customers.models import Customer
from herotill.errors import DomainError
from herotill.users.models import User


@transaction.atomic
def match(*, result: CollectionResult, line: CollectionLine, actor: User, now: datetime) -> None:
    """Say that a row is of this line, and book it so, whatever amount it was told with."""
    held = _held(result)
    if held.kind not in (policy.COLLECTED, *policy.CAME_BACK):
        raise DomainError("Only what was collected, or came back, is of a line.")
    if line.batch.channel not in told_in(held.channel):
        raise DomainError("That line went another way.")
    CollectionResult.objects.filter(pk=held.pk).update(line=line, trouble="")
    account = booking.account_of(held.channel)
    booking.book_lines([line.pk], account, held.channel, now, actor, None, settled=[held.pk])
    held.refresh_from_db()
    if held.trouble:
        raise DomainError(held.trouble)


@transaction.atomic
def give(*, result: CollectionResult, customer: Customer, actor: User, now: datetime) -> Receipt:
    """Say that money which came in is this customer's: a receipt is booked."""
    held = _held(result)
    if held.kind not in (policy.COLLECTED, policy.RECEIPT) or held.amount <= 0:
        raise DomainError("Only money that came in can be a customer's receipt.")
    account = booking.account_of(held.channel)
    made = receipts.capture(
        receipt=NewReceipt(
            customer_id=customer.pk,
            account_id=account.pk,
            receipt_date=max(held.day, periods.open_from()),
            amount=held.amount,
            source_reference=f"{held.channel}-{held.told_id}-{held.told_type}",
            reference=held.reference,
            method=Receipt.Method.DEBIT_ORDER if held.kind == policy.COLLECTED else Receipt.Method.OTHER,
        ),
        actor=actor,
    )
    _settled(held, f"Receipt of {customer.code}", now)
    return made


@transaction.atomic
def name_other(*, result: CollectionResult, what: str, actor: User, now: datetime) -> None:
    """Say that a row is none of our customers' money: a fee, a transfer, something known otherwise."""
    held = _held(result)
    if not what.strip():
        raise DomainError("Say what it is.", field="what")
    _settled(held, what, now)


def _held(result: CollectionResult) -> CollectionResult:
    held = CollectionResult.objects.select_for_update(of=("self",)).get(pk=result.pk)
    if not held.trouble:
        raise DomainError("Somebody has dealt with it already.")
    return held


def _settled(held: CollectionResult, words: str, now: datetime) -> None:
    CollectionResult.objects.filter(pk=held.pk).update(
        booked_at=now, trouble="", settled_as=words.strip()[:200]
    )

"""Booking what a card paid: the receipt once, in one transaction with what it buys."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from billing.models import CardAttempt, Receipt, SuspensionCase
from billing.services import locks, receipts, topping_sales, voucher_sales
from billing.services.cards import stored
from billing.services.receipts import NewReceipt
from dataaccounts.models import DataAccount, ToppingOffer
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.users.models import User

State = CardAttempt.State


@dataclass(frozen=True, slots=True)
class Money:
    """What came in, as the gateway, its statement or a person says. `day` is when."""

    amount: Decimal
    gateway_reference: str
    day: date
    fee: Decimal | None = None
    note: str = ""


def held(pk: int) -> CardAttempt:
    """A payment nobody else settles until this transaction ends; the customer's account is held before it."""
    customer = CardAttempt.objects.values_list("customer_id", flat=True).get(pk=pk)
    locks.hold([customer])
    return (
        CardAttempt.objects.select_for_update(of=("self",)).select_related("gateway", "customer").get(pk=pk)
    )


@transaction.atomic
def book(*, attempt: CardAttempt, money: Money, actor: User | None, now: datetime) -> Receipt:
    """Book the money of a held payment that has no receipt yet, and give what it buys.

    What cannot be given any more leaves the money as credit, and says so. Raises DomainError where no
    receipt can be booked.
    """
    if attempt.receipt_id:
        raise DomainError("This payment is booked already.")
    new = _receipt(attempt, money)
    try:
        with transaction.atomic():
            said = _sell(attempt, new, actor, now)
    except DomainError as no:
        receipts.capture(receipt=new, actor=actor)
        said = f"Paid, but not given: {no}"
    made = Receipt.objects.get(account=new.account_id, source_reference=new.source_reference, part=0)
    attempt.receipt, attempt.gateway_reference, attempt.fee = made, money.gateway_reference, money.fee
    close(attempt, State.PAID, said, now)
    return made


def _receipt(attempt: CardAttempt, money: Money) -> NewReceipt:
    return NewReceipt(
        customer_id=attempt.customer_id,
        account_id=attempt.gateway.account_id,
        receipt_date=money.day,
        amount=money.amount,
        source_reference=money.gateway_reference or attempt.reference,
        reference=attempt.reference,
        method=Receipt.Method.CARD,
        note=money.note[:300],
        names_id=attempt.document_id,
    )


def _sell(attempt: CardAttempt, new: NewReceipt, actor: User | None, now: datetime) -> str:
    """Book the receipt with what it pays for; what is to be said of it."""
    if attempt.purpose == CardAttempt.Purpose.TOPPING:
        account = DataAccount.objects.select_related("customer").get(pk=attempt.subject["account"])
        offer = ToppingOffer.objects.select_related("product").get(pk=attempt.subject["offer"])
        made = topping_sales.sell(account=account, offer=offer, receipt=new, actor=actor, now=now)
        return f"{offer} on {account.username}, invoice {made.document}."
    if attempt.purpose == CardAttempt.Purpose.VOUCHER:
        return voucher_sales.sell(attempt=attempt, receipt=new, actor=actor, now=now)
    receipts.capture(receipt=new, actor=actor)
    return ""


def close(attempt: CardAttempt, state: str, says: str, now: datetime) -> None:
    """Write down where a held payment stands."""
    attempt.state, attempt.says, attempt.ended_at = state, says[:200], now
    attempt.save(update_fields=["state", "says", "ended_at", "receipt", "gateway_reference", "fee", "amount"])


@transaction.atomic
def reverse(*, attempt: CardAttempt, why: str, actor: User | None, now: datetime, code: str = "") -> None:
    """Take a booked payment back, as an unpaid does: disputed, or declined after it was accepted (rule 15)."""
    locked = held(attempt.pk)
    receipt = locked.receipt
    if receipt is None or locked.state not in (State.PAID, State.REVIEW):
        raise DomainError("There is no receipt of this payment that could be reversed.")
    receipts.reverse(receipt=receipt, day=local_day(now), reason=why, actor=actor, code=code)
    stored.refuse_charged(attempt=locked, why=why, now=now)
    close(locked, State.REVERSED, why, now)


def end_pause(*, customer_id: int, now: datetime) -> None:
    """What was reported is not coming: nothing is waited for any more."""
    waiting = SuspensionCase.objects.filter(customer=customer_id, reported_until__gt=now)
    waiting.exclude(state="ended").update(reported_until=now)

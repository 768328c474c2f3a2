"""Paying credit back: one person asks, another approves, and the database lets no more go than is there (rule 15)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.timezone import get_current_timezone

from billing.models import BankAccount, Receipt, Refund
from billing.selectors import receipts as reading
from billing.selectors.periods import open_day
from billing.services import locks
from billing.services.receipts import refusal
from customers.models import Customer
from herotill import approvals
from herotill.approvals import Asked, Row, Subject
from herotill.errors import DomainError
from herotill.models import ApprovalRequest
from herotill.money import rand
from herotill.users.models import User

KIND = "refund"


@dataclass(frozen=True, slots=True)
class NewRefund:
    """What is asked for: so much, out of that account of ours, back to where a receipt came from or elsewhere.

    `verified` says how an account was verified that the money did not come from.
    """

    account_id: int
    amount: Decimal
    destination: str
    receipt_id: int | None = None
    verified: str = ""

    @property
    def payload(self) -> dict[str, Any]:
        return {**asdict(self), "amount": str(self.amount)}

    @classmethod
    def of(cls, payload: Mapping[str, Any]) -> NewRefund:
        return cls(**{**payload, "amount": Decimal(payload["amount"])})


def ask(*, customer: Customer, new: NewRefund, reason: str, actor: User, now: datetime) -> ApprovalRequest:
    """Ask a second person to let credit be paid back. Raises DomainError where there is not so much credit."""
    credit = reading.credit(customer=customer)
    if new.amount <= 0:
        raise DomainError("A refund is more than nothing.", field="amount")
    if new.amount > credit:
        raise DomainError(f"Only {rand(credit)} of credit is unallocated.", field="amount")
    receipt = Receipt.objects.filter(pk=new.receipt_id or 0, customer=customer).first()
    _check_destination(new, receipt)
    return approvals.ask(
        kind=KIND,
        subject_id=customer.pk,
        payload={**new.payload, "reason": reason.strip()},
        reason=reason,
        actor=actor,
        now=now,
    )


def _check_destination(new: NewRefund, receipt: Receipt | None) -> None:
    if new.destination == Refund.Destination.SOURCE and receipt is None:
        raise DomainError("Say which receipt the money came with.", field="receipt")
    if new.destination == Refund.Destination.VERIFIED and not new.verified.strip():
        raise DomainError("Say how the account was verified.", field="verified")
    if receipt and receipt.method == Receipt.Method.CARD and new.destination != Refund.Destination.SOURCE:
        raise DomainError("Money paid by card goes back to the card.", field="destination")


@transaction.atomic
def pay(
    *,
    customer: Customer,
    new: NewRefund,
    reason: str,
    asked_by: User,
    approved_by: User,
    approval: int,
    day: date,
) -> Refund:
    """Post the refund, which uses up credit at once. Raises DomainError where there is no longer so much of it."""
    locks.hold([customer.pk])
    credit = reading.credit(customer=customer)
    if new.amount > credit:
        raise DomainError(f"Only {rand(credit)} of credit is unallocated by now.", field="amount")
    try:
        with transaction.atomic():
            return Refund.objects.create(
                customer=customer,
                account_id=new.account_id,
                refunded_on=open_day(day),
                amount=new.amount,
                destination=new.destination,
                receipt_id=new.receipt_id,
                verified=new.verified.strip(),
                reason=reason[:300],
                approval_id=approval,
                asked_by=asked_by,
                approved_by=approved_by,
            )
    except IntegrityError as error:
        raise refusal(error) from error


def subject(subject_id: int | None, payload: Mapping[str, Any]) -> Subject | None:
    """The customer a refund is asked for."""
    customer = Customer.objects.filter(pk=subject_id or 0).first()
    if customer is None:
        return None
    return Subject(
        f"Refund to {customer.name} ({customer.code})", customer.get_absolute_url(), {"code": customer.code}
    )


def describe(subject_id: int | None, payload: Mapping[str, Any]) -> list[Row]:
    """What would be paid, as whoever decides sees it."""
    new = NewRefund.of({name: payload[name] for name in NewRefund.__slots__})
    credit = reading.credit(customer=Customer.objects.get(pk=subject_id or 0))
    receipt = Receipt.objects.select_related("account").filter(pk=new.receipt_id or 0).first()
    return [
        Row("Credit", rand(credit), rand(credit - new.amount)),
        Row("Refund", "", rand(new.amount)),
        Row("Paid out of", "", str(BankAccount.objects.get(pk=new.account_id))),
        Row("Goes to", "", _whither(new, receipt)),
        Row("Why", "", str(payload["reason"])),
    ]


def _whither(new: NewRefund, receipt: Receipt | None) -> str:
    if new.destination == Refund.Destination.SOURCE and receipt:
        return f"Where receipt {receipt.receipt_date} {rand(receipt.amount)} came from ({receipt.get_method_display()}, {receipt.account})"
    return f"A verified account: {new.verified}"


def carry_out(asked: Asked, actor: User, now: datetime) -> None:
    """What the second person's yes does."""
    new = NewRefund.of({name: asked.payload[name] for name in NewRefund.__slots__})
    pay(
        customer=Customer.objects.get(pk=asked.subject_id or 0),
        new=new,
        reason=str(asked.payload["reason"]),
        asked_by=asked.request.asked_by,
        approved_by=actor,
        approval=asked.request.pk,
        day=now.astimezone(get_current_timezone()).date(),
    )

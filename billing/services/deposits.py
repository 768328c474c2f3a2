"""Deposits: money held for a contract, apart from what the customer owes.

Applying or forfeiting one makes its tax invoice in the same transaction; the money then comes to the
customer's account as a receipt that names the invoice.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Case, F, Sum, When

from billing.models import BankAccount, DepositEntry, Document, OpenItem, Receipt, RentalContract
from billing.services import issuing, locks, receipts, single
from herotill import approvals
from herotill.errors import DomainError
from herotill.folding import fold
from herotill.money import ZERO, rand
from herotill.users.models import User

Kind = DepositEntry.Kind
HELD = "Deposits held"
REFUND = "deposit-refund"


def held(contract: RentalContract) -> Decimal:
    """What is held for a contract now."""
    signed = Case(When(kind=Kind.RECEIVED, then=F("amount")), default=-F("amount"))
    found = DepositEntry.objects.filter(contract=contract).aggregate(sum=Sum(signed))["sum"]
    return found or ZERO


@transaction.atomic
def receive(
    *,
    contract: RentalContract,
    amount: Decimal,
    day: date,
    account: BankAccount,
    reference: str = "",
    actor: User | None,
) -> DepositEntry:
    """Note a deposit that came in. It is no receipt: it pays nothing and ages nowhere."""
    return _enter(contract, Kind.RECEIVED, amount, day, actor, account=account, reference=reference)


@transaction.atomic
def forfeit(
    *, contract: RentalContract, amount: Decimal, reason: str, day: date, now: datetime, actor: User | None
) -> Document:
    """Keep so much of a deposit, for example for equipment that never came back; its tax invoice."""
    return _settle(contract, Kind.FORFEITED, amount, f"Deposit forfeited: {reason}", day, now, actor)


@transaction.atomic
def apply(
    *, contract: RentalContract, amount: Decimal, text: str, day: date, now: datetime, actor: User | None
) -> Document:
    """Use so much of a deposit to pay for something that was not billed yet; its tax invoice."""
    return _settle(contract, Kind.APPLIED, amount, text, day, now, actor)


@transaction.atomic
def apply_to(
    *, contract: RentalContract, amount: Decimal, document: Document, day: date, actor: User | None
) -> Receipt:
    """Use so much of a deposit to pay an invoice that was issued; that invoice is the tax document.

    Raises DomainError where less is open of it.
    """
    _take(contract, amount)
    owed = _open(document)
    if document.customer_id != contract.customer_id or owed < amount:
        raise DomainError(f"Only {rand(owed)} of {document} is open.", field="amount")
    entry = _enter(contract, Kind.APPLIED, amount, day, actor, document=document)
    return _pay(entry, document, day, actor)


def _open(document: Document) -> Decimal:
    found = OpenItem.objects.filter(entry__kind=document.kind, entry__source_id=document.pk)
    return found.values_list("open", flat=True).first() or ZERO


def _settle(
    contract: RentalContract,
    kind: str,
    amount: Decimal,
    text: str,
    day: date,
    now: datetime,
    actor: User | None,
) -> Document:
    _take(contract, amount)
    document = single.draft(
        customer=contract.customer, text=text, amount=amount, day=day, due=day, actor=actor
    )
    issuing.issue(documents=[document.pk], actor=actor, now=now)
    document.refresh_from_db()
    entry = _enter(contract, kind, amount, day, actor, document=document)
    _pay(entry, document, day, actor)
    return document


def _take(contract: RentalContract, amount: Decimal) -> None:
    locks.hold([contract.customer_id])
    if amount <= 0:
        raise DomainError("It must be more than nothing.", field="amount")
    if (there := held(contract)) < amount:
        raise DomainError(f"Only {rand(there)} is held.", field="amount")


def _pay(entry: DepositEntry, document: Document, day: date, actor: User | None) -> Receipt:
    receipt = receipts.NewReceipt(
        customer_id=entry.customer_id,
        account_id=_account().pk,
        receipt_date=max(day, document.document_date),
        amount=entry.amount,
        source_reference=f"{receipts.FROM_DEPOSIT}{entry.pk}",
        reference="Deposit",
        method=Receipt.Method.OTHER,
        note=f"From the deposit held for {entry.contract.equipment}"[:300],
        names_id=document.pk,
    )
    return receipts.capture(receipt=receipt, actor=actor)


def _account() -> BankAccount:
    """Where deposits are held in our books; never offered for receipts of money."""
    found = BankAccount.objects.filter(name_key=fold(HELD)).first()
    return found or BankAccount.objects.create(name=HELD, kind=BankAccount.Kind.CASH, retired=True)


def _enter(
    contract: RentalContract, kind: str, amount: Decimal, day: date, actor: User | None, **more: Any
) -> DepositEntry:
    if amount <= 0:
        raise DomainError("It must be more than nothing.", field="amount")
    return DepositEntry.objects.create(
        customer_id=contract.customer_id,
        contract=contract,
        kind=kind,
        amount=amount,
        day=day,
        made_by=actor,
        **more,
    )


@transaction.atomic
def ask_refund(
    *,
    contract: RentalContract,
    amount: Decimal,
    account: BankAccount,
    reason: str,
    day: date,
    now: datetime,
    actor: User,
) -> None:
    """Ask a second person to agree that so much of a deposit is paid back."""
    _take(contract, amount)
    payload = {"contract": contract.pk, "amount": str(amount), "account": account.pk, "day": day.isoformat()}
    approvals.ask(kind=REFUND, subject_id=contract.pk, payload=payload, reason=reason, actor=actor, now=now)


def _subject(pk: Any, payload: Mapping[str, Any]) -> approvals.Subject | None:
    contract = RentalContract.objects.filter(pk=pk).select_related("customer").first()
    if contract is None:
        return None
    about = f"Deposit of {contract.customer} for {contract.equipment}"
    return approvals.Subject(about, contract.customer.get_absolute_url(), {"held": str(held(contract))})


def _describe(pk: Any, payload: Mapping[str, Any]) -> list[approvals.Row]:
    contract = RentalContract.objects.get(pk=pk)
    before, back = held(contract), Decimal(payload["amount"])
    account = BankAccount.objects.get(pk=payload["account"])
    return [
        approvals.Row("Paid back", "", f"{rand(back)} from {account}"),
        approvals.Row("Held", rand(before), rand(before - back)),
    ]


def _pay_back(asked: approvals.Asked, actor: User, now: datetime) -> None:
    contract = RentalContract.objects.get(pk=asked.payload["contract"])
    amount = Decimal(asked.payload["amount"])
    _take(contract, amount)
    _enter(
        contract,
        Kind.REFUNDED,
        amount,
        date.fromisoformat(asked.payload["day"]),
        asked.request.asked_by,
        account=BankAccount.objects.get(pk=asked.payload["account"]),
        reference=f"approved by {actor}"[:100],
    )


refunds = approvals.ApprovalKind(
    name=REFUND,
    title="Pay a deposit back",
    permission="billing.approve_deposit_refund",
    subject=_subject,
    describe=_describe,
    carry_out=_pay_back,
)

"""What a person says a bank row is: a customer's payment, somebody else's business, or nothing yet again."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import IntegrityError, transaction

from billing.models import Alias, BankAccount, BankRow, Receipt, RowKind
from billing.policies import matching
from billing.selectors import bank
from billing.selectors.periods import open_day
from billing.services import locks, receipts
from billing.services.bank_statements import receipt_of
from herotill.errors import DomainError
from herotill.money import rand
from herotill.users.models import User

NAMED = (RowKind.FEE, RowKind.TRANSFER, RowKind.REVERSAL, RowKind.OTHER)


class Part(NamedTuple):
    """One customer's share of a row."""

    customer_id: int
    amount: Decimal


@transaction.atomic
def book(
    *, row: BankRow, parts: Sequence[Part], actor: User, now: datetime, how: str = BankRow.How.HAND
) -> BankRow:
    """Book a row's money to a customer, or split over several: each part a receipt of the same source.

    The words of a row that one customer paid are remembered. Raises DomainError where the parts are not the
    whole, and where somebody else said what the row is.
    """
    locks.hold({part.customer_id for part in parts})
    held = _unmatched(row)
    _check(held, parts)
    _say(held, RowKind.RECEIPT, how, actor, now)
    day = open_day(held.day)
    made = [
        receipt_of(held, part.customer_id, day, part=place, amount=part.amount)
        for place, part in enumerate(parts)
    ]
    receipts.capture_many(receipts=made, actor=actor)
    if len(parts) == 1:
        _learn(held, actor, customer_id=parts[0].customer_id)
    return held


def _unmatched(row: BankRow) -> BankRow:
    held = BankRow.objects.select_for_update(of=("self",)).select_related("account").filter(pk=row.pk).first()
    if held is None or held.kind != RowKind.UNMATCHED or held.gone:
        raise DomainError("Somebody has said what this row is meanwhile.")
    return held


def _check(row: BankRow, parts: Sequence[Part]) -> None:
    if row.account.source != BankAccount.Source.STATEMENT:
        source = row.account.get_source_display().lower()
        raise DomainError(
            f"Receipts of {row.account} come from elsewhere ({source}); its statement only confirms."
        )
    if row.amount <= 0:
        raise DomainError("This row took money out; it is no receipt.")
    if any(part.amount <= 0 for part in parts):
        raise DomainError("Each part is more than nothing.")
    total = sum((part.amount for part in parts), Decimal(0))
    if total != row.amount:
        raise DomainError(f"The parts come to {rand(total)}, the row brought {rand(row.amount)}.")


@transaction.atomic
def name(*, row: BankRow, kind: str, actor: User, now: datetime, named: str = "") -> BankRow:
    """Say that a row is a fee, a transfer, a reversal or something else that has a name."""
    if kind not in NAMED:
        raise DomainError("A row is named a fee, a transfer, a reversal or something else.")
    if kind == RowKind.OTHER and not named.strip():
        raise DomainError("Say what it is.", field="named")
    held = _unmatched(row)
    held.named = named.strip()
    _say(held, kind, BankRow.How.HAND, actor, now)
    _learn(held, actor, kind=kind, named=held.named)
    return held


@transaction.atomic
def confirm(*, row: BankRow, receipt: Receipt, actor: User, now: datetime) -> BankRow:
    """Say that a row shows a receipt that was booked from elsewhere."""
    held = _unmatched(row)
    if receipt.account_id != held.account_id or receipt.amount != held.amount:
        raise DomainError("The receipt is of another account or amount.")
    held.confirms = receipt
    try:
        with transaction.atomic():
            _say(held, RowKind.RECEIPT, BankRow.How.HAND, actor, now)
    except IntegrityError as error:
        raise DomainError("Another row shows this receipt already.") from error
    return held


@transaction.atomic
def bounce(*, row: BankRow, receipt: Receipt, actor: User, now: datetime, code: str = "") -> BankRow:
    """Say that a row takes back a receipt (unpaid, recall): the receipt is reversed as at the row's day."""
    locks.hold([receipt.customer_id])
    held = _unmatched(row)
    if receipt.account_id != held.account_id or receipt.amount != -held.amount:
        raise DomainError("The receipt is of another account or amount.")
    held.named = f"Receipt of {receipt.receipt_date} reversed"
    _say(held, RowKind.REVERSAL, BankRow.How.HAND, actor, now)
    receipts.reverse(
        receipt=receipt,
        day=open_day(held.day),
        reason=f"Taken back by the bank: {held.text}"[:300],
        actor=actor,
        code=code,
    )
    return held


@transaction.atomic
def undo(*, row: BankRow, actor: User, now: datetime) -> BankRow:
    """Take back what was said of a row: its receipts are reversed as at their own days, and it is unmatched again.

    Raises DomainError in days that were signed off, and for a row whose receipt was reversed for its own reasons.
    """
    live = Receipt.objects.filter(bank_row=row, reversal=None)
    locks.hold(set(live.values_list("customer_id", flat=True)))
    held = BankRow.objects.select_for_update(of=("self",)).get(pk=row.pk)
    if held.kind == RowKind.UNMATCHED or held.gone:
        raise DomainError("Nothing was said of this row.")
    if held.kind == RowKind.RECEIPT and not held.confirms_id and not live.exists():
        raise DomainError("Its receipt was reversed; book what the payer sends next instead.")
    for receipt in live:
        receipts.reverse(
            receipt=receipt, day=open_day(receipt.receipt_date), reason="Bank row matched anew", actor=actor
        )
    held.named, held.confirms, held.round = "", None, held.round + 1
    try:
        with transaction.atomic():
            _say(held, RowKind.UNMATCHED, BankRow.How.NOBODY, actor, now)
    except IntegrityError as error:
        diag = getattr(error.__cause__, "diag", None)
        raise DomainError(diag.message_primary if diag else str(error)) from error
    return held


def _say(row: BankRow, kind: str, how: str, actor: User, now: datetime) -> None:
    row.kind, row.how, row.decided_by, row.decided_at = kind, how, actor, now
    bank.forget()
    row.save(update_fields=["kind", "how", "named", "confirms", "round", "decided_by", "decided_at"])


def _learn(
    row: BankRow, actor: User, *, customer_id: int | None = None, kind: str = RowKind.RECEIPT, named: str = ""
) -> None:
    """Remember a payer's words, unless the code in them says it all."""
    key = matching.alias_key(row.text)
    if not key or (customer_id and row.customer_id == customer_id):
        return
    known = {"key": key, "customer_id": customer_id, "kind": kind, "named": named}
    Alias.objects.get_or_create(**known, defaults={"text": row.text, "learned_by": actor})


def forget(*, aliases: Collection[int]) -> int:
    """Forget what was learned; how many."""
    return Alias.objects.filter(pk__in=aliases).delete()[0]

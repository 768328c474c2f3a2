"""Signing off days of a bank account: opening + rows = closing, and every row has a name (rule 26)."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from billing.models import BankAccount, Reconciliation
from billing.selectors import bank
from herotill.errors import DomainError
from herotill.money import rand
from herotill.users.models import User


@transaction.atomic
def sign(
    *,
    account: BankAccount,
    first: date,
    last: date,
    opening: Decimal,
    closing: Decimal,
    actor: User,
    now: datetime,
) -> Reconciliation:
    """Sign that the rows of these days lead from the opening to the closing balance.

    Raises DomainError where they do not, where a row has no name yet, and where the days do not follow on those
    signed before.
    """
    BankAccount.objects.select_for_update(no_key=True).get(pk=account.pk)
    check = bank.check(account=account, first=first, last=last)
    if check.unmatched:
        raise DomainError(f"{check.unmatched} rows of these days are unmatched.")
    if opening + check.moved != closing:
        off = closing - opening - check.moved
        raise DomainError(
            f"Opening and rows do not make the closing balance: {rand(off)} is missing.", field="closing"
        )
    try:
        with transaction.atomic():
            return Reconciliation.objects.create(
                account=account,
                first=first,
                last=last,
                opening=opening,
                moved=check.moved,
                closing=closing,
                rows=check.rows,
                signed_by=actor,
                signed_at=now,
            )
    except IntegrityError as error:
        raise DomainError(_words(error)) from error


@transaction.atomic
def open_again(*, reconciliation: Reconciliation, reason: str, actor: User, now: datetime) -> None:
    """Open signed days again, the last ones first. Raises DomainError without a reason."""
    if not reason.strip():
        raise DomainError("Say why.", field="reason")
    kept = Reconciliation.objects.select_for_update().get(pk=reconciliation.pk)
    kept.opened_by, kept.opened_at, kept.opened_why = actor, now, reason.strip()
    try:
        with transaction.atomic():
            kept.save(update_fields=["opened_by", "opened_at", "opened_why"])
    except IntegrityError as error:
        raise DomainError(_words(error)) from error


def _words(error: IntegrityError) -> str:
    diag = getattr(error.__cause__, "diag", None)
    if diag and diag.constraint_name == "signed_days_do_not_overlap":
        return "Some of these days are signed off already."
    if diag and diag.constraint_name == "reconciliation_of_days":
        return "The first day comes after the last."
    return diag.message_primary if diag else str(error)

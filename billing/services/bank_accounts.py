"""Our own bank details: asked by one, approved by another; the old ones stand until then (rule 6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from billing.models import BankAccount
from billing.selectors import bank_accounts as reading
from herotill import approvals
from herotill.errors import DomainError
from herotill.models import ApprovalRequest
from herotill.users.models import User

KIND = "bank-details"


def ask_for_change(
    *, account: BankAccount, details: Mapping[str, Any], reason: str, actor: User, now: datetime
) -> ApprovalRequest:
    """Have the bank details of an account wait for a second person. `details` holds all of them.

    Raises DomainError where nothing would change, or the printed account would say nowhere to pay to.
    """
    wanted = {name: details[name] for name in reading.DETAILS}
    if wanted == reading.details(account):
        raise DomainError("This is what stands there already.")
    if wanted["printed"] and not (wanted["bank"] and wanted["number"] and wanted["holder"]):
        raise DomainError(
            "Documents need the bank, the holder and the account number to be paid to.", field="number"
        )
    return approvals.ask(
        kind=KIND, subject_id=account.pk, payload=wanted, reason=reason, actor=actor, now=now
    )


def carry_out(asked: approvals.Asked, actor: User, now: datetime) -> None:
    """Do what a second person approved; another account that was printed so far is no longer."""
    account = BankAccount.objects.select_for_update(of=("self",)).get(pk=asked.subject_id or 0)
    if asked.payload["printed"]:
        for other in BankAccount.objects.filter(printed=True).exclude(pk=account.pk):
            other.printed = False
            other.save(update_fields=["printed"])
    for name in reading.DETAILS:
        setattr(account, name, asked.payload[name])
    account.save(update_fields=list(reading.DETAILS))

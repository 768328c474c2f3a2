"""Our own bank accounts: what customers are told to pay into, and what waits to change of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from billing.models import BankAccount
from herotill.approvals import Row, Subject
from herotill.models import ApprovalRequest

DETAILS = ("bank", "branch_code", "holder", "number", "printed")
LABELS = {
    "bank": "Bank",
    "branch_code": "Branch code",
    "holder": "Account holder",
    "number": "Account number",
    "printed": "Printed on documents",
}


def printed() -> BankAccount | None:
    """The account that customers are told to pay into."""
    return BankAccount.objects.filter(printed=True).first()


def details(account: BankAccount) -> dict[str, Any]:
    """What changes only with a second person."""
    return {name: getattr(account, name) for name in DETAILS}


def waiting(account: BankAccount) -> ApprovalRequest | None:
    """The change of its details that waits for a second person."""
    return ApprovalRequest.objects.filter(
        kind="bank-details", subject_id=account.pk, state=ApprovalRequest.State.OPEN
    ).first()


def as_subject(pk: int | None, payload: Mapping[str, Any]) -> Subject | None:
    """The account as approvals see it; which account is printed so far belongs to it."""
    account = BankAccount.objects.filter(pk=pk or 0).first()
    if account is None:
        return None
    url = reverse("billing:bank-details", args=[account.pk])
    return Subject(account.name, url, details(account) | {"printed so far": _printed_now()})


def changes(pk: int | None, payload: Mapping[str, Any]) -> list[Row]:
    """Old beside new, in words."""
    account = BankAccount.objects.get(pk=pk or 0)
    rows = [Row(LABELS[name], _said(getattr(account, name)), _said(payload[name])) for name in DETAILS]
    other = BankAccount.objects.filter(printed=True).exclude(pk=account.pk).first()
    if payload["printed"] and other:
        rows.append(Row("Documents say to pay into", f"{other.name}, {other.number}", account.name))
    return rows


def _printed_now() -> int | None:
    return BankAccount.objects.filter(printed=True).values_list("pk", flat=True).first()


def _said(value: str | bool) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return value

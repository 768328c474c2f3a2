"""Card gateways as approvals see them: what stands, what would change, secrets masked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from billing.models import BankAccount, CardGateway
from herotill.approvals import Row, Subject
from herotill.models import ApprovalRequest

KIND = "card-gateway"
PLAIN = {
    "account": "Receipts are booked to",
    "is_on": "In use",
    "test_mode": "Test mode",
    "merchant": "Merchant or terminal",
}
SECRET = {"key": "Key", "passphrase": "Passphrase or MD5 key"}


def waiting(row: CardGateway) -> ApprovalRequest | None:
    """The change of a gateway that waits for a second person."""
    return ApprovalRequest.objects.filter(
        kind=KIND, subject_id=row.pk or 0, state=ApprovalRequest.State.OPEN
    ).first()


def as_subject(pk: int | None, payload: Mapping[str, Any]) -> Subject | None:
    """The gateway as it is now; of its secrets what they are encrypted to."""
    row = CardGateway.objects.filter(pk=pk or 0).first()
    if row is None:
        return None
    values = {"account": row.account_id, "is_on": row.is_on, "test_mode": row.test_mode}
    tails = {"merchant": row.merchant, "key": row.key_last_four, "passphrase": row.passphrase_last_four}
    return Subject(row.name, reverse("billing:card-gateway", args=[row.kind]), values | tails)


def changes(pk: int | None, payload: Mapping[str, Any]) -> list[Row]:
    """Old beside new, in words."""
    row = CardGateway.objects.select_related("account").get(pk=pk or 0)
    new = BankAccount.objects.filter(pk=payload["account"]).first()
    old = {"account": row.account.name, **{name: _said(getattr(row, name)) for name in list(PLAIN)[1:]}}
    said = {"account": new.name if new else "", **{name: _said(payload[name]) for name in list(PLAIN)[1:]}}
    rows = [Row(label, old[name], said[name]) for name, label in PLAIN.items()]
    return rows + [
        Row(label, str(getattr(row, name)) or "none", "another" if payload[name] else "the same")
        for name, label in SECRET.items()
    ]


def _said(value: str | bool) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    return value

"""The services that carry debit orders out: what they are set to, and what waits to change of their keys."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.urls import reverse

from billing.models import BankService
from herotill.approvals import Row, Subject
from herotill.models import ApprovalRequest

KIND = "bank-service-keys"
KEYS = ("debit_key", "account_key")
LABELS = {"debit_key": "Service key for debit orders", "account_key": "Service key of the account"}


def waiting(service: BankService) -> ApprovalRequest | None:
    """The change of its keys that waits for a second person."""
    open_ones = ApprovalRequest.objects.filter(kind=KIND, state=ApprovalRequest.State.OPEN)
    return open_ones.filter(subject_id=service.pk).select_related("asked_by").first()


def as_subject(pk: int | None, payload: Mapping[str, Any]) -> Subject | None:
    """The service as approvals see it."""
    service = BankService.objects.filter(pk=pk or 0).first()
    if service is None:
        return None
    last_fours = {name: getattr(service, f"{name}_last_four") for name in KEYS}
    return Subject(f"Keys of {service.name}", reverse("billing:bank-service"), last_fours)


def changes(pk: int | None, payload: Mapping[str, Any]) -> list[Row]:
    """Old beside new, by their last four."""
    service = BankService.objects.get(pk=pk or 0)
    return [
        Row(LABELS[name], str(getattr(service, name)) or "none", f"•••• {payload[name][-4:]}")
        for name in KEYS
        if payload.get(name)
    ]

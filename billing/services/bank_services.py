"""The services that carry debit orders out: their settings, and their keys, which take two people (rule 6)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from billing.models import BankService
from billing.selectors.bank_services import KEYS, KIND
from herotill import approvals
from herotill.errors import DomainError
from herotill.models import ApprovalRequest
from herotill.secrets import Secret, decrypt
from herotill.users.models import User

SETTINGS = ("account", "is_on", "instruction", "lead_days", "cutoff_hour", "loads_good_lines")


def service(kind: str) -> BankService:
    """What is set for it."""
    return BankService.objects.get(kind=kind)


def closed(kind: str) -> str:
    """Why nothing can go to it at present, or nothing."""
    one = service(kind)
    if not one.is_on:
        return f"{one.name} is switched off; Setup, Debit-order service."
    if not one.debit_key:
        return f"{one.name} has no service key for debit orders yet."
    return ""


def keys(kind: str) -> tuple[str, str]:
    """Its keys in the clear, for the moment of a call: that of debit orders, that of the account."""
    one = service(kind)
    debit, account = (decrypt(kept.token) if (kept := getattr(one, name)) else "" for name in KEYS)
    return debit, account


def change(*, service: BankService, values: Mapping[str, Any]) -> None:
    """Set how it works. Raises DomainError where it cannot work so."""
    for name in SETTINGS:
        setattr(service, name, values[name])
    if service.is_on and not (service.debit_key and service.account_key):
        raise DomainError("Its keys come first; then it can be switched on.", field="is_on")
    if service.is_on and service.account is None:
        raise DomainError("Say into which account of ours it collects.", field="account")
    service.save(update_fields=list(SETTINGS))


def ask_for_keys(
    *, service: BankService, wanted: Mapping[str, str], reason: str, actor: User, now: datetime
) -> ApprovalRequest:
    """Have other keys wait for a second person; what is left empty stays. Raises DomainError where all is."""
    given = {name: wanted.get(name, "").strip() for name in KEYS}
    if not any(given.values()):
        raise DomainError("Give the key that is to be another.", field=KEYS[0])
    return approvals.ask(kind=KIND, subject_id=service.pk, payload=given, reason=reason, actor=actor, now=now)


def carry_out(asked: approvals.Asked, actor: User, now: datetime) -> None:
    """Set the keys that a second person approved, as the request keeps them encrypted."""
    one = BankService.objects.select_for_update(of=("self",)).get(pk=asked.subject_id or 0)
    given = [name for name in KEYS if asked.payload.get(name)]
    for name in given:
        setattr(one, name, Secret(asked.request.payload[name]))
        setattr(one, f"{name}_last_four", asked.payload[name][-4:])
    one.save(update_fields=[*given, *(f"{name}_last_four" for name in given)])

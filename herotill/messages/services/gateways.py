"""The SMS gateways: which one is switched on, what it knows us by, what is left to spend."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction

from herotill import links
from herotill.errors import DomainError, IntegrationError
from herotill.integrations.sms import Credentials, Gateway, Reads
from herotill.integrations.sms.bulksms import live as bulksms
from herotill.integrations.sms.file import FileGateway
from herotill.integrations.sms.smsportal import live as smsportal
from herotill.messages.models import SmsGateway
from herotill.secrets import decrypt

Made = Callable[[Credentials], Gateway]
KINDS: dict[str, Made] = {
    "smsportal": lambda known_by: smsportal.SmsPortal(known_by, settings.SMSPORTAL_URL),
    "bulksms": lambda known_by: bulksms.BulkSms(known_by, settings.BULKSMS_URL),
}
READERS: dict[str, Reads] = {"smsportal": smsportal.read, "bulksms": bulksms.read}


def active() -> Gateway | None:
    """The gateway that sends: the one switched on in Setup, or else the file that SMS_FILE names."""
    row = SmsGateway.objects.filter(active=True).first()
    if row:
        return adapter(row)
    return FileGateway(Path(settings.SMS_FILE)) if settings.SMS_FILE else None


def adapter(row: SmsGateway) -> Gateway:
    kept: Any = row.secret
    secret = decrypt(kept.token) if kept else ""
    return KINDS[row.kind](Credentials(row.key, secret, row.sender))


@transaction.atomic
def switch_on(*, row: SmsGateway) -> None:
    """Send by this one from now on, and by no other."""
    if not row.secret:
        raise DomainError(f"{row} has no secret yet.")
    SmsGateway.objects.select_for_update().order_by("pk").first()
    for other in SmsGateway.objects.filter(active=True).exclude(pk=row.pk):
        switch_off(row=other)
    row.active = True
    row.save(update_fields=["active"])


def switch_off(*, row: SmsGateway) -> None:
    """Send no more by this one; what is owed waits."""
    row.active = False
    row.save(update_fields=["active"])


def new_callback(*, row: SmsGateway) -> str:
    """A new address for the gateway's reports, shown once; the old one is answered no more."""
    token = links.new()
    row.callback_hash = links.hashed(token)
    row.save(update_fields=["callback_hash"])
    return links.address("sms-callback", row.kind, token)


def known_callback(kind: str, token: str) -> bool:
    """Whether this is the address that the gateway was given."""
    row = SmsGateway.objects.filter(kind=kind).exclude(callback_hash="").first()
    return row is not None and links.known(row.callback_hash, token)


def ask_balance(*, row: SmsGateway, now: datetime) -> None:
    """Ask the gateway what is left, and remember it. Raises IntegrationError."""
    found = adapter(row).balance()
    SmsGateway.objects.filter(pk=row.pk).update(
        balance=found.amount, balance_unit=found.unit[:20], balance_at=now
    )


def ask_all(now: datetime) -> str:
    """The job that asks the active gateway for its balance."""
    row = SmsGateway.objects.filter(active=True).first()
    if row is None:
        return "No SMS gateway is switched on."
    try:
        ask_balance(row=row, now=now)
    except IntegrationError as trouble:
        return str(trouble)
    row.refresh_from_db()
    return f"{row}: {row.balance} {row.balance_unit} left."

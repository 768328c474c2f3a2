"""Our card gateways: the adapter of each, whether its money is real, and what it knows us by (rule 6)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction

from billing.models import CardGateway, CardNotice
from herotill import approvals, links
from herotill.errors import DomainError
from herotill.integrations.cards import Credentials, Gateway
from herotill.integrations.cards.payfast.live import PayFast, Places
from herotill.integrations.cards.paynow.live import PayNow
from herotill.integrations.cards.vcs.live import Vcs
from herotill.models import ApprovalRequest
from herotill.secrets import Secret, decrypt
from herotill.users.models import User

KIND = "card-gateway"
SANDBOX = "sandbox.payfast.co.za"
CREDENTIALS = ("account", "is_on", "test_mode", "merchant", "key", "passphrase")


def _payfast(known_by: Credentials) -> Gateway:
    pages = settings.PAYFAST_SANDBOX_URL if known_by.test_mode else settings.PAYFAST_URL
    hosts = [*settings.PAYFAST_HOSTS, *([SANDBOX] if known_by.test_mode else [])]
    return PayFast(known_by, Places(pages, settings.PAYFAST_API_URL, hosts))


KINDS: dict[str, Callable[[Credentials], Gateway]] = {
    "payfast": _payfast,
    "paynow": lambda known_by: PayNow(known_by, settings.PAYNOW_URL),
    "vcs": lambda known_by: Vcs(known_by, settings.VCS_URL),
}


def adapter(row: CardGateway) -> Gateway:
    """What speaks with this gateway."""
    key: Any = row.key
    passphrase: Any = row.passphrase
    plain = [decrypt(secret.token) if secret else "" for secret in (key, passphrase)]
    return KINDS[row.kind](Credentials(row.merchant, plain[0], plain[1], row.test_mode))


def may_book(gateway: Gateway) -> bool:
    """Whether what it says is money: a stand-in's or a test's is in the demo alone (rule 1)."""
    return gateway.real or bool(settings.DEMO)


def in_use() -> CardGateway | None:
    """The gateway that payers are sent to: PayFast before those that sign nothing."""
    return CardGateway.objects.filter(is_on=True).select_related("account").order_by("kind").first()


def new_address(*, row: CardGateway) -> str:
    """A new address for its notices, shown once; the old one is answered no more."""
    token = links.new()
    row.notify_hash = links.hashed(token)
    row.save(update_fields=["notify_hash"])
    return links.address("card-notify", row.kind, token)


@transaction.atomic
def ask_for_change(
    *, row: CardGateway, values: Mapping[str, Any], reason: str, actor: User, now: datetime
) -> ApprovalRequest:
    """Have a gateway's credentials wait for a second person; empty secrets keep what is stored.

    Raises DomainError where it could not be on like this.
    """
    _could_be_on(row, values)
    if row.pk is None:
        row.account_id = values["account"]
        row.save()
    payload = {name: values[name] for name in CREDENTIALS}
    return approvals.ask(kind=KIND, subject_id=row.pk, payload=payload, reason=reason, actor=actor, now=now)


def _could_be_on(row: CardGateway, values: Mapping[str, Any]) -> None:
    if not values["is_on"]:
        return
    if not (values["key"] or row.key):
        raise DomainError("It needs a key before it can be on.", field="key")
    if row.kind == CardGateway.Kind.PAYFAST and not (values["passphrase"] or row.passphrase):
        raise DomainError(
            "PayFast cannot be on without a passphrase: nothing it says could be verified.",
            field="passphrase",
        )


@transaction.atomic
def carry_out(asked: approvals.Asked, actor: User, now: datetime) -> None:
    """Do what a second person approved."""
    row = CardGateway.objects.select_for_update(of=("self",)).get(pk=asked.subject_id or 0)
    wanted = asked.payload
    _could_be_on(row, wanted)
    row.account_id, row.is_on, row.test_mode = wanted["account"], wanted["is_on"], wanted["test_mode"]
    row.merchant = wanted["merchant"]
    for name in ("key", "passphrase"):
        if wanted[name]:
            kept = Secret(asked.request.payload[name])
            setattr(row, name, kept)
            setattr(row, f"{name}_last_four", Secret.of(wanted[name]).last_four)
    row.save()


def switch_off(*, row: CardGateway) -> None:
    """Send nobody there any more; what is under way still comes in."""
    row.is_on = False
    row.save(update_fields=["is_on"])


def test_connection(*, row: CardGateway) -> str:
    """Whether the gateway knows us, in a sentence. Raises IntegrationError."""
    return adapter(row).test_connection()


def raw_of(notice: CardNotice) -> bytes:
    """What was posted, byte for byte."""
    kept: Any = notice.raw
    return decrypt(kept.token).encode("latin-1") if kept else b""

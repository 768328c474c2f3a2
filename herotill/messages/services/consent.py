"""Whether somebody wants marketing at an address: recorded, never assumed, and ended by themselves."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.core import signing

from herotill import links
from herotill.errors import DomainError
from herotill.messages.models import Consent

SALT = "herotill.messages.consent"
STOP = {"stop", "stopall", "unsubscribe", "cancel", "end", "quit", "opt out", "optout", "opt-out"}


def record(
    *,
    channel: str,
    address: str,
    wanted: bool,
    how: str,
    now: datetime,
    customer_id: int | None = None,
    actor_id: int | None = None,
) -> Consent:
    """Write down what somebody said. Raises DomainError where it is not said how they said it."""
    if not how.strip():
        raise DomainError("Say how they told us.", field="how")
    return Consent.objects.create(
        channel=channel,
        address=folded(address),
        wanted=wanted,
        how=how.strip()[:200],
        at=now,
        customer_id=customer_id,
        by=actor_id,
    )


def folded(address: str) -> str:
    return address.strip().lower()


def wanting(channel: str, addresses: Collection[str]) -> set[str]:
    """Those of these addresses, in lower case, that said yes last."""
    said = Consent.objects.filter(channel=channel, address__in={folded(one) for one in addresses})
    newest = said.order_by("address", "-id").distinct("address")
    return {one.address for one in newest if one.wanted}


def token(channel: str, address: str) -> str:
    """What an opt-out link carries: signed, so that it is kept nowhere; it can do nothing but end marketing."""
    return signing.dumps([channel, folded(address)], salt=SALT, compress=False)


def link(channel: str, address: str) -> str:
    return links.address("opt-out", token(channel, address))


def at_once_link(channel: str, address: str) -> str:
    """Where a mail program posts to by itself, as List-Unsubscribe-Post has it."""
    return links.address("opt-out-at-once", token(channel, address))


def read(token: str) -> tuple[str, str] | None:
    """Channel and address of a token, or None where it is none of ours."""
    try:
        channel, address = signing.loads(token, salt=SALT)
    except (signing.BadSignature, ValueError, TypeError):
        return None
    return str(channel), str(address)


def is_stop(text: str) -> bool:
    """Whether an SMS says that no more shall come."""
    return text.strip().strip(".!\"'").lower() in STOP

"""Addresses that take no more mail, as the mail servers of others told us."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from django.db.models import Q
from django.db.models.functions import Lower

from herotill.messages.models import FailingAddress, Message
from herotill.messages.services import naming

State = Message.State
CAME_BACK = "It came back: the mail server there does not take it."
ON_ITS_WAY = (State.SENDING, State.SENT, State.UNKNOWN, State.DELIVERED)


def came_back(*, message_id: str, addresses: Collection[str], now: datetime) -> Message | None:
    """Note that a mail of ours reached none of these addresses, in lower case; None if it is not ours.

    `message_id` is that of the mail that came back: ours, or what a mail service put in its place.
    """
    known_by = Q(pk=naming.named_by(message_id)) | Q(gateway_id__in=naming.ids_in(message_id))
    message = (
        Message.objects.annotate(to=Lower("address"))
        .filter(known_by, channel="email", to__in=addresses)
        .first()
    )
    if message:
        Message.objects.filter(pk=message.pk, state__in=ON_ITS_WAY).update(
            state=State.FAILED, error=CAME_BACK, next_try_at=None
        )
    return message


def mark(*, addresses: Collection[str], message: Message | None, now: datetime) -> None:
    """Remember that these addresses, in lower case, take nothing."""
    rows = [
        FailingAddress(address=one, at=now, message_id=message.pk if message else None) for one in addresses
    ]
    FailingAddress.objects.bulk_create(rows, ignore_conflicts=True)


def works_again(*, address: str) -> bool:
    """Mail came from there: it is in use. True if it was known to fail."""
    return bool(FailingAddress.objects.filter(address=address.lower()).delete()[0])


def since(addresses: Collection[str]) -> Mapping[str, datetime]:
    """Those of these addresses that fail, in lower case, and since when."""
    asked = {address.lower() for address in addresses if address}
    return dict(FailingAddress.objects.filter(address__in=asked).values_list("address", "at"))

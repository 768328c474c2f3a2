"""The devices of an account: which are let in, which are kept out, and what they are."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from dataaccounts.models import DataAccount, Device, Session
from dataaccounts.services import session_orders
from herotill.errors import DomainError

State = Device.State


def add(*, account: DataAccount, mac: str, text: str) -> Device:
    """Authorise a device before it is ever seen. Raises DomainError where it is known already."""
    try:
        with transaction.atomic():
            return Device.objects.create(account=account, mac=mac, text=text, state=State.AUTHORISED)
    except IntegrityError:
        raise DomainError("That device is known already.", field="mac") from None


def authorise(*, device: Device) -> None:
    """Let a device in from its next log-in on."""
    device.state = State.AUTHORISED
    device.save(update_fields=["state"])


@transaction.atomic
def block(*, device: Device, actor: Any, now: datetime) -> int:
    """Keep a device out, and cut the sessions it has; how many those are."""
    device.state = State.BLOCKED
    device.save(update_fields=["state"])
    up = Session.objects.filter(username=device.account.username, stopped_at=None)
    theirs = [one.unique_id for one in up if told_as(one.calling_station) == device.mac]
    return session_orders.cut(unique_ids=theirs, why="Its device was blocked", actor=actor, now=now)


def name(*, device: Device, text: str) -> None:
    """Say what a device is."""
    device.text = text
    device.save(update_fields=["text"])


def forget(*, device: Device) -> None:
    """Delete a device; it is seen anew when it logs in again, and the trail keeps what it was."""
    device.delete()


def told_as(station: str | None) -> str:
    """A MAC address as we keep it, whichever way a router writes it; empty for what is none."""
    digits = "".join(each for each in (station or "").upper() if each in "0123456789ABCDEF")
    return ":".join(digits[n : n + 2] for n in range(0, 12, 2)) if len(digits) == 12 else ""

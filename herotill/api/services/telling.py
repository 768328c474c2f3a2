"""Webhooks told: each delivery is claimed, sent outside any transaction, and its outcome written."""

from __future__ import annotations

import hashlib
import hmac
import logging
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from herotill import outward
from herotill.api.models import Delivery
from herotill.clock import stamp
from herotill.errors import IntegrationError
from herotill.integrations.http import Caller
from herotill.secrets import decrypt

log = logging.getLogger(__name__)
AT_ONCE = 20
ROUNDS = 50  # of a job's call; what is left waits for the next
SECONDS = 10.0
HELD = timedelta(minutes=2)  # whoever took a delivery and was killed loses it after so long
PAUSES = tuple(
    timedelta(minutes=each) for each in (1, 5, 15, 60, 3 * 60, 6 * 60, 12 * 60, 24 * 60, 24 * 60, 24 * 60)
)
TIMESTAMP, SIGNATURE = "HeroTill-Timestamp", "HeroTill-Signature"


@dataclass(frozen=True, slots=True)
class Told:
    """How one try ended: the status that was answered, if any, and what to show of it."""

    ok: bool
    status: int | None
    said: str


def sign(secret: str, *, timestamp: int, body: bytes) -> str:
    """The signature over a moment, in seconds since 1970, and a body: HMAC-SHA256 in hex."""
    return hmac.new(secret.encode(), f"{timestamp}.".encode() + body, hashlib.sha256).hexdigest()


def send_due(now: datetime) -> str:
    """Tell what is due, the oldest first. The job; it may run several times at once.

    Out of a database that was copied nothing goes, and nothing is counted as tried.
    """
    if not outward.allowed():
        return outward.HELD
    count = 0
    for _ in range(ROUNDS):
        mine = _claim(now)
        for delivery in mine:
            _settle(delivery, _tell(delivery), now=now)
        count += len(mine)
        if len(mine) < AT_ONCE:
            break
    return f"{count} tried." if count else ""


@transaction.atomic
def _claim(now: datetime) -> list[Delivery]:
    """Some that are due; nobody else takes them while they are held."""
    due = Delivery.objects.filter(state="owed", next_at__lte=now, webhook__paused=False)
    free = due.select_for_update(skip_locked=True, of=("self",)).select_related("webhook")
    mine = list(free.order_by("next_at", "pk")[:AT_ONCE])
    for one in mine:
        one.tries += 1
        one.next_at = now + HELD
    Delivery.objects.bulk_update(mine, ["tries", "next_at"])
    return mine


def _tell(delivery: Delivery) -> Told:
    hook: Any = delivery.webhook
    parts, sent, moment = urlsplit(hook.url), delivery.body.encode(), int(stamp().timestamp())
    headers = {
        "Content-Type": "application/json",
        TIMESTAMP: str(moment),
        SIGNATURE: sign(decrypt(hook.secret.token), timestamp=moment, body=sent),
    }
    try:
        caller = Caller(hook.name, f"{parts.scheme}://{parts.netloc}", headers=headers, seconds=SECONDS)
        try:
            answer = caller.post(parts.path or "/", data=sent, params=parts.query)
        finally:
            caller.close()
    except IntegrationError as trouble:
        return Told(False, None, str(trouble)[:300])
    return Told(answer.ok, answer.status, "" if answer.ok else f"It answered {answer.status}.")


def _settle(delivery: Delivery, told: Told, *, now: datetime) -> None:
    """Write how it ended: told, to be tried again, or given up after the last try."""
    again = delivery.tries <= len(PAUSES)
    state = "told" if told.ok else "owed" if again else "given_up"
    later = now + PAUSES[delivery.tries - 1] if again else now
    Delivery.objects.filter(pk=delivery.pk, state="owed", tries=delivery.tries).update(
        state=state, status=told.status, said=told.said, last_at=now, next_at=later
    )


def waiting() -> int:
    """How much is owed to programs."""
    return Delivery.objects.filter(state="owed").count()


def replay(*, delivery: Delivery, now: datetime) -> None:
    """Tell it again, now, whatever became of it before."""
    Delivery.objects.filter(pk=delivery.pk).update(state="owed", tries=0, next_at=now)

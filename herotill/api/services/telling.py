"""Webhooks told: each delivery is claimed, sent outside any transaction, and its outcome written."""

from __future__ import annotations

import hashlib
import hmac
import logging
import time
from collections.abc import Collection
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from django.db import transaction

from herotill import outward
from herotill.api.models import Delivery
from herotill.clock import stamp
from herotill.errors import IntegrationError
from herotill.integrations.http import Answer, Caller
from herotill.secrets import decrypt

log = logging.getLogger(__name__)
AT_ONCE = 20
SECONDS = 10.0
ROUND = 45.0  # seconds: routers wait in the same queue
LEFT = timedelta(minutes=1)  # who did not answer holds up nobody else in the meantime
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
    with closing(_Round(now)) as this:
        count = 0
        while not this.is_over() and (mine := _claim(this.present(), but=this.silent)):
            count += sum(_try(this, delivery) for delivery in mine)
    return f"{count} tried." if count else ""


class _Round:
    """One call of the job: what time it is in it, and which webhooks did not answer."""

    def __init__(self, now: datetime) -> None:
        self._now, self._began = now, time.monotonic()
        self.silent: set[int] = set()
        self._callers: dict[tuple[int, str], Caller] = {}

    def caller(self, hook: Any) -> Caller:
        """The line to a webhook, which stays open from one delivery to the next."""
        key = (hook.pk, hook.url)
        if key not in self._callers:
            parts = urlsplit(hook.url)
            self._callers[key] = Caller(
                hook.name, f"{parts.scheme}://{parts.netloc}", seconds=SECONDS, paths_are_secret=True
            )
        return self._callers[key]

    def close(self) -> None:
        for each in self._callers.values():
            each.close()

    def present(self) -> datetime:
        return self._now + timedelta(seconds=time.monotonic() - self._began)

    def is_over(self) -> bool:
        return time.monotonic() - self._began >= ROUND


@transaction.atomic
def _claim(now: datetime, *, but: Collection[int] = ()) -> list[Delivery]:
    """Some that are due, `but` not of these webhooks; nobody else takes them while they are held."""
    due = Delivery.objects.filter(state="owed", next_at__lte=now, webhook__paused=False)
    free = (
        due.exclude(webhook__in=but)
        .select_for_update(skip_locked=True, of=("self",))
        .select_related("webhook")
    )
    mine = list(free.order_by("next_at", "pk")[:AT_ONCE])
    for one in mine:
        one.tries += 1
        one.next_at = now + HELD
    Delivery.objects.bulk_update(mine, ["tries", "next_at"])
    return mine


def _try(this: _Round, delivery: Delivery) -> bool:
    """Tell it now, and write how that ended; False where it is left for later."""
    if this.is_over() or delivery.webhook_id in this.silent:
        _leave(delivery, now=this.present())
        return False
    told = _tell(this, delivery)
    _settle(delivery, told, now=this.present())
    if told.status is None:
        this.silent.add(delivery.webhook_id)
        _put_off(delivery.webhook_id, now=this.present())
    return True


def _tell(this: _Round, delivery: Delivery) -> Told:
    """Try once. Whatever goes wrong is the end of this try alone."""
    try:
        answer = _posted(this.caller(delivery.webhook), delivery.webhook, delivery.body.encode())
    except IntegrationError as trouble:
        return Told(False, None, str(trouble)[:300])
    except Exception as trouble:  # one that is set up wrongly keeps no other waiting
        log.exception("Webhook %s could not be told.", delivery.webhook_id)
        return Told(False, None, f"It could not be told ({type(trouble).__name__}).")
    return Told(answer.ok, answer.status, "" if answer.ok else f"It answered {answer.status}.")


def _posted(caller: Caller, hook: Any, body: bytes) -> Answer:
    parts, moment = urlsplit(hook.url), int(stamp().timestamp())
    headers = {
        "Content-Type": "application/json",
        TIMESTAMP: str(moment),
        SIGNATURE: sign(decrypt(hook.secret.token), timestamp=moment, body=body),
    }
    return caller.post(parts.path or "/", data=body, params=parts.query, headers=headers)


def _leave(delivery: Delivery, *, now: datetime) -> None:
    """Give back what was claimed and not tried."""
    Delivery.objects.filter(pk=delivery.pk, state="owed", tries=delivery.tries).update(
        tries=delivery.tries - 1, next_at=now + LEFT
    )


def _put_off(webhook_id: int, *, now: datetime) -> None:
    """Have all that is due to who did not answer wait a little, behind what is due to others."""
    due = Delivery.objects.filter(webhook=webhook_id, state="owed", next_at__lte=now)
    due.update(next_at=now + LEFT)


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

"""Taking messages to send them, so that each is sent by one, and telling what became of them.

Taking a message moves its next try ten minutes on; whoever dies before it has begun to send leaves it to the
next. Beginning commits the state *sending* first: whoever dies then leaves a message of which nobody knows
whether it went out, and a person decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F

from herotill.messages.models import Message
from herotill.messages.policies.timing import LEASE, NOT_READY, next_try

State = Message.State
AT_ONCE = 100
LOST = "It was being sent when the program was stopped. It may have gone out."
RATES = {"email": "MAIL_PER_MINUTE", "sms": "SMS_PER_MINUTE"}

TAKE = """
UPDATE outbox_message SET next_try_at = %(until)s WHERE state = 'waiting' AND id IN (
    SELECT id FROM outbox_message
    WHERE state = 'waiting' AND channel = %(channel)s AND next_try_at <= %(now)s
    ORDER BY rank, next_try_at, id LIMIT %(most)s FOR UPDATE SKIP LOCKED
) RETURNING id
"""


def take(*, channel: str, now: datetime, most: int = AT_ONCE) -> list[Message]:
    """Messages that are due, for us alone during the lease; at most what the rate leaves."""
    with transaction.atomic(), connection.cursor() as cursor:
        most = min(most, _allowed(channel, now))
        cursor.execute(TAKE, {"channel": channel, "now": now, "until": now + LEASE, "most": most})
        ids = [row[0] for row in cursor.fetchall()]
    return list(Message.objects.filter(pk__in=ids).order_by("rank", "pk"))


def _allowed(channel: str, now: datetime) -> int:
    """How many may go out by the rate a minute; those who ask meanwhile wait for the answer of the first."""
    rate: int = getattr(settings, RATES[channel])
    if not rate:
        return AT_ONCE
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('outbox_rate'), hashtext(%s))", [channel])
    minute = now - timedelta(minutes=1)
    begun = Message.objects.filter(channel=channel, started_at__gt=minute).count()
    taken = Message.objects.filter(
        channel=channel, state=State.WAITING, next_try_at__gt=now + LEASE - timedelta(minutes=1), attempts=0
    ).count()
    return max(0, rate - begun - taken)


def begin(*, messages: Sequence[Message], gateway: str, now: datetime) -> list[Message]:
    """Those of `messages` that are still ours, now being sent; nobody else will send them after this."""
    with transaction.atomic():
        mine = set(
            Message.objects.filter(pk__in=[one.pk for one in messages], state=State.WAITING)
            .filter(next_try_at=messages[0].next_try_at)
            .select_for_update(of=("self",))
            .values_list("pk", flat=True)
            if messages
            else []
        )
        Message.objects.filter(pk__in=mine).update(
            state=State.SENDING, started_at=now, attempts=F("attempts") + 1, gateway=gateway, error=""
        )
    begun = [one for one in messages if one.pk in mine]
    for one in begun:
        one.attempts += 1
    return begun


def give_up_lost(*, now: datetime) -> int:
    """Messages that were being sent by somebody who is gone: their end is unknown. Returns how many."""
    lost = Message.objects.filter(state=State.SENDING, started_at__lt=now - LEASE)
    return lost.update(state=State.UNKNOWN, error=LOST)


def sent(message: Message, *, now: datetime, **values: Any) -> None:
    """It went out. A report that came before this stands."""
    being = Message.objects.filter(pk=message.pk, state=State.SENDING)
    being.update(state=State.SENT, sent_at=now, next_try_at=None, **values)


def not_sent(message: Message, *, why: str, now: datetime, retry: bool) -> None:
    """It surely did not go out: another try later, or the end."""
    again = next_try(now, message.attempts) if retry else None
    state = State.WAITING if again else State.FAILED
    _end(message, state, why, next_try_at=again)


def void(message: Message, *, why: str) -> None:
    """It was too late for it, as was found while it was put together."""
    _end(message, State.CANCELLED, why, next_try_at=None)


def uncertain(message: Message, *, why: str, now: datetime, repeatable: bool) -> None:
    """It may have gone out: tried again only where the gateway sends the same reference once."""
    again = next_try(now, message.attempts) if repeatable else None
    state = State.WAITING if again else State.UNKNOWN
    _end(message, state, why, next_try_at=again)


def _end(message: Message, state: str, why: str, **values: Any) -> None:
    Message.objects.filter(pk=message.pk, state=State.SENDING).update(state=state, error=why[:300], **values)


def drop(messages: Sequence[Message], *, state: str, why: str) -> None:
    """Messages that will not go out, for a reason that was found before they were begun."""
    ids = [one.pk for one in messages]
    Message.objects.filter(pk__in=ids, state=State.WAITING).update(
        state=state, error=why[:300], next_try_at=None
    )


def put_off(messages: Sequence[Message], *, until: datetime | None, now: datetime, why: str) -> None:
    """Messages whose time has not come: it counts as no try."""
    ids = [one.pk for one in messages]
    waiting = Message.objects.filter(pk__in=ids, state=State.WAITING)
    waiting.update(next_try_at=until or now + NOT_READY, error=why[:300])

"""The jobs that send: take some, make them ready, hand them over, until nothing is due."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import connection

from herotill import outward
from herotill.jobs import count, nudge
from herotill.messages.models import Message
from herotill.messages.services import claiming, gateways, mailing, texting
from herotill.messages.services.outbox import JOBS
from herotill.messages.services.preparing import ready

LONGEST = 50.0
"""Seconds after which a job makes room for others and has itself called again."""


def send_mail(now: datetime) -> str:
    """The job that sends mails."""
    return _send_due("email", lambda some, at: mailing.send(messages=some, now=at), now)


def send_sms(now: datetime) -> str:
    """The job that sends SMS."""
    gateway = gateways.active()
    if gateway is None:
        return "No SMS gateway is switched on; what is owed waits."
    return _send_due("sms", lambda some, at: texting.send(messages=some, gateway=gateway, now=at), now)


def _send_due(channel: str, send: Callable[[Sequence[Message], datetime], int], now: datetime) -> str:
    if not outward.allowed():
        return outward.HELD
    started, total = time.monotonic(), 0
    lost = claiming.give_up_lost(now=now)
    while True:
        passed = time.monotonic() - started
        if passed > LONGEST:
            nudge(JOBS[channel])
            break
        at = now + timedelta(seconds=passed)
        some = claiming.take(channel=channel, now=at)
        if not some:
            break
        total += send(ready(messages=some, now=at), at)
    count(sent=total, unknown=lost)
    return f"{total} sent." + (f" {lost} have an unknown end." if lost else "")


def keep_quarters(now: datetime) -> str:
    """The job that makes room for the coming quarters and drops those past their time."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT outbox_prepare(%s, 3)", [now])
        made = cursor.fetchone()
    gone = forget(before=now - relativedelta(years=settings.MESSAGES_KEPT_YEARS))
    return f"Made room for {made[0] if made else 0} quarters, forgot {gone} messages."


def forget(*, before: datetime) -> int:
    """Drop every quarter that ended by `before`; returns how many messages went."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT outbox_forget(%s)", [before])
        gone = cursor.fetchone()
    return int(gone[0]) if gone else 0

"""Telling customers of an outage, each once for what is read of it, and that it is over.

A run goes over those affected by the id of their customer. Each some of them are one transaction that holds
the outage: who changes or ends it waits so long, and what follows says what holds by then. The keys of the
messages keep anybody from being told the same twice, whoever tells and however often.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime

from django.db import connection, transaction

from dataaccounts.models import Outage
from dataaccounts.selectors.outage_words import words
from dataaccounts.selectors.outages import FIELDS, HAS, RUN, SUBJECT, affected_after, message_key, told
from dataaccounts.services.outages import held
from herotill import runs
from herotill.clock import stamp
from herotill.errors import DomainError
from herotill.messages.services.outbox import queue_select
from herotill.models import Run
from herotill.runs import Progress
from herotill.users.models import User

BEGINS, PLANNED, ENDS, OFF = "outage-begins", "maintenance-planned", "outage-ends", "maintenance-off"
ENDED = "ended"
AT_ONCE = 1_000

_TO = """
SELECT c.id AS customer_id, %(outage)s::bigint AS subject_id,
    jsonb_build_object('name', c.name) || %(words)s::jsonb AS context, %(begins)s || c.id AS key
FROM customers_customer c WHERE c.id = ANY (%(customers)s) AND {has}
"""
_WITHOUT = " AND ".join(f"NOT {HAS.format(customer='c.id', field=field)}" for field in FIELDS.values())


def tell(*, outage: Outage, channels: Sequence[str], actor: User | None, now: datetime) -> Run:
    """Have everybody affected told by `email`, `sms` or both who was not told this edition that way.

    Raises DomainError where it is over.
    """
    if not outage.lasts(now):
        raise DomainError("It is over: nobody is told any more that it began.")
    return _start(outage, str(outage.edition), channels, actor)


def tell_ended(*, outage: Outage, actor: User | None) -> Run | None:
    """Have those who were told of it told that it is over, the way they were told; None if nobody was."""
    channels = sorted(set(told(outage=outage).values_list("channel", flat=True)))
    return _start(outage, ENDED, channels, actor) if channels else None


def _start(outage: Outage, what: str, channels: Sequence[str], actor: User | None) -> Run:
    by = sorted(channels)
    title = f"{'That it is over' if what == ENDED else outage.get_kind_display()}: {outage.headline}"
    params = {"outage": outage.pk, "what": what, "channels": by}
    once = f"{outage.pk}-{what}-{'+'.join(by)}"
    return runs.start(kind=RUN, params=params, actor=actor, title=title[:200], once=once)


def work(run: Run, progress: Progress) -> None:
    """Queue the messages, some customers at a time."""
    while _some(run, progress):
        pass


@transaction.atomic
def _some(run: Run, progress: Progress) -> bool:
    """Tell the next; False when there is nobody left."""
    outage, ended = held(run.params["outage"]), run.params["what"] == ENDED
    last = progress.cursor.get("last", 0)
    if not ended and not outage.lasts(stamp()):
        progress.say("It is over: nobody more is told that it began.")
        return False
    ids = (
        _told_after(outage, last) if ended else affected_after(outage=outage, customer_id=last, limit=AT_ONCE)
    )
    if not ids:
        return False
    counts = {channel: _queue(outage, run, channel, ids) for channel in run.params["channels"]}
    without = 0 if ended else _without(ids)
    progress.advance(len(ids), **counts, **({"without_an_address": without} if without else {}))
    progress.checkpoint(last=ids[-1])
    return True


def _told_after(outage: Outage, last: int) -> list[int]:
    """The next customers who were told of it."""
    theirs = told(outage=outage).filter(customer_id__gt=last).order_by("customer_id")
    return list(theirs.values_list("customer_id", flat=True).distinct()[:AT_ONCE])  # type: ignore[arg-type]


def _queue(outage: Outage, run: Run, channel: str, ids: list[int]) -> int:
    """Write the messages of one channel to these customers; how many were new."""
    ended = run.params["what"] == ENDED
    if ended:
        by_it = told(outage=outage).filter(channel=channel, customer_id__in=ids)
        ids = list(by_it.values_list("customer_id", flat=True).distinct())  # type: ignore[arg-type]
    asked = {
        "outage": outage.pk,
        "words": json.dumps(words(outage)),
        "begins": f"{message_key(outage, ENDED if ended else outage.edition)}{channel}-",
        "customers": ids,
    }
    select = _TO.format(has=HAS.format(customer="c.id", field=FIELDS[channel]))
    template = template_of(outage) + ("-sms" if channel == "sms" else "")
    return queue_select(
        select, asked, template=template, subject_kind=SUBJECT, actor_id=run.started_by_id, now=stamp()
    )


def template_of(outage: Outage) -> str:
    """The mail that tells of it as it stands; the SMS is called the same with -sms behind."""
    if outage.ended_at:
        return OFF if outage.ended_at < outage.starts_at else ENDS
    return PLANNED if outage.kind == Outage.Kind.MAINTENANCE else BEGINS


def _without(ids: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"SELECT count(*) FROM customers_customer c WHERE c.id = ANY (%s) AND {_WITHOUT}", [ids]
        )
        return int(cursor.fetchone()[0])

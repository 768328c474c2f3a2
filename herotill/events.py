"""Facts: what happened, written by services, and handed to the apps that asked for it by name.

A service records a fact in its own transaction. Facts get their place in the order only when they are
committed, by one caller at a time; so a transaction that commits late is never passed over. A consumer gets
each fact once and in order: its work and its cursor are one transaction, which may be killed anywhere.
A consumer that comes later starts with the first fact there ever was.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import F

from herotill.jobs import count, nudge
from herotill.models import Fact, FactCursor
from herotill.registry import Registry

log = logging.getLogger(__name__)

JOB = "facts-consume"
BATCH = 500  # facts a consumer gets at once, at most
SETTLED_AT_ONCE = 20_000
WEEK = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class NewFact:
    """A fact to be recorded. `key` says which fact it is: a second one with the same key is the same fact."""

    kind: str
    key: str
    customer_id: int | None = None
    subject_kind: str = ""
    subject_id: int | None = None
    data: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Consumer:
    """Somebody who wants to know. `consume` gets facts in their order and works in the cursor's transaction.

    It works on many at once, and acts on nothing but the database: what goes out is written as owed.
    """

    name: str
    kinds: frozenset[str]
    consume: Callable[[Sequence[Fact]], None]
    order: int = 100


@dataclass(frozen=True, slots=True)
class Asker:
    """Somebody who may or may not want facts of some kinds, as programs outside do; `wants` says so now."""

    name: str
    wants: Callable[[Collection[str]], bool]
    order: int = 100


consumers: Registry[Consumer] = Registry("consumer")
askers: Registry[Asker] = Registry("who may ask for facts")

_SELECTED = """
INSERT INTO house_fact (kind, key, customer_id, subject_kind, subject_id, data, asked)
SELECT %(kind)s::text, %(kind)s::text || '-' || told.key, told.customer_id, told.subject_kind, told.subject_id, told.data, true
FROM ({rows}) AS told (key, customer_id, subject_kind, subject_id, data) ON CONFLICT (key) DO NOTHING
"""


def record(
    *,
    kind: str,
    key: str,
    customer_id: int | None = None,
    subject_kind: str = "",
    subject_id: int | None = None,
    data: dict[str, Any] | None = None,
) -> None:
    """Write a fact in the transaction of what it tells. One whose key is known is ignored."""
    record_many([NewFact(kind, key, customer_id, subject_kind, subject_id, data or {})])


def record_many(facts: Iterable[NewFact]) -> None:
    """Write many facts at once."""
    rows = [
        Fact(
            kind=fact.kind,
            key=fact.key,
            customer_id=fact.customer_id,
            subject_kind=fact.subject_kind,
            subject_id=fact.subject_id,
            data=fact.data,
        )
        for fact in facts
    ]
    if rows:
        Fact.objects.bulk_create(rows, ignore_conflicts=True, batch_size=2000)
        nudge(JOB)


def record_asked(kind: str, rows: str, values: Callable[[], Mapping[str, Any]]) -> int:
    """Write facts of a kind that nobody here consumes, if somebody outside asks for it; how many.

    `rows` is a SELECT of key (what follows the kind in it), customer, kind and id of the subject, and data;
    `values` gives what it names. However many they are it is one statement; where nobody asks, it costs one short
    question and nothing else. They go again when they are old and everybody has heard.
    """
    if not any(each.wants([kind]) for each in askers):
        return 0
    with connection.cursor() as cursor:
        cursor.execute(_SELECTED.format(rows=rows), {"kind": kind, **values()})
        written: int = cursor.rowcount
    if written:
        nudge(JOB)
    return written


def hand_out(now: datetime) -> str:
    """Give facts their places, and each consumer those it has not had. The job that runs each minute."""
    _settle()
    handed = {consumer.name: _hand_to(consumer) for consumer in consumers}
    count(**{name: number for name, number in handed.items() if number})
    return ", ".join(f"{number} to {name}" for name, number in handed.items() if number)


def _settle() -> None:
    """Number the facts committed since the last time; by one caller at a time, the others leave it to them."""
    while _settle_some() == SETTLED_AT_ONCE:
        pass


def _settle_some() -> int:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(hashtext('house_fact.position'))")
        if cursor.fetchone() != (True,):
            return 0
        cursor.execute(
            """
            WITH last AS (SELECT coalesce(max(position), 0) AS position FROM house_fact),
            fresh AS (SELECT id FROM house_fact WHERE position IS NULL ORDER BY id LIMIT %s),
            numbered AS (SELECT id, row_number() OVER (ORDER BY id) AS number FROM fresh)
            UPDATE house_fact SET position = last.position + numbered.number
            FROM last, numbered WHERE house_fact.id = numbered.id
            """,
            [SETTLED_AT_ONCE],
        )
        return cursor.rowcount


def _hand_to(consumer: Consumer) -> int:
    """All that a consumer has not had; trouble stops this consumer only, and is tried again next time."""
    FactCursor.objects.bulk_create([FactCursor(consumer=consumer.name)], ignore_conflicts=True)
    handed = 0
    try:
        while count := _hand_batch(consumer):
            handed += count
    except Exception as trouble:
        log.exception("Consumer %s could not take its facts.", consumer.name)
        FactCursor.objects.filter(pk=consumer.name).update(
            failures=F("failures") + 1, error=f"{type(trouble).__name__}"
        )
    return handed


def _hand_batch(consumer: Consumer) -> int:
    with transaction.atomic():
        cursor = FactCursor.objects.select_for_update(skip_locked=True).filter(pk=consumer.name).first()
        if not cursor:
            return 0
        facts = list(
            Fact.objects.filter(kind__in=consumer.kinds, position__gt=cursor.position).order_by("position")[
                :BATCH
            ]
        )
        if facts:
            consumer.consume(facts)
            FactCursor.objects.filter(pk=consumer.name).update(
                position=facts[-1].position, failures=0, error=""
            )
        return len(facts)


def heard(kind: str) -> int:
    """Up to which place all who take facts of a kind have had them; 0 where somebody has had none."""
    takers = [consumer.name for consumer in consumers if kind in consumer.kinds]
    places = list(FactCursor.objects.filter(pk__in=takers).values_list("position", flat=True))
    return min(places) if places and len(places) == len(takers) else 0


def lately(facts: Sequence[Fact], *, now: datetime) -> list[Fact]:
    """Facts of the last week, for a consumer to whom what happened long before it came says nothing."""
    return [fact for fact in facts if fact.at >= now - WEEK]


def late() -> list[FactCursor]:
    """Consumers that met trouble when they last took facts."""
    return list(FactCursor.objects.filter(failures__gt=0).order_by("consumer"))

"""Whether this installation can work: what it needs, asked one by one, answered in words and without secrets."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import lru_cache

import psycopg
from django.conf import settings
from django.core.cache import cache
from django.db import DEFAULT_DB_ALIAS, connection, connections
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder

from herotill import outward
from herotill.clock import in_words
from herotill.jobs import Job, Queue
from herotill.reading import REPLICA

SILENT = timedelta(minutes=4)  # every queue's pulse comes each minute
KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing needed. Without a `vital` one, no page can be served."""

    ok: bool
    says: str
    vital: bool = True


def findings(now: datetime) -> dict[str, Finding]:
    """Everything that is needed, by name."""
    found = {"database": _asked(_database), "redis": replace(_asked(_redis), vital=False)}
    if REPLICA in settings.DATABASES:
        found["replica"] = replace(_asked(_replica), vital=False)
    if found["database"].ok:
        found["migrations"] = _asked(_migrations)
    if found["database"].ok and found["migrations"].ok:
        found["outward"] = _asked(_outward)
    if found["redis"].ok:
        found |= {f"workers: {name}": finding for name, finding in workers(now).items()}
    return found


def _asked(question: Callable[[], Finding]) -> Finding:
    """The answer; where there is none, only the kind of trouble is said, since addresses hold passwords."""
    try:
        return question()
    except Exception as trouble:
        return Finding(False, f"Does not answer ({type(trouble).__name__}).")


def _asking(alias: str) -> psycopg.Connection:
    """A connection beside the pool, which would wait long for a server that is away."""
    ours = ("context", "cursor_factory", "prepare_threshold")
    given = connections[alias].get_connection_params()
    address = {name: value for name, value in given.items() if name not in ours}
    return psycopg.connect(**address | {"connect_timeout": 3})


def _database() -> Finding:
    with _asking(DEFAULT_DB_ALIAS) as asked:
        asked.execute("SELECT 1")
        return Finding(True, f"PostgreSQL {asked.info.server_version // 10000} answers.")


def _replica() -> Finding:
    with _asking(REPLICA) as asked:
        (follows,) = asked.execute("SELECT pg_is_in_recovery()").fetchone() or (False,)
        says = "The replica answers." if follows else "The replica follows no primary any more."
        return Finding(bool(follows), says, vital=False)


def _redis() -> Finding:
    cache.set("health", "ok", 60)
    answers = cache.get("health") == "ok"
    return Finding(answers, "Redis answers." if answers else "Redis forgets what it is told.")


@lru_cache(maxsize=1)
def _known() -> frozenset[tuple[str, str]]:
    return frozenset(MigrationLoader(None, ignore_no_migrations=True).disk_migrations)


def _migrations() -> Finding:
    pending = len(_known() - set(MigrationRecorder(connection).applied_migrations()))
    if pending:
        return Finding(False, f"Migrations not applied: {pending}. Run manage.py migrate.")
    return Finding(True, "All migrations are applied.")


def _outward() -> Finding:
    ours = outward.is_ours()
    return Finding(ours, "What is owed goes out." if ours else outward.HELD, vital=False)


def pulses() -> list[Job]:
    """A job for each queue that only says: beat called, the broker carried it, a worker took it."""
    return [
        Job(
            name=f"pulse-{queue}",
            title=f"Shows that somebody works on the queue {queue}",
            queue=queue,
            task=lambda now, queue=queue: _beats(queue, now),  # type: ignore[misc]
            schedule="every minute",
            order=900,
            fixed=True,
            of_workers=True,
        )
        for queue in Queue
    ]


def _beats(queue: Queue, now: datetime) -> None:
    cache.set(_key(queue), now.timestamp(), KEPT.total_seconds())


def _key(queue: Queue) -> str:
    return f"{settings.CELERY_BROKER_TRANSPORT_OPTIONS['global_keyprefix']}pulse:{queue}"


def workers(now: datetime) -> dict[str, Finding]:
    """When a worker was last heard on each queue."""
    heard = cache.get_many([_key(queue) for queue in Queue])
    return {str(queue): _heard(now, heard.get(_key(queue))) for queue in Queue}


def _heard(now: datetime, at: float | None) -> Finding:
    if at is None:
        return Finding(False, "No worker was heard yet.", vital=False)
    ago = max(timedelta(), timedelta(seconds=now.timestamp() - at))
    return Finding(ago <= SILENT, f"A worker was heard {in_words(ago)} ago.", vital=False)

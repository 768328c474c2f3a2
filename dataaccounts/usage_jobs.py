"""What happens to usage by itself, and when."""

from __future__ import annotations

from datetime import datetime

from dataaccounts.services import archiving, healing, partitions, retention, usage_import, usage_sources
from herotill.jobs import Job, Queue, count, jobs
from herotill.retention import Kept, kinds


def _count(now: datetime) -> str:
    read = usage_sources.read_due(now=now)
    counted = usage_import.run(now=now)
    count(reports=counted.packets, batches=counted.batches)
    return f"{counted}. {read}".strip(" .") + "."


def _heal(now: datetime) -> str:
    ended = healing.heal(now=now)
    count(ended=ended)
    return f"{ended:,} sessions ended."


def _archive(now: datetime) -> str:
    moved = archiving.archive(now=now)
    count(moved=moved)
    return f"{moved:,} sessions moved."


jobs.register(
    Job(
        name="usage-import",
        title="Counts what data accounts used, and reads other sources of usage",
        queue=Queue.NETWORK,
        task=_count,
        schedule="every minute",
        order=300,
    )
)
jobs.register(
    Job(
        name="sessions-heal",
        title="Ends sessions that a router lost",
        queue=Queue.NETWORK,
        task=_heal,
        schedule="every 5 minutes",
        order=310,
    )
)
jobs.register(
    Job(
        name="sessions-archive",
        title="Moves sessions that ended long ago into the archive",
        queue=Queue.REPORTS,
        task=_archive,
        schedule="daily at 02:40",
        order=320,
    )
)
jobs.register(
    Job(
        name="usage-room",
        title="Makes room for the usage of the days and months to come",
        queue=Queue.REPORTS,
        task=partitions.prepare,
        schedule="daily at 01:10",
        order=330,
    )
)
kinds.register(
    Kept(
        name="usage",
        title="Sessions in the archive, log-in answers, reports and hours of usage",
        period=lambda rules: retention.in_words(),
        forget=lambda now: retention.forget(now=now),
        setting="dataaccounts:rules",
        order=30,
    )
)

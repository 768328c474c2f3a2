"""Figures for Prometheus, read from rows when they are asked for: the same whichever process answers.

An app adds its own: `metrics.figures.register(Figure("customers", "…", lambda now: [((), 12)]))`.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import redis
from django.conf import settings
from django.db.models import Count, Min
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from herotill import events, health
from herotill.jobs import Queue
from herotill.messages.selectors import messages
from herotill.models import JobState, Run
from herotill.registry import Registry

log = logging.getLogger(__name__)
Readings = Iterable[tuple[Sequence[str], float]]


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure, called herotill_`name`; `read` gives a value for each set of `labels`."""

    name: str
    says: str
    read: Callable[[datetime], Readings]
    labels: tuple[str, ...] = ()
    order: int = 100


figures: Registry[Figure] = Registry("figure")


class _Now(Collector):
    """All figures as they are at one moment; one that cannot be read is left out and counted."""

    def __init__(self, now: datetime) -> None:
        self.now = now

    def collect(self) -> Iterator[GaugeMetricFamily]:
        unread = 0
        for figure in figures:
            family = GaugeMetricFamily(f"herotill_{figure.name}", figure.says, labels=figure.labels)
            try:
                for labels, value in figure.read(self.now):
                    family.add_metric(list(labels), value)
            except Exception:
                log.exception("The figure %s could not be read.", figure.name)
                unread += 1
                continue
            yield family
        yield GaugeMetricFamily("herotill_figures_unread", "Figures that could not be read.", value=unread)


def page(now: datetime) -> bytes:
    """What Prometheus reads."""
    registry = CollectorRegistry(auto_describe=False)
    registry.register(_Now(now))
    return generate_latest(registry)


def _healthy(now: datetime) -> Readings:
    return [((name,), float(found.ok)) for name, found in health.findings(now).items()]


def _waiting(now: datetime) -> Readings:
    """What Celery keeps of a queue is a list of its name."""
    prefix = str(settings.CELERY_BROKER_TRANSPORT_OPTIONS["global_keyprefix"])
    with redis.Redis.from_url(settings.REDIS_URL, socket_timeout=3) as broker:
        found: list[Any] = [broker.llen(f"{prefix}{queue}") for queue in Queue]
    return [((str(queue),), float(length)) for queue, length in zip(Queue, found, strict=True)]


def _failed(now: datetime) -> Readings:
    return [((name,), float(failed)) for name, failed in JobState.objects.values_list("name", "failed")]


def _finished(now: datetime) -> Readings:
    ended = JobState.objects.filter(finished_at__isnull=False).values_list("name", "finished_at")
    return [((name,), at.timestamp()) for name, at in ended if at]


def _runs(now: datetime) -> Readings:
    counted = Run.objects.filter(state__in=Run.OPEN).order_by().values("state").annotate(count=Count("pk"))
    found = {row["state"]: row["count"] for row in counted}
    return [((str(state),), float(found.get(state, 0))) for state in Run.OPEN]


def _oldest_run(now: datetime) -> Readings:
    oldest = Run.objects.filter(state__in=Run.OPEN).aggregate(at=Min("created_at"))["at"]
    return [((), (now - oldest).total_seconds() if oldest else 0.0)]


def _mails(now: datetime) -> Readings:
    return [((channel,), float(messages.waiting(channel))) for channel in ("email", "sms")]


def _in_trouble(now: datetime) -> Readings:
    found = messages.in_trouble(since=now - messages.LATELY)
    return [((state,), float(count)) for state, count in found.items()]


def _late(now: datetime) -> Readings:
    return [((), float(len(events.late())))]


def register() -> None:
    """The figures of the house itself."""
    for order, figure in enumerate(
        (
            Figure("healthy", "1 where what is needed is there, as /health/ says.", _healthy, ("check",)),
            Figure("queue_length", "Tasks that no worker has taken yet.", _waiting, ("queue",)),
            Figure("job_failed", "1 where a regular job failed when it was last done.", _failed, ("job",)),
            Figure("job_finished_seconds", "When a regular job was last done.", _finished, ("job",)),
            Figure("runs", "Imports and other long work that is not done.", _runs, ("state",)),
            Figure("oldest_run_seconds", "Age of the oldest long work that is not done.", _oldest_run),
            Figure("messages_waiting", "Messages that wait to go out.", _mails, ("channel",)),
            Figure(
                "messages_in_trouble",
                "Messages of the last 7 days that did not go out.",
                _in_trouble,
                ("state",),
            ),
            Figure("facts_stuck", "Parts that do not take what happened.", _late),
        )
    ):
        figures.register(Figure(figure.name, figure.says, figure.read, figure.labels, order))

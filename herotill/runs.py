"""Runs: long jobs that show how far they are, survive a killed worker and can be cancelled where that is safe.

The row is the truth. Starting a run writes it and nudges the workers; whoever claims it holds a lease; a job
looks each minute for runs nobody took and for those whose worker fell silent. A run's function may therefore
be called again: it goes on from `progress.cursor`, and keeps its work and `progress.checkpoint(...)` in one
transaction, so that nothing is done twice.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now

from herotill import audit
from herotill.access import may
from herotill.celery import send
from herotill.clock import in_words
from herotill.errors import DomainError, IntegrationError
from herotill.jobs import Queue
from herotill.models import Run, RunCheckpoint
from herotill.progress import Progress, RunCancelled, RunLost, claim, lease
from herotill.registry import Registry

__all__ = ["Progress", "RunCancelled", "RunKind", "RunLost", "cancel", "kinds", "perform", "start", "work"]

log = logging.getLogger(__name__)
State = Run.State
CLAIMS = 5  # a run that ends its worker this often is not tried again


@dataclass(frozen=True, slots=True)
class RunKind:
    """A long job that people start.

    `permission` is asked for starting and cancelling, `see_permission` (the same, if empty) for seeing.
    `function` does the work, restartable as the module says. `result_url` says where the result is, if
    there is one.
    """

    name: str
    title: str
    permission: str
    queue: Queue
    function: Callable[[Run, Progress], None]
    can_cancel: bool = True
    result_url: Callable[[Run], str] | None = None
    see_permission: str = ""
    order: int = 100


kinds: Registry[RunKind] = Registry("run kind")


def start(*, kind: str, params: dict[str, Any], actor: Any, title: str = "", once: str = "") -> Run:
    """Write a run that a worker takes as soon as this transaction has committed.

    `params` are JSON. With `once`, a second start while the first is unfinished gives the first.
    """
    run = _written(kind=kind, params=params, actor=actor, title=title, once=once)
    _nudge(run)
    return run


def perform(*, kind: str, params: dict[str, Any], actor: Any, title: str = "", once: str = "") -> Run:
    """Do a run here and now, as commands do; the row stands as after any other."""
    run = _written(kind=kind, params=params, actor=actor, title=title, once=once)
    work(run.pk)
    run.refresh_from_db()
    return run


def _written(*, kind: str, params: dict[str, Any], actor: Any, title: str, once: str) -> Run:
    """The row of a new run. A title is cut where it is longer than one can be: it may hold the name of a file."""
    titled = (title or kinds[kind].title)[: Run._meta.get_field("title").max_length]
    values = {"params": params, "started_by": actor, "title": titled}
    try:
        with transaction.atomic():
            run = Run.objects.create(kind=kind, once=once, **values)
            RunCheckpoint.objects.create(run=run)
    except IntegrityError:
        found = Run.objects.filter(kind=kind, once=once, state__in=Run.OPEN).exclude(once="").first()
        if not found:
            raise
        return found
    return run


def _nudge(run: Run) -> None:
    queue = str(kinds[run.kind].queue)
    transaction.on_commit(lambda: send("run", run.pk, queue=queue, shadow=run.kind))


def work(run_id: int) -> None:
    """Claim a run, if it is to be had, and do it to its end."""
    progress = _claimed(run_id)
    if not progress:
        return
    run = Run.objects.select_related("started_by").get(pk=run_id)
    with progress.kept(), audit.acting(actor=run.started_by, source=f"run: {run.kind}", run=run.pk):
        ending = _ending(run, progress)
    if ending:
        _end(run.pk, progress, *ending)


def _claimed(run_id: int) -> Progress | None:
    with transaction.atomic():
        run = _to_be_had().select_for_update(skip_locked=True).filter(pk=run_id).first()
        kept = RunCheckpoint.objects.select_for_update(skip_locked=True).filter(pk=run_id).first()
        if not run or not kept:
            return None
        if run.state == State.CANCELLING:
            _close(run, State.CANCELLED, kept)
        elif run.token >= CLAIMS:
            _close(run, State.FAILED, kept, f"Its worker was lost {CLAIMS} times. Ask your administrator.")
        elif run.kind not in kinds:
            _close(run, State.FAILED, kept, f"This installation knows no {run.kind!r} any more.")
        else:
            return claim(run, kept)
        return None


def _to_be_had() -> QuerySet[Run]:
    return Run.objects.filter(Q(state=State.QUEUED) | Q(state__in=Run.HELD, lease_until__lt=Now()))


def _close(run: Run, state: Run.State, kept: RunCheckpoint, error: str = "") -> None:
    ended = {"state": state, "error": error, "finished_at": Now(), "lease_until": None}
    Run.objects.filter(pk=run.pk).update(counts=kept.counts, **ended)


def _ending(run: Run, progress: Progress) -> tuple[Run.State, str] | None:
    """Do the work; how it ended, or None where it is another worker's by now."""
    try:
        kinds[run.kind].function(run, progress)
    except RunLost:
        log.warning("Run %s was taken over by another worker.", run.pk)
        return None
    except RunCancelled:
        return State.CANCELLED, ""
    except (DomainError, IntegrationError) as no:
        return State.FAILED, str(no)
    except Exception:
        log.exception("Run %s failed.", run.pk)
        return (
            State.FAILED,
            f"The program met an error. Your administrator finds it in the log as run {run.pk}.",
        )
    return State.DONE, ""


def _end(run_id: int, progress: Progress, state: Run.State, error: str) -> None:
    """Close the diary. What counts of a run that did not finish is what its last checkpoint kept."""
    figures = progress.figures()
    if state != State.DONE:
        figures["counts"] = RunCheckpoint.objects.get(pk=run_id).counts
    ended = {"state": state, "error": error, "finished_at": Now(), "lease_until": None}
    held = Run.objects.filter(pk=run_id, token=progress.token, state__in=Run.HELD)
    if not held.update(**figures, **ended):
        log.warning("Run %s was taken over by another worker.", run_id)


def cancel(*, run_id: int, actor: Any) -> None:
    """Have a run end: at once where nobody works on it yet, else at the work's next step."""
    with transaction.atomic():
        run = Run.objects.select_for_update().get(pk=run_id)
        if not run.is_open:
            raise DomainError("This has already ended.")
        if run.state == State.QUEUED:
            ended = {"state": State.CANCELLED, "finished_at": Now(), "cancelled_by": actor}
        elif kinds[run.kind].can_cancel:
            ended = {"state": State.CANCELLING, "cancelled_by": actor}
        else:
            raise DomainError("This cannot be cancelled once it has begun; wait for its end.")
        Run.objects.filter(pk=run_id).update(**ended)


def mark_rolled_back(*, run_id: int) -> None:
    """Say that what a finished run did has been taken back; the caller does the taking back."""
    if not Run.objects.filter(pk=run_id, state=State.DONE).update(state=State.ROLLED_BACK):
        raise DomainError("Only a finished run can be taken back.")


def sweep(now: datetime) -> str:
    """Nudge again for runs that nobody took, and for those whose worker fell silent."""
    with transaction.atomic():
        owed = _to_be_had().filter(nudged_at__lt=Now() - lease()).select_for_update(skip_locked=True)
        runs = [run for run in owed.order_by("nudged_at")[:500] if run.kind in kinds]
        Run.objects.filter(pk__in=[run.pk for run in runs]).update(nudged_at=Now())
        for run in runs:
            _nudge(run)
    return f"Called again for {len(runs)}." if runs else ""


@dataclass(frozen=True, slots=True)
class Shown:
    """A run as a screen shows it to one person."""

    run: Run
    kind: RunKind
    percent: int | None
    left: str
    result_url: str
    may_cancel: bool

    @property
    def counts(self) -> list[tuple[str, int]]:
        """What became of the things done: created, 4512."""
        return [(name.replace("_", " "), count) for name, count in self.run.counts.items()]

    @property
    def log(self) -> list[tuple[datetime, str]]:
        return [(datetime.fromisoformat(line["at"]), line["says"]) for line in self.run.log]


def may_see(user: Any, kind: str) -> bool:
    """Whether this person may see runs of this kind."""
    known = kinds.get(kind)
    return known is not None and may(user, known.see_permission or known.permission)


def shown(run: Run, *, user: Any, now: datetime) -> Shown:
    """What a screen needs of a run that the person may see."""
    kind = kinds[run.kind]
    share = min(run.done / run.total, 1) if run.total else None
    return Shown(
        run=run,
        kind=kind,
        percent=int(share * 100) if share is not None else None,
        left=_left(run, share, now),
        result_url=kind.result_url(run) if kind.result_url and run.state == State.DONE else "",
        may_cancel=_cancellable(run, kind) and may(user, kind.permission),
    )


def _left(run: Run, share: float | None, now: datetime) -> str:
    """How long it will take at the pace so far, in words; nothing before there is a pace to speak of."""
    if not share or share >= 1 or not run.started_at or run.state != State.RUNNING:
        return ""
    return in_words((now - run.started_at) * (1 - share) / share)


def _cancellable(run: Run, kind: RunKind) -> bool:
    return run.state == State.QUEUED or (run.state == State.RUNNING and kind.can_cancel)


def recent(*, user: Any, before: int | None = None, limit: int = 50) -> list[Run]:
    """The newest runs this person may see, those with a smaller id than `before`."""
    seen = [kind.name for kind in kinds if may_see(user, kind.name)]
    found = Run.objects.filter(kind__in=seen).select_related("started_by", "checkpoint").order_by("-id")
    return list(found.filter(pk__lt=before)[:limit] if before else found[:limit])

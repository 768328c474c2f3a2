"""Calls of jobs: asked for, begun, ended, each in a row.

A row that waits is taken by whoever carries the job out next, so what somebody asked for is done even where
the broker loses the message.
"""

from __future__ import annotations

import logging
import os
import socket
import traceback
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db.models import F, Q
from django.db.models.functions import Now

from herotill import logs
from herotill.clock import stamp
from herotill.errors import DomainError, IntegrationError
from herotill.models import JobCall, JobState

State = JobCall.State
LINES, LETTERS, FRAMES = 200, 500, 12
NOTHING = "^[^1-9]*0[^1-9]*$"  # counts, and all of them nought
KEPT, IDLE_KEPT = timedelta(days=90), timedelta(days=2)


@dataclass(slots=True)
class Diary:
    """What a job says and counts while it is carried out; `said` is the sentence that remains."""

    said: str = ""
    log: list[dict[str, str]] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=dict)


_diary: ContextVar[Diary | None] = ContextVar("diary", default=None)
OURS = {"herotill", *(app.partition(".")[0] for app in settings.LOCAL_APPS)}


class _Listener(logging.Handler):
    """Has what our own programs warn of stand in the log of the call that they work for."""

    def emit(self, record: logging.LogRecord) -> None:
        if record.name.partition(".")[0] in OURS:
            note(logs.redact(_words(record)))


def _words(record: logging.LogRecord) -> str:
    """The line; as it stands in the program where its values do not fit, for a warning may not end the work."""
    try:
        return record.getMessage()
    except Exception:
        return str(record.msg)


_listener = _Listener(logging.WARNING)


def note(says: str) -> None:
    """A line for the log of this call, for people to read; of many only the first are kept."""
    diary = _diary.get()
    if diary is not None and len(diary.log) < LINES:
        diary.log.append({"at": stamp().isoformat(), "says": says[:LETTERS]})


def count(**counts: int) -> None:
    """Add to what this call counts: `count(created=3)`; what there is none of is not said."""
    diary = _diary.get()
    if diary is not None:
        for name, number in counts.items():
            if number:
                diary.counts[name] = diary.counts.get(name, 0) + number


def owe(name: str, *, actor: Any = None, tries: int = 0) -> bool:
    """Write that a job is to be carried out; whether it was not owed already. Whoever owes, nudges."""
    asked = JobCall(name=name, state=State.WAITING, asked_by=actor, tries=tries)
    before = JobCall.objects.filter(name=name, state=State.WAITING).exists()
    JobCall.objects.bulk_create([asked], ignore_conflicts=True)
    return not before


def is_owed(name: str) -> bool:
    return JobCall.objects.filter(name=name, state=State.WAITING).exists()


@contextmanager
def kept(name: str, *, lock: int, now: datetime) -> Iterator[Diary]:
    """Record one call around its work. Trouble is recorded and raised."""
    call, diary = _begun(name, lock, now), Diary()
    token = _diary.set(diary)
    logging.getLogger().addHandler(_listener)
    try:
        yield diary
    except BaseException as trouble:
        _ended(call, diary, State.FAILED, told(trouble), _where(trouble))
        raise
    else:
        _ended(call, diary, State.DONE, diary.said, "")
    finally:
        _diary.reset(token)


def _begun(name: str, lock: int, now: datetime) -> int:
    """Take the call that waits, or make one; its id."""
    begun = {
        "state": State.RUNNING,
        "started_at": now,
        "lock": lock,
        "worker": f"{socket.gethostname()[:100]} {os.getpid()}",
    }
    JobState.objects.update_or_create(name=name, defaults={"started_at": now})
    if JobCall.objects.filter(name=name, state=State.WAITING).update(**begun):
        return JobCall.objects.filter(name=name, lock=lock, state=State.RUNNING).values_list("pk", flat=True)[
            0
        ]
    return JobCall.objects.create(name=name, **begun).pk


def _ended(call: int, diary: Diary, state: str, said: str, where: str) -> None:
    """Write how it ended, also of one that was taken for lost."""
    open_ones = JobCall.objects.filter(pk=call, state__in=(State.RUNNING, State.LOST))
    values = {"said": said[:500], "finished_at": Now()}
    open_ones.update(state=state, counts=diary.counts, log=diary.log, error=where, **values)
    failed = state == State.FAILED
    name = JobCall.objects.filter(pk=call).values("name")
    JobState.objects.filter(name__in=name).update(
        failed=failed, failures=F("failures") + 1 if failed else 0, **values
    )


def told(trouble: BaseException) -> str:
    """Only what was written for people: the text of any other exception may hold anything."""
    if isinstance(trouble, DomainError | IntegrationError):
        return str(trouble)[:500]
    return f"The program met an error ({type(trouble).__name__}). The log tells more."


def _where(trouble: BaseException) -> str:
    """The way through the program to an error nobody expected, without any value."""
    if isinstance(trouble, DomainError | IntegrationError):
        return ""
    frames = traceback.extract_tb(trouble.__traceback__)[-FRAMES:]
    lines = [f"{_short(frame.filename)}:{frame.lineno} in {frame.name}" for frame in frames]
    return "\n".join([*lines, type(trouble).__name__])


def _short(filename: str) -> str:
    path = Path(filename)
    return str(path.relative_to(settings.BASE_DIR)) if path.is_relative_to(settings.BASE_DIR) else path.name


def newest(name: str, *, before: int | None = None, limit: int = 50) -> Sequence[JobCall]:
    """The last calls of a job, the newest first; those with a smaller id than `before`."""
    found = JobCall.objects.filter(name=name).select_related("asked_by").order_by("-id")
    return list(found.filter(pk__lt=before)[:limit] if before else found[:limit])


def forget(now: datetime) -> str:
    """Let go of old calls; of those that had nothing to do, sooner."""
    ended = JobCall.objects.exclude(state__in=(State.WAITING, State.RUNNING))
    nothing = Q(said="") | Q(said__regex=NOTHING)
    idle = nothing & Q(asked_at__lt=now - IDLE_KEPT, state=State.DONE, asked_by=None)
    gone = ended.filter(Q(asked_at__lt=now - KEPT) | idle).delete()[0]
    return f"{gone:,} calls." if gone else ""

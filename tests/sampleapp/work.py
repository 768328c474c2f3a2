"""What the sample app does in the background."""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import transaction

from herotill.counting import remembered
from herotill.errors import DomainError
from herotill.models import Fact, Run
from herotill.runs import Progress
from tests.sampleapp.models import Mark, Safe

AT_ONCE = 10


def count(run: Run, progress: Progress) -> None:
    """Leaves `to` marks, ten at a time, each ten in one transaction with the checkpoint."""
    progress.expect(run.params["to"])
    while (number := progress.cursor.get("number", 0)) < run.params["to"]:
        with transaction.atomic():
            Mark.objects.bulk_create([Mark(text=str(number + one)) for one in range(AT_ONCE)])
            progress.advance(AT_ONCE, made=AT_ONCE)
            progress.checkpoint(number=number + AT_ONCE)
        if number + AT_ONCE == run.params.get("wait_at"):
            wait_in_the_middle(run, progress)


def wait_in_the_middle(run: Run, progress: Progress) -> None:
    """Leaves marks that are not committed, says so and waits there; a second worker finds the say and goes on."""
    said = Path(run.params["say"])
    if said.exists():
        return
    with transaction.atomic():
        Mark.objects.create(text="never")
        progress.advance(1, made=1)
        said.write_text(str(os.getpid()))
        while True:
            progress.advance(0)
            time.sleep(0.05)


def refuse(run: Run, progress: Progress) -> None:
    progress.advance(3, made=3)
    raise DomainError("The file has no column for the code.")


def stumble(run: Run, progress: Progress) -> None:
    raise ZeroDivisionError("with a secret in it")


def buy_safe(run: Run, progress: Progress) -> None:
    Safe.objects.create(name=run.params["name"], combination="1234")


def tick(now: datetime) -> str:
    Mark.objects.create(text=f"ticked at {now:%H:%M}")
    return "Left a mark."


def remember(facts: Sequence[Fact]) -> None:
    Mark.objects.bulk_create([Mark(text=fact.key) for fact in facts])


@remembered("sample-marks")
def marks() -> int:
    return Mark.objects.count()


def marks_waiting(user: Any) -> int:
    return marks()


def marks_tile(user: Any) -> dict[str, Any] | None:
    waiting = Mark.objects.count()
    if waiting == 13:
        raise ZeroDivisionError
    shown = {"figure": waiting, "what": "Marks waiting", "url": "/", "icon": "bookmark"}
    return shown if waiting else None


def pay_what_is_owed(kind: str) -> str:
    """Turns marks that say `owed` into such that say `paid`, each in a transaction of its own.

    Where a mark `wait:PATH` stands, it waits in the middle of the third, once, with its work not committed.
    """
    done = 0
    while True:
        with transaction.atomic():
            owed = Mark.objects.select_for_update(skip_locked=True).filter(text__startswith=f"owed:{kind}:")
            mark = owed.order_by("pk").first()
            if not mark:
                return f"{done} paid."
            Mark.objects.create(text=mark.text.replace("owed", "paid"))
            mark.delete()
            done += 1
            _wait_in_the_middle_of(kind, done)


def _wait_in_the_middle_of(kind: str, done: int) -> None:
    wait = Mark.objects.filter(text__startswith=f"wait:{kind}:").first()
    if not wait or done != 3:
        return
    said = Path(wait.text.split(":", 2)[2])
    if not said.exists():
        said.write_text(str(os.getpid()))
        while True:
            time.sleep(0.05)

"""Files of calls that a person gives: kept until a worker has looked at them, or taken them in.

The run holds what was asked; its checkpoint holds what became of the rows. A file that was only looked at stays
for a day, so that it can be taken in without being given again.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

from django.core.files.base import File
from django.core.files.storage import default_storage
from django.db import transaction

from dataaccounts.models import CallFile, CallProfile
from dataaccounts.services import calls
from herotill import runs
from herotill.errors import DomainError
from herotill.models import Run
from herotill.progress import Progress
from herotill.users.models import User

log = logging.getLogger(__name__)
RUN = "call-file"
FOLDER = "calls"
KEPT = timedelta(days=1)
GONE = "The file is no longer kept. Give it once more."


def give(*, profile: CallProfile, file: File[bytes], actor: User, only_say: bool) -> Run:
    """Keep a file, and have a worker take it in; or only say what would become of it, with `only_say`."""
    stored = default_storage.save(f"{FOLDER}/{uuid4()}", file)
    asked = {"profile": profile.pk, "stored": stored, "name": file.name, "only_say": only_say}
    return _started(asked, actor)


def take_in(*, looked: Run, actor: User) -> Run:
    """Have the file of such a look taken in. Raises DomainError where it is no longer kept."""
    if not default_storage.exists(looked.params["stored"]):
        raise DomainError(GONE)
    return _started({**looked.params, "only_say": False}, actor)


def _started(asked: dict[str, Any], actor: User) -> Run:
    verb = "A look at" if asked["only_say"] else "Calls of"
    title = f"{verb} {asked['name']}"[:200]
    return runs.start(
        kind=RUN, params=asked, actor=actor, title=title, once=f"{asked['stored']} {asked['only_say']}"
    )


def work(run: Run, progress: Progress) -> None:
    """The run: the whole file in one transaction, which also keeps that it is done."""
    asked = run.params
    if "file" not in progress.cursor:
        if not default_storage.exists(asked["stored"]):
            raise DomainError(GONE)
        _read(run, asked, progress)
    if not asked["only_say"]:
        _let_go(asked["stored"])


@transaction.atomic
def _read(run: Run, asked: dict[str, Any], progress: Progress) -> None:
    with default_storage.open(asked["stored"]) as file:
        outcome = calls.import_file(
            profile=CallProfile.objects.get(pk=asked["profile"]),
            file=file,
            name=asked["name"],
            actor=run.started_by,
            now=run.created_at,
            only_say=asked["only_say"],
        )
    progress.advance(outcome.rows, **outcome.outcomes)
    progress.checkpoint(file=outcome.file.pk, counts=outcome.file.counts)


def seen(looked: Run) -> CallFile:
    """A file as it would be, once it were taken in: not kept, only to be shown."""
    return CallFile(name=looked.params["name"], counts=looked.checkpoint.cursor["counts"])


def sweep(now: datetime) -> int:
    """Let go what was given more than a day before `now`; how many files."""
    old = [name for name in _kept() if _is_older(name, now - KEPT)]
    held = set(
        Run.objects.filter(kind=RUN, state__in=Run.OPEN, params__stored__in=old).values_list(
            "params__stored", flat=True
        )
    )
    return sum(_let_go(name) for name in old if name not in held)


def _let_go(stored: str) -> bool:
    """Delete a file that is needed no more; one that cannot be deleted is tried again by the next sweep."""
    try:
        default_storage.delete(stored)
    except OSError as no:
        log.warning("The file of calls %s could not be deleted: %s", stored, no)
        return False
    return True


def _is_older(name: str, moment: datetime) -> bool:
    try:
        return default_storage.get_modified_time(name) < moment
    except FileNotFoundError:  # a worker has taken it in meanwhile
        return False


def _kept() -> list[str]:
    try:
        return [f"{FOLDER}/{name}" for name in default_storage.listdir(FOLDER)[1]]
    except FileNotFoundError:
        return []

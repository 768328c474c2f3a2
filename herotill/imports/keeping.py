"""How long files and raw records are kept: they hold ID numbers and the like that nobody needs for ever."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from herotill.models import Import, ImportRow, Run

State = Import.State
UNFINISHED = timedelta(days=30)
FINISHED = timedelta(days=90)
DONE = (State.APPLIED, State.ROLLING_BACK, State.ROLLED_BACK)


def clear(now: datetime) -> str:
    """Delete files that were never imported, and of old imports the file and the records as they came.

    What an import did, and what it needs to be rolled back, stays.
    """
    unfinished = _idle().exclude(state__in=DONE).filter(created_at__lt=now - UNFINISHED)
    forgotten = [_delete(batch) for batch in unfinished]
    old = _idle().filter(state__in=DONE, applied_at__lt=now - FINISHED).exclude(file="")
    emptied = [_empty(batch) for batch in old]
    return f"Deleted {len(forgotten)} files, emptied {len(emptied)} imports." if forgotten or emptied else ""


def _idle() -> QuerySet[Import]:
    """Imports at which no run is at work."""
    at_work = Q(dry_run__state__in=Run.OPEN) | Q(run__state__in=Run.OPEN) | Q(back_run__state__in=Run.OPEN)
    return Import.objects.exclude(at_work)


@transaction.atomic
def _delete(batch: Import) -> None:
    _delete_file(batch)
    batch.delete()


@transaction.atomic
def _empty(batch: Import) -> None:
    _delete_file(batch)
    ImportRow.objects.filter(of=batch).update(cells=[])
    Import.objects.filter(pk=batch.pk).update(file="")


def _delete_file(batch: Import) -> None:
    storage, name = batch.file.storage, batch.file.name
    if name:
        transaction.on_commit(lambda: storage.delete(name))

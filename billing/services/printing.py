"""Prints of issued documents: each is made once from its snapshot, stored, and the same for ever after.

A snapshot without a file is owed one. Any number of workers take what is owed in small batches; one that is
killed leaves its batch to the next.
"""

from __future__ import annotations

import hashlib
import logging
import time
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.files.storage import default_storage
from django.db import connection, transaction

from billing.models import Snapshot
from billing.pdf import documents
from billing.pdf.sheets import DocumentSheet
from billing.selectors import sheets
from herotill import jobs, storing
from herotill.errors import DomainError

log = logging.getLogger(__name__)

JOB = "documents-print"
AT_ONCE = 50
LASTS = 50.0  # seconds of one call, so that other work of the same workers has its turn

STORED = """
UPDATE billing_snapshot s SET file = made.file, size = made.size, sha256 = made.sha256, printed_at = now()
FROM unnest(%(ids)s::bigint[], %(files)s::text[], %(sizes)s::int[], %(hashes)s::text[]) AS made (id, file, size, sha256)
WHERE s.id = made.id
"""


@dataclass(frozen=True, slots=True)
class Batch:
    """What became of some prints. `last` is the greatest snapshot among them, None where none was owed."""

    printed: int = 0
    failed: int = 0
    last: int | None = None


def carry_out(now: datetime) -> str:
    """The job: print what is owed. While there is more than a batch, one more worker is called to help."""
    end, printed, failed = time.monotonic() + LASTS, 0, 0
    batch = print_some()
    if batch.printed + batch.failed == AT_ONCE:
        jobs.nudge(JOB)
    while batch.last is not None:
        printed, failed = printed + batch.printed, failed + batch.failed
        batch = print_some(after=batch.last) if time.monotonic() < end else Batch()
    jobs.count(printed=printed, failed=failed)
    told = f"Printed {printed:,} documents." if printed else ""
    return f"{told} {failed:,} could not be printed; the log tells why.".strip() if failed else told


@transaction.atomic
def print_some(*, after: int = 0, among: Collection[int] | None = None) -> Batch:
    """Print some of what is owed and nobody is printing, from the snapshot after `after`.

    `among` names documents. One that cannot be printed is logged, and stays owed.
    """
    owed = Snapshot.objects.filter(sha256="", pk__gt=after).order_by("pk")
    owed = owed.filter(owed=True) if among is None else owed.filter(document__in=among)
    held = list(owed.select_for_update(skip_locked=True, no_key=True).values_list("pk", flat=True)[:AT_ONCE])
    made = {pk: content for pk, sheet in sheets.of(held).items() if (content := _printed(pk, sheet))}
    _store(made)
    return Batch(len(made), len(held) - len(made), max(held, default=None))


def _printed(pk: int, sheet: DocumentSheet) -> bytes | None:
    try:
        return documents.render(sheet)
    except Exception:
        log.exception("The print of snapshot %s could not be made.", pk)
        return None


def _store(made: dict[int, bytes]) -> None:
    """Files first, and when they are safe the rows that say so."""
    if not made:
        return
    rows = [(pk, hashlib.sha256(content).hexdigest(), content) for pk, content in made.items()]
    files = {_place(pk, digest): content for pk, digest, content in rows}
    storing.keep(files)
    values: dict[str, list[Any]] = {
        "ids": [pk for pk, _, _ in rows],
        "files": list(files),
        "sizes": [len(content) for _, _, content in rows],
        "hashes": [digest for _, digest, _ in rows],
    }
    with connection.cursor() as cursor:
        cursor.execute(STORED, values)


def _place(snapshot: int, digest: str) -> str:
    """A thousand in a folder; the hash in the name makes a second try harmless."""
    return f"documents/{snapshot // 1000:06}/{snapshot}-{digest[:16]}.pdf"


def newest(of: Collection[int]) -> dict[int, Snapshot]:
    """The snapshot that counts of each of these documents, by the document's id."""
    found = Snapshot.objects.filter(document__in=of).select_related("document").order_by("version")
    return {one.document_id: one for one in found}


def original(snapshot: Snapshot) -> bytes:
    """The stored bytes. Raises DomainError where they are not there yet, or are not what was stored."""
    if not snapshot.sha256 and not snapshot.owed:
        print_some(among=[snapshot.document_id])
        snapshot.refresh_from_db()
    if not snapshot.sha256:
        raise DomainError("This document is being printed. Try again in a minute.")
    try:
        with default_storage.open(snapshot.file, "rb") as file:
            content = file.read()
    except FileNotFoundError as trouble:
        if snapshot.bill_to == f"Former customer {snapshot.code}":
            raise DomainError(
                "The law's years are over; the print went with the customer's name."
            ) from trouble
        raise _damaged(snapshot.file) from trouble
    if hashlib.sha256(content).hexdigest() != snapshot.sha256:
        raise _damaged(snapshot.file)
    return bytes(content)


def _damaged(file: str) -> DomainError:
    return DomainError(
        f"The stored file {file} is missing or no longer what was stored. Ask your administrator to bring it "
        "back from the backup; until then, a copy can be printed."
    )


def copy(snapshot: Snapshot) -> bytes:
    """A print of the same snapshot, marked as a copy."""
    return documents.render(sheets.copies_of([snapshot.pk])[snapshot.pk])

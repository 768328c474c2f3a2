"""A trail as a file, one line a field. Large ones need a right, all are on record, masked stays masked."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.utils import timezone

from herotill.errors import DomainError
from herotill.lists.export import as_csv
from herotill.models import Export

from .reading import Entry, count, each

HEADINGS = ["When", "Who", "From where", "Address", "Done", "What", "Customer", "Field", "Old", "New"]
RIGHT = "house.export_audit"
CHUNK = 500


def take(*, viewer: Any, query: str, **wanted: Any) -> Iterator[bytes]:
    """The whole trail as CSV, streamed. Raises DomainError where the right for so much is missing."""
    rows = count(viewer=viewer, **wanted)
    if rows > settings.EXPORT_ROWS_WITHOUT_RIGHT and not viewer.has_perm(RIGHT):
        raise DomainError(
            f"These are {rows:,} entries. To export more than {settings.EXPORT_ROWS_WITHOUT_RIGHT:,} you need a"
            " right that you do not have; filter further, or ask your system administrator."
        )
    Export.objects.create(
        list_name="audit", person=viewer, query=query, columns=HEADINGS, file_format="csv", rows=rows
    )
    return as_csv(HEADINGS, _chunks(each(viewer=viewer, **wanted)))


def _chunks(entries: Iterator[Entry]) -> Iterator[list[list[Any]]]:
    chunk: list[list[Any]] = []
    for entry in entries:
        chunk += _lines(entry)
        if len(chunk) >= CHUNK:
            yield chunk
            chunk = []
    yield chunk


def _lines(entry: Entry) -> list[list[Any]]:
    at = timezone.localtime(entry.at).strftime("%Y-%m-%d %H:%M:%S")  # noqa: TID251 - a given moment
    head = [at, entry.who, entry.where, entry.ip, entry.verb, entry.what, entry.customer_code]
    told = [(change.label, change.old, change.new) for change in entry.changes] or [("", "", "")]
    return [[*head, *one] for one in told]

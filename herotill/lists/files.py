"""Exports on their way out: small ones at once, large ones by a run that leaves a file for the person."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.db.models import QuerySet
from django.http import FileResponse, HttpResponseBase, QueryDict, StreamingHttpResponse
from django.urls import reverse

from herotill import runs
from herotill.access import may
from herotill.downloads import as_download
from herotill.errors import DomainError
from herotill.jobs import Queue
from herotill.lists import export
from herotill.lists.lists import lists
from herotill.lists.remembering import Remembered
from herotill.lists.sheet import Sheet
from herotill.models import Export, Run

LARGE = 20_000
KIND = "list-export"
KEPT = timedelta(days=3)
TYPES = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
}


def send(sheet: Sheet, rows: QuerySet[Any], made: Export) -> HttpResponseBase:
    """The file, in the answer to the request that asked for it."""
    headings = [column.heading for column in sheet.columns]
    chunks = export.lines(sheet, rows)
    if made.file_format == "csv":
        response: HttpResponseBase = StreamingHttpResponse(export.as_csv(headings, chunks))
    else:
        response = FileResponse(_workbook(headings, chunks))
    return _named(response, made)


def _workbook(headings: list[str], chunks: Iterator[list[Any]]) -> IO[bytes]:
    """A file that is gone when the answer that sends it is closed."""
    file = tempfile.TemporaryFile()  # noqa: SIM115
    export.as_xlsx(headings, chunks, file)
    file.seek(0)
    return file


def _named(response: HttpResponseBase, made: Export) -> HttpResponseBase:
    response.headers["Content-Type"] = TYPES[made.file_format]
    return as_download(response, f"{made.list_name}-{made.pk}.{made.file_format}")


def kept(made: Export) -> HttpResponseBase:
    """The file that a run left. Raises DomainError where it is gone, or its person may no longer have all of it."""
    listing = lists.get(made.list_name)
    columns = listing.columns_for(made.person) if listing and may(made.person, listing.permission) else {}
    right = listing.export_permission if listing and made.rows > settings.EXPORT_ROWS_WITHOUT_RIGHT else ""
    if not columns.keys() >= set(made.columns) or not may(made.person, right):
        raise DomainError("What stands in this file is no longer open to you.")
    if not made.file:
        raise DomainError("This file is no longer kept. Export the list again.")
    return _named(FileResponse(made.file.open("rb")), made)


def begin(made: Export) -> Run:
    """Have a run write the file."""
    title = f"Export of {lists[made.list_name].counted(made.rows)}"
    return runs.start(kind=KIND, params={"export": made.pk}, actor=made.person, title=title)


def write(run: Run, progress: runs.Progress) -> None:
    """What the run does: the list as its person may see it now, into a file of theirs."""
    made = Export.objects.select_related("person").get(pk=run.params["export"])
    sheet = _sheet(made)
    progress.expect(made.rows)
    with _file(made) as file:
        chunks = _told(export.lines(sheet, sheet.matching), progress)
        headings = [column.heading for column in sheet.columns]
        if made.file_format == "csv":
            file.writelines(export.as_csv(headings, chunks))
        else:
            export.as_xlsx(headings, chunks, file)


def _sheet(made: Export) -> Sheet:
    listing, query = lists[made.list_name], QueryDict(made.query)
    if not made.person.has_perm(listing.permission):
        raise DomainError("The list is no longer open to the person who asked for this export.")
    sheet = Sheet(listing, made.person, query, Remembered())
    sheet.remembered = Remembered().with_columns(sheet.state.view, made.columns)
    return sheet


@contextmanager
def _file(made: Export) -> Iterator[IO[bytes]]:
    with tempfile.TemporaryFile() as file:
        yield file
        file.seek(0)
        made.file.save(f"{made.list_name}-{made.pk}.{made.file_format}", File(file))


def _told(chunks: Iterator[list[Any]], progress: runs.Progress) -> Iterator[list[Any]]:
    for chunk in chunks:
        yield chunk
        progress.advance(len(chunk), rows=len(chunk))


def result_url(run: Run) -> str:
    return reverse("list-export-file", args=[run.params["export"]])


def clear(now: datetime) -> str:
    """The job that deletes the files of old exports; that they were made stays on record."""
    old = Export.objects.filter(at__lt=now - KEPT).exclude(file="")
    for made in old:
        made.file.delete()
    return f"Deleted {len(old)} files." if old else ""


KINDS = runs.RunKind(
    name=KIND,
    title="Export of a list",
    permission="",
    queue=Queue.REPORTS,
    function=write,
    result_url=result_url,
)

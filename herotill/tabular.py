"""Tables of figures as files: the same rows as CSV or as a workbook."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any, Protocol

from django.conf import settings
from django.core.exceptions import PermissionDenied
from django.http import FileResponse, Http404, HttpRequest, HttpResponseBase, StreamingHttpResponse

from herotill.access import may
from herotill.downloads import as_download
from herotill.lists import export
from herotill.lists.files import TYPES
from herotill.models import Export


class Rows(Protocol):
    """Rows that may be read from the database one after the other; how many there are is known before."""

    def __len__(self) -> int: ...

    def __iter__(self) -> Iterator[Sequence[Any]]: ...


@dataclass(frozen=True, slots=True)
class Figures:
    """A table: what it is, its name as a file's, headings and rows. Amounts are Decimal, days are dates."""

    kind: str
    name: str
    headings: Sequence[str]
    rows: Rows = field(default_factory=list)


def record(figures: Figures, file_format: str, *, person: Any, asked: str, large: str) -> None:
    """Note that somebody takes a table, also one on paper.

    Raises PermissionDenied where it is long and the person does not hold the right `large`.
    """
    if len(figures.rows) > settings.EXPORT_ROWS_WITHOUT_RIGHT and not may(person, large):
        raise PermissionDenied
    Export.objects.create(
        list_name=figures.kind,
        person=person,
        query=asked[:2000],
        columns=list(figures.headings),
        file_format=file_format,
        rows=len(figures.rows),
    )


def as_file(figures: Figures, file_format: str, *, person: Any, asked: str, large: str) -> HttpResponseBase:
    """The table as a download in `csv` or `xlsx`; 404 for any other. That somebody took it is on record.

    Raises PermissionDenied where it is long and the person does not hold the right `large`.
    """
    if file_format not in TYPES:
        raise Http404("There is no such format.")
    record(figures, file_format, person=person, asked=asked, large=large)
    if file_format == "csv":
        response: HttpResponseBase = StreamingHttpResponse(
            export.as_csv(figures.headings, _chunks(figures.rows))
        )
    else:
        file = tempfile.TemporaryFile()  # noqa: SIM115
        export.as_xlsx(figures.headings, _chunks(figures.rows), file)
        file.seek(0)
        response = FileResponse(file)
    response.headers["Content-Type"] = TYPES[file_format]
    return as_download(response, f"{figures.name}.{file_format}")


def _chunks(rows: Rows) -> Iterator[list[list[Any]]]:
    found = iter(rows)
    while some := [list(row) for row in islice(found, export.CHUNK)]:
        yield some


def taken(request: HttpRequest, figures: Figures, *, large: str) -> HttpResponseBase:
    """The table as the file that the request asks for by `format`."""
    query = request.GET.copy()
    file_format = query.pop("format", [""])[-1]
    return as_file(figures, str(file_format), person=request.user, asked=query.urlencode(), large=large)

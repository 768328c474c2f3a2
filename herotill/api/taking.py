"""Lists that programs read are exports too: a long one takes the list's right, and all are on record (s22)."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.conf import settings
from django.db import connection
from django.http import HttpRequest

from herotill.access import may
from herotill.api.refusing import Refused
from herotill.clock import local_day, moment, stamp
from herotill.models import Export

FORMAT = "api"
LETTERS = 1000
_PAGING = frozenset({"cursor", "limit"})
_MORE = """
UPDATE house_export SET rows = rows + %(rows)s,
    query = CASE WHEN position(%(query)s IN query) > 0 OR length(query) > %(letters)s THEN query
        ELSE query || ' ' || %(query)s END
WHERE id = (SELECT id FROM house_export WHERE person_id = %(person)s AND list_name = %(name)s
    AND file_format = 'api' AND at >= %(since)s ORDER BY id DESC LIMIT 1)
"""


@dataclass(frozen=True, slots=True)
class Taken:
    """A list that programs read; `right` is what its export takes on the screen."""

    name: str
    right: str


def allow(request: HttpRequest, taken: Taken, rows: int) -> None:
    """Raises Refused where so many rows in one go take a right that the owner of the token does not hold."""
    if rows > settings.EXPORT_ROWS_WITHOUT_RIGHT and not may(request.user, taken.right):
        raise Refused(
            403,
            "export_right_missing",
            f"More than {settings.EXPORT_ROWS_WITHOUT_RIGHT} rows take the right to export this list, which "
            "the owner of this token does not hold. Filter further.",
        )


def walk_of(request: HttpRequest) -> str:
    """Which walk through which list this is: the address and its filters, as a short digest."""
    return hashlib.sha256(repr((request.path, _filters(request))).encode()).hexdigest()[:16]


def _filters(request: HttpRequest) -> list[tuple[str, str]]:
    given = ((name, value) for name, values in request.GET.lists() for value in values)
    return sorted((name, value) for name, value in given if value and name not in _PAGING)


def record(request: Any, taken: Taken, rows: int) -> None:
    """Note who reads how much of which list, filtered how: one entry for each person, list and day."""
    if not rows:
        return
    query = urlencode([("token", request.api_token.prefix), *_filters(request)])[:LETTERS]
    known = {"rows": rows, "query": query, "letters": LETTERS, "person": request.user.pk, "name": taken.name}
    with connection.cursor() as cursor:
        cursor.execute(_MORE, known | {"since": moment(local_day(stamp()))})
        if cursor.rowcount:
            return
    Export.objects.create(
        list_name=taken.name, person=request.user, query=query, file_format=FORMAT, rows=rows
    )

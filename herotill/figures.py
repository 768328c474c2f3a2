"""How figures are asked for: one statement each, its rows by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connections

from herotill.clock import moment
from herotill.reading import reading


@dataclass(frozen=True, slots=True)
class Days:
    """A stretch of days, both ends in it."""

    first: date
    last: date

    @property
    def bounds(self) -> dict[str, datetime]:
        """From the first moment of the first day to that of the day after the last, here."""
        return {"first": moment(self.first), "end": moment(self.last + timedelta(days=1))}


def asked(sql: str, values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The rows of a question, from where reports may be read."""
    with connections[reading()].cursor() as cursor:
        cursor.execute(sql, values)
        names = [column[0] for column in cursor.description]
        return [dict(zip(names, row, strict=True)) for row in cursor.fetchall()]

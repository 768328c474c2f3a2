"""Tables that are kept in parts by day or month: room for what comes, and the way in which what is old goes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.conf import settings
from django.db import OperationalError, connection, transaction


@dataclass(frozen=True, slots=True)
class Parted:
    """A table in parts: the column that decides, `day` or `month`, and how many are made ahead."""

    table: str
    key: str
    step: str
    ahead: int


JOURNAL = Parted("dataaccounts_journal", "noted_at", "day", 7)
DAYS = Parted("dataaccounts_usageday", "day", "month", 3)
HOURS = Parted("dataaccounts_usagehour", "hour", "day", 7)
LOAD = Parted("dataaccounts_loadhour", "hour", "day", 7)
ARCHIVE = Parted("radacct_archive", "acctstoptime", "month", 3)
ALL = (JOURNAL, DAYS, HOURS, LOAD, ARCHIVE)


def prepare(now: datetime) -> str:
    """Make the parts that will be needed soon; without them rows lie in a spare part, and none is lost."""
    made = sum(_make(parted, now, parted.ahead) for parted in ALL)
    return f"Made room in {made} parts." if made else "There is room."


def make(parted: Parted, *, first: datetime, last: datetime) -> int:
    """Make the parts of a stretch of the past too, for whoever brings history; how many were new."""
    between = relativedelta(last, first)
    months = between.years * 12 + between.months + 1
    return _make(parted, first, (last - first).days + 1 if parted.step == "day" else months)


def forget(parted: Parted, *, before: datetime) -> int:
    """Drop the parts that ended before a moment, for ever; how many. Whoever is busy with them is not waited for."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = '3s'")
            return _call(
                "SELECT dataaccounts_drop_parts(%s, %s, %s, %s, %s)",
                [parted.table, parted.key, parted.step, settings.TIME_ZONE, before],
            )
    except OperationalError:
        return 0  # the next night


def _make(parted: Parted, moment: datetime, ahead: int) -> int:
    return _call(
        "SELECT dataaccounts_make_parts(%s, %s, %s, %s, %s, %s)",
        [parted.table, parted.key, parted.step, settings.TIME_ZONE, moment, ahead],
    )


def _call(statement: str, parameters: Sequence[str | int | datetime]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        row = cursor.fetchone()
    return int(row[0]) if row else 0

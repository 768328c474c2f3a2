"""What data accounts used, by day, month and hour. Octets; for many accounts at once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import NamedTuple, TypeVar

from django.db import connection

BY_DAY = """
SELECT account_id, day, download, upload FROM dataaccounts_usageday
WHERE account_id = ANY (%(accounts)s) AND day BETWEEN %(first)s AND %(last)s ORDER BY account_id, day
"""
BY_MONTH = """
SELECT account_id, date_trunc('month', day)::date, sum(download)::bigint, sum(upload)::bigint FROM dataaccounts_usageday
WHERE account_id = ANY (%(accounts)s) AND day BETWEEN %(first)s AND %(last)s GROUP BY 1, 2 ORDER BY 1, 2
"""
BY_HOUR = """
SELECT account_id, hour, download, upload FROM dataaccounts_usagehour
WHERE account_id = ANY (%(accounts)s) AND hour >= %(first)s AND hour < %(last)s ORDER BY account_id, hour
"""

T = TypeVar("T", date, datetime)


class Usage(NamedTuple):
    """Octets an account used in a stretch of time."""

    download: int
    upload: int

    @property
    def total(self) -> int:
        return self.download + self.upload


def by_day(accounts: Sequence[int], first: date, last: date) -> dict[int, dict[date, Usage]]:
    """Usage of each account on each day of a stretch; days and accounts without any are left out."""
    return _read(BY_DAY, accounts, first, last)


def by_month(accounts: Sequence[int], year: int) -> dict[int, dict[date, Usage]]:
    """Usage of each account in each month of a year, by the month's first day."""
    return _read(BY_MONTH, accounts, date(year, 1, 1), date(year, 12, 31))


def by_hour(accounts: Sequence[int], first: datetime, last: datetime) -> dict[int, dict[datetime, Usage]]:
    """Usage of each account in the hours that begin from `first` on and before `last`, as far as they are kept."""
    return _read(BY_HOUR, accounts, first, last)


def _read(statement: str, accounts: Sequence[int], first: T, last: T) -> dict[int, dict[T, Usage]]:
    found: dict[int, dict[T, Usage]] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, {"accounts": list(accounts), "first": first, "last": last})
        for account, when, download, upload in cursor.fetchall():
            found.setdefault(account, {})[when] = Usage(download, upload)
    return found

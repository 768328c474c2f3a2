"""Who used most, and what was used by package, highsite, sector and router, by month. Read from the months' sums."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connections

from dataaccounts.selectors.usage import Usage
from herotill.months import Month
from herotill.reading import reading

MOST = 10_000
ORDERS = {"total": ("download", "upload"), "download": ("download",), "upload": ("upload",)}

# The few who used most are found first; only they are told by name.
_TOP_ACCOUNTS = """
SELECT u.account_id, 1, u.download, u.upload, a.username, p.name, c.code, c.name
FROM (
    SELECT m.account_id, sum(m.download)::bigint AS download, sum(m.upload)::bigint AS upload
    FROM dataaccounts_usagemonth m WHERE m.month BETWEEN %(first)s AND %(last)s
    GROUP BY m.account_id ORDER BY sum({inner}) DESC, m.account_id LIMIT %(limit)s
) u
JOIN dataaccounts_dataaccount a ON a.id = u.account_id
JOIN dataaccounts_package p ON p.id = a.package_id
JOIN customers_customer c ON c.id = a.customer_id
ORDER BY {outer} DESC, u.account_id
"""
_TOP_CUSTOMERS = """
SELECT u.customer_id, u.accounts, u.download, u.upload, '', '', c.code, c.name
FROM (
    SELECT a.customer_id, count(DISTINCT a.id) AS accounts, sum(m.download)::bigint AS download,
        sum(m.upload)::bigint AS upload
    FROM dataaccounts_usagemonth m JOIN dataaccounts_dataaccount a ON a.id = m.account_id
    WHERE m.month BETWEEN %(first)s AND %(last)s
    GROUP BY a.customer_id ORDER BY sum({inner}) DESC, a.customer_id LIMIT %(limit)s
) u
JOIN customers_customer c ON c.id = u.customer_id
ORDER BY {outer} DESC, u.customer_id
"""
_TOP = {"account": _TOP_ACCOUNTS, "customer": _TOP_CUSTOMERS}

# Accounts stand where they stand today. A sector says its router; without one it is that of the highsite.
_NAS = """coalesce(s.nas_id, (SELECT min(n.id) FROM dataaccounts_nas n WHERE n.highsite_id = g.highsite_id
    AND NOT n.retired))"""
_PLACES = {
    "package": ("g.package_id", "dataaccounts_package t", "t.name"),
    "highsite": ("g.highsite_id", "reference_highsite t", "t.name"),
    "sector": (
        "g.sector_id",
        "dataaccounts_sector t JOIN reference_highsite h ON h.id = t.highsite_id",
        "h.name || ', ' || t.name",
    ),
    "nas": (_NAS, "dataaccounts_nas t", "t.name"),
}
_BY = """
WITH g AS MATERIALIZED (
    SELECT m.month, a.package_id, a.highsite_id, a.sector_id, count(*) AS accounts,
        sum(m.download)::bigint AS download, sum(m.upload)::bigint AS upload
    FROM dataaccounts_usagemonth m JOIN dataaccounts_dataaccount a ON a.id = m.account_id
    WHERE m.month BETWEEN %(first)s AND %(last)s GROUP BY 1, 2, 3, 4
), k AS (
    SELECT {key} AS id, g.month, sum(g.accounts)::bigint AS accounts, sum(g.download)::bigint AS download,
        sum(g.upload)::bigint AS upload
    FROM g LEFT JOIN dataaccounts_sector s ON s.id = g.sector_id GROUP BY 1, 2
)
SELECT k.id, coalesce(p.name, ''), k.month, k.accounts, k.download, k.upload
FROM k LEFT JOIN (SELECT t.id, {name} AS name FROM {table}) p ON p.id = k.id ORDER BY 2, 1, 3
"""


class User(NamedTuple):
    """An account, or a customer with so many accounts, and what it used."""

    id: int
    accounts: int
    download: int
    upload: int
    username: str
    package: str
    code: str
    name: str

    @property
    def total(self) -> int:
        return self.download + self.upload


@dataclass(slots=True)
class Place:
    """A package, highsite, sector or router: what was used there by month, and by how many accounts at most."""

    id: int | None
    name: str
    months: dict[Month, Usage]
    accounts: int = 0

    @property
    def download(self) -> int:
        return sum(one.download for one in self.months.values())

    @property
    def upload(self) -> int:
        return sum(one.upload for one in self.months.values())

    @property
    def total(self) -> int:
        return self.download + self.upload


def top(*, first: Month, last: Month, by: str, order: str, limit: int) -> list[User]:
    """Who used most in these months, the most first: by `account` or `customer`, in an order of `ORDERS`."""
    inner, outer = (" + ".join(f"{of}.{what}" for what in ORDERS[order]) for of in ("m", "u"))
    statement = _TOP[by].format(inner=inner, outer=outer)
    values: dict[str, Any] = {"first": first.first, "last": last.first, "limit": min(limit, MOST)}
    with connections[reading()].cursor() as cursor:
        cursor.execute(statement, values)
        return [User(*row) for row in cursor.fetchall()]


def by_place(*, first: Month, last: Month, by: str) -> list[Place]:
    """Usage in these months by `package`, `highsite`, `sector` or `nas`, the most first. One statement."""
    key, table, name = _PLACES[by]
    found: dict[int | None, Place] = {}
    with connections[reading()].cursor() as cursor:
        cursor.execute(
            _BY.format(key=key, table=table, name=name), {"first": first.first, "last": last.first}
        )
        for pk, called, month, accounts, download, upload in cursor.fetchall():
            place = found.setdefault(pk, Place(pk, called, {}))
            place.months[Month.of(month)] = Usage(download, upload)
            place.accounts = max(place.accounts, accounts)
    return sorted(found.values(), key=lambda place: -place.total)


def months_between(first: Month, last: Month) -> Sequence[Month]:
    """The months from one to another, both included."""
    count = (last.year - first.year) * 12 + last.number - first.number
    return [first.plus(n) for n in range(count + 1)]


def counted_at() -> datetime | None:
    """When a month was last summed up."""
    with connections[reading()].cursor() as cursor:
        cursor.execute(
            "SELECT max(counted_at) FROM dataaccounts_usagemonth"
            " WHERE month = (SELECT max(month) FROM dataaccounts_usagemonth)"
        )
        row = cursor.fetchone()
    return row[0] if row else None

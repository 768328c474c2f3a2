"""How data accounts stand against what they may use in the period that runs."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from dataaccounts.policies import allowances
from dataaccounts.policies.allowances import Added
from herotill.months import Month


@dataclass(frozen=True, slots=True)
class Standing:
    """What an account may use and has used, in octets, in the period that began on `since`.

    A monthly account's period is the month; a prepaid one's begins with the oldest of its bundles that run.
    """

    account_id: int
    customer_id: int
    username: str
    prepaid: bool
    capped_at: datetime | None
    when_capped: str
    since: date
    base: int
    added: int
    level: int
    used: int

    @property
    def used_up(self) -> bool:
        return self.used >= self.level

    @property
    def percent(self) -> int:
        return allowances.percent(self.used, self.level)

    @property
    def left(self) -> int:
        return max(0, self.level - self.used)


_STANDINGS = """
SELECT a.id, a.customer_id, a.username, a.prepaid, a.capped_at, p.when_capped, p.any_topping_restores,
       CASE WHEN a.prepaid THEN t.since ELSE %(month)s END,
       CASE WHEN a.prepaid THEN 0 ELSE coalesce(p.allowance, 0) END, t.octets, t.before,
       (SELECT coalesce(sum(u.download + CASE p.counts WHEN 'both' THEN u.upload ELSE 0 END), 0)
        FROM dataaccounts_usageday u
        WHERE u.account_id = a.id
          AND u.day BETWEEN CASE WHEN a.prepaid THEN t.since ELSE %(month)s END AND %(day)s
          AND NOT (a.prepaid AND EXISTS (
              SELECT FROM dataaccounts_topping d
              WHERE d.account_id = a.id AND d.octets = 0 AND d.taken_back_at IS NULL
                AND u.day BETWEEN d.starts_on AND d.ends_on
                AND (u.day > d.starts_on OR d.added_at <= t.first_added))))
FROM dataaccounts_dataaccount a
JOIN dataaccounts_package p ON p.id = a.package_id
CROSS JOIN LATERAL (
    SELECT coalesce(array_agg(o.octets ORDER BY o.added_at, o.id), '{}') AS octets,
           coalesce(array_agg(o.used_before ORDER BY o.added_at, o.id), '{}') AS before,
           min(o.starts_on) AS since, min(o.added_at) AS first_added
    FROM dataaccounts_topping o
    WHERE o.account_id = a.id AND o.octets > 0 AND o.taken_back_at IS NULL
      AND o.starts_on <= %(day)s AND o.ends_on >= %(day)s) t
WHERE a.id = ANY (%(accounts)s) AND a.state <> 'cancelled'
  AND CASE WHEN a.prepaid THEN t.since IS NOT NULL AND NOT EXISTS (
          SELECT FROM dataaccounts_topping d WHERE d.account_id = a.id AND d.octets = 0 AND d.taken_back_at IS NULL
            AND d.starts_on <= %(day)s AND d.ends_on >= %(day)s)
      ELSE p.allowance IS NOT NULL END
ORDER BY a.id
"""


def standings(*, accounts: Collection[int], day: date) -> list[Standing]:
    """Those of these accounts that have an allowance; what is unlimited has no standing. One statement.

    A prepaid account is unlimited while a bundle of days alone runs, whatever gigabytes it bought besides, and
    what it uses on those days counts towards none of them.
    """
    with connection.cursor() as cursor:
        cursor.execute(_STANDINGS, {"accounts": list(accounts), "day": day, "month": Month.of(day).first})
        return list(_read(cursor.fetchall()))


def _read(rows: list[tuple[Any, ...]]) -> Iterator[Standing]:
    for (
        account,
        customer,
        username,
        prepaid,
        capped_at,
        when,
        restores,
        since,
        base,
        octets,
        before,
        used,
    ) in rows:
        toppings = [Added(*pair) for pair in zip(octets, before, strict=True)]
        level = allowances.level(base, toppings, any_restores=restores)
        whose = (account, customer, username, prepaid, capped_at, when)
        yield Standing(*whose, since, base, sum(octets), level, int(used))

"""A year of usage, worked out by the database from each user name, so that it is the same every time.

Hours of an account, and the load of routers, are the days' figures laid over the hours of a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from itertools import accumulate
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.utils.timezone import get_default_timezone

from dataaccounts.models import DataAccount, NoticeSent
from dataaccounts.policies import allowances
from dataaccounts.selectors.allowances import Standing, standings
from dataaccounts.services import partitions, usage_months
from herotill.bulk import copy_rows
from herotill.clock import local_day, moment
from herotill.demo import DemoOrder
from herotill.months import Month

YEAR = 12
HOURS_KEPT = timedelta(days=14)
CHUNK = 10_000
# A demo of more is there to be measured, and hours are the most rows of all.
MOST_WITH_HOURS = 6000
# How a day is spread over its hours: little at night, most in the evening.
OF_A_DAY = (20, 12, 8, 6, 6, 9, 18, 30, 38, 40, 42, 44, 46, 46, 46, 48, 52, 60, 72, 86, 92, 84, 60, 35)

# A share of 2^32 from an account and a day; how much of its allowance an account uses a day, or, without one, of
# its speed; more at weekends, and some days nothing.
_DAYS = """
INSERT INTO dataaccounts_usageday (account_id, day, download, upload)
SELECT a.id, d.day, n.download, (n.download * (0.05 + 0.08 * a.talks))::bigint
FROM (
    SELECT a.id, k.key, greatest(a.starts_on, %(first)s) AS first,
        least(%(last)s, a.ends_on, a.expires_at::date,
            CASE a.state WHEN 'suspended' THEN a.state_since::date END) AS last,
        h.talks,
        CASE WHEN p.allowance IS NULL THEN sqrt(p.down_kbit / 1000.0::float8) * 1e9 * (0.15 + 2.2 * h.share ^ 3)
            ELSE p.allowance / 30.0::float8 * (0.25 + 1.5 * h.share * h.share) END AS usual
    FROM dataaccounts_dataaccount a
    JOIN dataaccounts_package p ON p.id = a.package_id
    CROSS JOIN LATERAL (SELECT hashtext(a.username)::bigint AS key) k
    CROSS JOIN LATERAL (SELECT
        (hashint8extended(k.key, %(seed)s) & 65535) / 65536.0::float8 AS share,
        (hashint8extended(k.key, %(seed)s + 1) & 65535) / 65536.0::float8 AS talks) h
    WHERE a.id > %(after)s AND a.state <> 'waiting' ORDER BY a.id
) a
CROSS JOIN LATERAL (SELECT a.first + n AS day FROM generate_series(0, a.last - a.first) n) d
CROSS JOIN LATERAL (SELECT hashint8extended(a.key * 100000 + (d.day - date '2000-01-01'), %(seed)s) AS drawn) h
CROSS JOIN LATERAL (SELECT (a.usual * (0.3 + 1.7 * ((drawn & 65535) / 65536.0::float8) ^ 2)
    * CASE WHEN extract(isodow FROM d.day) > 5 THEN 1.5 ELSE 1 END
    * CASE WHEN d.day = %(today)s THEN %(passed)s ELSE 1 END)::bigint AS download) n
WHERE drawn >> 32 & 31 <> 0
"""
_HOURS = """
INSERT INTO dataaccounts_usagehour (account_id, hour, download, upload)
SELECT u.account_id, (u.day + make_interval(hours => s.hour)) AT TIME ZONE %(zone)s,
    u.download * s.upto / 1000000 - u.download * s.before / 1000000,
    u.upload * s.upto / 1000000 - u.upload * s.before / 1000000
FROM dataaccounts_usageday u
JOIN unnest(%(whole)s::boolean[], %(hours)s::int[], %(befores)s::bigint[], %(uptos)s::bigint[])
    AS s(whole, hour, before, upto) ON s.whole = (u.day < %(today)s)
WHERE u.day BETWEEN %(first)s AND %(today)s AND u.account_id <= %(most)s
ON CONFLICT DO NOTHING
"""
_LOAD = """
INSERT INTO dataaccounts_loadhour (nas_address, sector_id, hour, download, upload)
SELECT d.address, d.sector_id, (d.day + make_interval(hours => s.hour)) AT TIME ZONE %(zone)s,
    d.download * s.upto / 1000000 - d.download * s.before / 1000000,
    d.upload * s.upto / 1000000 - d.upload * s.before / 1000000
FROM (
    SELECT n.address, coalesce(a.sector_id, 0) AS sector_id, u.day,
        sum(u.download)::bigint AS download, sum(u.upload)::bigint AS upload
    FROM dataaccounts_usageday u
    JOIN dataaccounts_dataaccount a ON a.id = u.account_id
    JOIN dataaccounts_nas n ON n.highsite_id = a.highsite_id
    WHERE u.day BETWEEN %(first)s AND %(today)s GROUP BY 1, 2, 3
) d
JOIN unnest(%(whole)s::boolean[], %(hours)s::int[], %(befores)s::bigint[], %(uptos)s::bigint[])
    AS s(whole, hour, before, upto) ON s.whole = (d.day < %(today)s)
ON CONFLICT DO NOTHING
"""
_NEWEST = (
    "SELECT coalesce(max(account_id), 0) FROM dataaccounts_usageday WHERE day BETWEEN %(first)s AND %(last)s"
)
_CAP = "UPDATE dataaccounts_dataaccount SET capped_at = %s WHERE id = ANY (%s) AND capped_at IS NULL"


def make_usage(order: DemoOrder) -> None:
    """What accounts used by day, up to a year back; the last days by hour; who is capped. What stands is left."""
    now = order.moment
    _make_room(order, now)
    for month in (Month.of(order.today).plus(n) for n in range(-min(order.months, YEAR), 1)):
        with transaction.atomic():
            if count := _days(month, order, now):
                order.say(f"{count:,} days of usage in {month.label}")
    with transaction.atomic():
        _lay_over_hours(order, now)
    usage_months.count(now=now)
    _cap(order, now)


def _make_room(order: DemoOrder, now: datetime) -> None:
    history = moment(Month.of(order.today).plus(-YEAR).first)
    partitions.make(partitions.DAYS, first=history, last=now)
    for parted in (partitions.HOURS, partitions.LOAD):
        partitions.make(parted, first=now - HOURS_KEPT, last=now)


def _days(month: Month, order: DemoOrder, now: datetime) -> int:
    values: dict[str, Any] = {
        "first": month.first,
        "last": min(month.last, order.today),
        "today": order.today,
        "passed": _passed(now),
        "seed": order.seed,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, values)
        values["after"] = cursor.fetchone()[0]
        cursor.execute(_DAYS, values)
        return int(cursor.rowcount)


def _hour(now: datetime) -> int:
    return now.astimezone(get_default_timezone()).hour


def _passed(now: datetime) -> float:
    """How much of a day's usage this day has seen yet."""
    return sum(OF_A_DAY[: _hour(now) + 1]) / sum(OF_A_DAY)


def _lay_over_hours(order: DemoOrder, now: datetime) -> None:
    shares = [*_shares(OF_A_DAY, whole=True), *_shares(OF_A_DAY[: _hour(now) + 1], whole=False)]
    whole, hours, befores, uptos = zip(*shares, strict=True)
    values = {
        "first": local_day(now - HOURS_KEPT) + timedelta(days=1),
        "today": order.today,
        "zone": settings.TIME_ZONE,
        "whole": list(whole),
        "hours": list(hours),
        "befores": list(befores),
        "uptos": list(uptos),
        "most": MOST_WITH_HOURS,
    }
    with connection.cursor() as cursor:
        cursor.execute(_HOURS, values)
        cursor.execute(_LOAD, values)


def _shares(weights: Sequence[int], *, whole: bool) -> list[tuple[bool, int, int, int]]:
    """For each hour what of the day, in millionths, went before it and with it."""
    upto = [0, *(each * 1_000_000 // sum(weights) for each in accumulate(weights))]
    return [(whole, hour, upto[hour], upto[hour + 1]) for hour in range(len(weights))]


def _cap(order: DemoOrder, now: datetime) -> None:
    """Cap who used their allowance up, and note the notices that went out for it, as the import would have."""
    after = 0
    limited = DataAccount.objects.filter(package__allowance__isnull=False).exclude(state="cancelled")
    limited = limited.exclude(notices_sent__period=Month.of(order.today).first).order_by("pk")
    while ids := list(limited.filter(pk__gt=after).values_list("pk", flat=True)[:CHUNK]):
        found = [one for one in standings(accounts=ids, day=order.today) if not one.prepaid]
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(_CAP, [now, [one.account_id for one in found if one.used_up]])
            _note(found, Month.of(order.today).first)
        after = ids[-1]


def _note(found: Sequence[Standing], period: date) -> None:
    rows = [
        (one.account_id, period, percent)
        for one in found
        for percent in allowances.reached(one.used, one.level)
    ]
    copy_rows(NoticeSent, ["account", "period", "percent"], rows)

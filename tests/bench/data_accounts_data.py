"""Bench data: an account for every customer, routers, sessions and months of usage, written by plain SQL past triggers."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db import connection
from psycopg import sql

from dataaccounts.models import DataAccount, Package, ToppingOffer
from herotill.clock import stamp
from tests import databases
from tests.bench import data
from tests.factories.data import GB, make_package
from tests.factories.products import make_product

DAYS = 120
KEPT_HOURS = 14 * 24
TABLES = (
    "dataaccounts_nas dataaccounts_sector dataaccounts_dataaccount dataaccounts_device dataaccounts_usagenotice"
    " radacct radpostauth"
).split()

# 200 routers, 600 sectors. Every twentieth customer has a second account; of the accounts 88 % are active, 5 %
# suspended, 5 % cancelled, 2 % not active yet; 15 % prepaid, 3 % capped, 2 % with a fixed address.
NETWORK = """
INSERT INTO dataaccounts_nas (name, vendor_id, address, coa_port, coa_per_second, interim_seconds, highsite_id)
SELECT 'Tower ' || n, (SELECT id FROM dataaccounts_vendortemplate WHERE slug = 'mikrotik'), '10.1.0.0'::inet + n, 3799, 50, 300, h.id
FROM generate_series(1, 200) n
JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS place, count(*) OVER () AS many FROM reference_highsite) h ON h.place = n %% h.many;
INSERT INTO dataaccounts_sector (highsite_id, name, nas_id)
SELECT highsite_id, name || ' ' || way, id FROM dataaccounts_nas CROSS JOIN unnest(ARRAY['North', 'South', 'West']) way WHERE highsite_id IS NOT NULL;
CREATE TEMP TABLE places AS SELECT row_number() OVER (ORDER BY s.id) - 1 AS place, s.id AS sector_id, s.highsite_id, n.address
FROM dataaccounts_sector s JOIN dataaccounts_nas n ON n.id = s.nas_id;
CREATE TEMP TABLE given AS SELECT row_number() OVER (ORDER BY c.id, k) - 1 AS n, c.id AS customer_id, c.code
FROM customers_customer c CROSS JOIN generate_series(1, 2) k WHERE k = 1 OR c.id %% 20 = 3 OR c.code = 'ALI001';
INSERT INTO dataaccounts_dataaccount (customer_id, username, package_id, prepaid, state, starts_on, expires_at, capped_at,
    static_ip, highsite_id, sector_id)
SELECT g.customer_id, 'user' || g.n || '@isp.example', (%(packages)s::bigint[])[1 + g.n %% %(kinds)s], g.n %% 20 IN (1, 2, 3),
    CASE WHEN g.n %% 100 < 5 THEN 'suspended' WHEN g.n %% 100 < 10 THEN 'cancelled' WHEN g.n %% 100 < 12 THEN 'waiting' ELSE 'active' END,
    %(now)s::date - 400, CASE WHEN g.n %% 20 IN (1, 2, 3) THEN %(now)s::timestamptz + (g.n %% 60 - 20) * interval '1 day' END,
    CASE WHEN g.n %% 33 = 7 THEN %(now)s::timestamptz - interval '3 days' END,
    CASE WHEN g.n %% 50 = 9 THEN '196.10.0.0'::inet + g.n END, p.highsite_id, p.sector_id
FROM given g JOIN places p ON p.place = g.n %% (SELECT count(*) FROM places) ORDER BY g.n;
INSERT INTO dataaccounts_servicespan (account_id, package_id, prepaid, starts_on)
SELECT id, package_id, prepaid, starts_on FROM dataaccounts_dataaccount;
INSERT INTO dataaccounts_device (account_id, mac, state, last_seen_at)
SELECT id, '80:2A:A8:' || to_char(id / 10000 %% 100, 'FM00') || ':' || to_char(id / 100 %% 100, 'FM00') || ':' || to_char(id %% 100, 'FM00'),
    CASE id %% 10 WHEN 0 THEN 'blocked' WHEN 1 THEN 'seen' ELSE 'authorised' END, %(now)s FROM dataaccounts_dataaccount;
INSERT INTO dataaccounts_usagenotice (account_id, email) SELECT id, 'user@isp.example' FROM dataaccounts_dataaccount WHERE id %% 3 = 0;
INSERT INTO dataaccounts_noticesent (account_id, period, percent)
SELECT id, date_trunc('month', %(now)s::timestamptz)::date, p FROM dataaccounts_dataaccount CROSS JOIN unnest(ARRAY[75, 90, 100]) p WHERE id %% 6 = 0;
INSERT INTO dataaccounts_topping (account_id, offer_id, octets, starts_on, ends_on, charge)
SELECT id, %(offer)s, 10 * 10::bigint ^ 9, %(now)s::date - d * 30, %(now)s::date - d * 30 + 29, 'next'
FROM dataaccounts_dataaccount CROSS JOIN generate_series(0, 3) d WHERE id %% 5 = 0;
INSERT INTO dataaccounts_signalreading (account_id, nas_id, dbm, read_at)
SELECT a.id, s.nas_id, -50 - a.id %% 40, %(now)s FROM dataaccounts_dataaccount a JOIN dataaccounts_sector s ON s.id = a.sector_id
"""

# The newest session of each active account is up, but for one in ten; two ended ones each before. Those up were
# heard of a month from now, so that they still are when the database is used again; of them 1 %
# are unheard of, 0.5 % carry a name of nobody, 0.2 % a router of nobody.
SESSIONS = """
INSERT INTO radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime, acctstoptime,
    acctinterval, acctsessiontime, acctinputoctets, acctoutputoctets, callingstationid, acctterminatecause, framedipaddress)
SELECT to_hex(s.n * 8 + s.k), md5(s.n || '/' || s.k), s.username, s.address, s.began, CASE WHEN s.up THEN s.heard ELSE s.began + s.held END,
    CASE WHEN NOT s.up THEN s.began + s.held END, 300, 3600, 10::bigint ^ 8, 10::bigint ^ 9 + s.n, '80:2A:A8:24:E8:61',
    CASE WHEN s.up THEN '' WHEN s.n %% 300 = 5 THEN 'Stale-Session' ELSE 'User-Request' END, '100.64.0.0'::inet + s.n %% 4000000
FROM (
    SELECT a.n, k, CASE WHEN a.n %% 200 = 17 AND k = 0 THEN 'nobody' || a.n ELSE a.username END AS username,
        CASE WHEN a.n %% 500 = 21 THEN '10.9.0.1'::inet ELSE a.address END AS address,
        %(now)s::timestamptz - k * interval '2 days' - a.n %% 86400 * interval '1 second' AS began,
        interval '1 hour' * (1 + a.n %% 40) AS held, (k = 0 OR k = 1 AND a.n %% 400 = 32) AND a.state = 'active' AND a.n %% 10 < 9 AS up,
        %(now)s::timestamptz - CASE WHEN a.n %% 100 = 77 THEN interval '2 hours' ELSE interval '-30 days' END AS heard
    FROM (SELECT d.id AS n, d.username, d.state, n.address FROM dataaccounts_dataaccount d
        JOIN dataaccounts_sector s ON s.id = d.sector_id JOIN dataaccounts_nas n ON n.id = s.nas_id) a
    CROSS JOIN generate_series(0, 2) k
) s ORDER BY s.k DESC, s.n
"""
REPORTS = """
INSERT INTO dataaccounts_counter (unique_id, at, seconds, input_octets, output_octets, was_at, was_input, was_output, seen_at)
SELECT acctuniqueid, extract(epoch FROM acctupdatetime)::bigint, 3600, acctinputoctets, acctoutputoctets, 0, 0, 0, acctupdatetime
FROM radacct WHERE acctstoptime IS NULL;
INSERT INTO dataaccounts_trouble (unique_id, kind, times, noted_at)
SELECT acctuniqueid, CASE radacctid %% 2 WHEN 0 THEN 'reset' ELSE 'clock' END, 1, %(now)s FROM radacct WHERE acctstoptime IS NULL AND acctuniqueid LIKE '00%%';
INSERT INTO dataaccounts_unknownusage (username, nas_address, day, download, upload)
SELECT 'nobody' || n, '10.1.0.1', %(now)s::date - d, 10::bigint ^ 8, 10::bigint ^ 7 FROM generate_series(1, 300) n CROSS JOIN generate_series(0, 20) d;
INSERT INTO radpostauth (username, reply, callingstationid, authdate, reason)
SELECT a.username, CASE WHEN (a.id + k) %% 12 = 0 THEN 'Access-Reject' ELSE 'Access-Accept' END, '80:2A:A8:24:E8:61',
    %(now)s::timestamptz - k * interval '1 day' - a.id %% 86400 * interval '1 second', CASE WHEN (a.id + k) %% 12 = 0 THEN 'Wrong password' ELSE '' END
FROM generate_series(0, 2) k CROSS JOIN dataaccounts_dataaccount a ORDER BY 4;
INSERT INTO dataaccounts_sessionorder (account_id, unique_id, nas_id, kind, why, state, ordered_at, ended_at)
SELECT a.id, md5(a.id || '/' || 0), n.nas_id, CASE a.id %% 3 WHEN 0 THEN 'change' ELSE 'disconnect' END, 'Suspended',
    CASE WHEN a.id %% 100 = 3 THEN 'owed' WHEN a.id %% 100 = 13 THEN 'refused' WHEN a.id %% 100 = 23 THEN 'silent' ELSE 'done' END,
    %(now)s::timestamptz - a.id * interval '20 seconds', %(now)s
FROM dataaccounts_dataaccount a JOIN dataaccounts_sector n ON n.id = a.sector_id WHERE a.id %% 2 = 1
"""
USAGE = """
INSERT INTO dataaccounts_usageday (account_id, day, download, upload)
SELECT a.id, d, 10::bigint ^ 9 + a.id * 1000 + extract(day FROM d)::bigint * 10 ^ 7, 10::bigint ^ 8
FROM generate_series(%(first)s::date, %(last)s::date, '1 day') d CROSS JOIN dataaccounts_dataaccount a WHERE a.state <> 'waiting'
"""
LOAD = """
INSERT INTO dataaccounts_usagehour (account_id, hour, download, upload)
SELECT a.id, date_trunc('hour', %(now)s::timestamptz) - h * interval '1 hour', 10 ^ 8, 10 ^ 7
FROM generate_series(0, 23) h CROSS JOIN dataaccounts_dataaccount a WHERE a.state = 'active';
INSERT INTO dataaccounts_loadhour (nas_address, sector_id, hour, download, upload)
SELECT n.address, s.id, date_trunc('hour', %(now)s::timestamptz) - h * interval '1 hour', 10::bigint ^ 10, 10::bigint ^ 9
FROM dataaccounts_sector s JOIN dataaccounts_nas n ON n.id = s.nas_id CROSS JOIN generate_series(0, %(hours)s - 1) h
"""


@contextlib.contextmanager
def network(*, customers: int) -> Iterator[None]:
    """Points Django at a copy of the bench database in which every customer has an account that is used."""
    original = databases.current()
    name = f"{original}_network"
    with databases.server() as server:
        if not databases.exists(server, name):
            started = time.perf_counter()
            databases.drop(server, f"{name}_new")
            data.use("postgres")
            databases.copy(server, original, f"{name}_new")
            data.use(f"{name}_new")
            fill()
            data.use(original)
            server.execute(
                sql.SQL("ALTER DATABASE {} RENAME TO {}").format(*map(sql.Identifier, (f"{name}_new", name)))
            )
            print(f"made {name} in {time.perf_counter() - started:.0f} s", file=sys.stderr)
    data.use(name)
    try:
        yield
    finally:
        data.use(original)


def fill() -> None:
    """Accounts and routers, three sessions each, four months of usage by day, one day by hour."""
    if DataAccount.objects.exists():
        return
    now = stamp()
    values = {"now": now, "offer": _offer(), "hours": KEPT_HOURS} | _packages()
    with connection.cursor() as cursor:
        _parts(now)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        for statement in ";\n".join((NETWORK, SESSIONS, REPORTS, LOAD)).split(";\n"):
            cursor.execute(statement, values)
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
        cursor.execute(USAGE, {"first": now.date() - timedelta(days=DAYS), "last": now.date()})
        cursor.execute("VACUUM ANALYZE")


def _packages() -> dict[str, object]:
    slow = make_package("1Mb/s once capped", down_kbit=1000, up_kbit=500)
    for size in range(1, 12):
        make_package(
            f"{size * 10}Mb/s {'Capped' if size % 2 else 'Uncapped'}",
            down_kbit=size * 10_000,
            allowance=size * 20 * GB if size % 2 else None,
            once_capped=slow,
        )
    ids = list(Package.objects.order_by("pk").values_list("pk", flat=True))
    return {"packages": ids, "kinds": len(ids)}


def _offer() -> int:
    product = make_product("TOP10", None)
    return ToppingOffer.objects.create(name="10 GB topping", product=product, octets=10 * GB).pk


def _parts(now: datetime) -> None:
    """Months for what lies before the first day that the migrations made parts for."""
    with connection.cursor() as cursor:
        for back in range(DAYS // 30 + 1, -1, -1):
            cursor.execute(
                "SELECT dataaccounts_make_parts('dataaccounts_usageday', 'day', 'month', 'Africa/Johannesburg',"
                " %s::timestamptz - %s * interval '1 month', 0)",
                [now, back],
            )
        cursor.execute(
            "SELECT dataaccounts_make_parts('dataaccounts_' || name, 'hour', 'day', 'Africa/Johannesburg',"
            " %s::timestamptz - interval '14 days', 14) FROM unnest(ARRAY['usagehour', 'loadhour']) name",
            [now],
        )

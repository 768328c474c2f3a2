"""Bench data: the demo's accounts, routers and sessions with a year of usage, and what goes wrong with sessions."""

from __future__ import annotations

import contextlib
import sys

from django.db import connection

from dataaccounts.demo.usage import YEAR, make_usage
from herotill.clock import local_day, stamp
from herotill.demo import DemoOrder
from tests import databases
from tests.bench import data

# Those up were heard of a month from now, so that they still are when the database is used again. Of them 1 % are
# unheard of, 0.5 % carry a name of nobody, 0.2 % a router of nobody, 0.25 % are up twice.
SESSIONS = """
UPDATE radacct SET acctupdatetime = %(now)s::timestamptz
        + CASE WHEN radacctid %% 100 = 77 THEN interval '-2 hours' ELSE interval '30 days' END,
    username = CASE WHEN radacctid %% 200 = 17 THEN 'nobody' || radacctid ELSE username END,
    nasipaddress = CASE WHEN radacctid %% 500 = 21 THEN '10.9.0.1' ELSE nasipaddress END
WHERE acctstoptime IS NULL;
UPDATE radacct SET acctterminatecause = 'Stale-Session' WHERE acctstoptime IS NOT NULL AND radacctid %% 300 = 5;
INSERT INTO radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime, acctinterval,
    acctsessiontime, acctinputoctets, acctoutputoctets, callingstationid, acctterminatecause, framedipaddress)
SELECT acctsessionid || 'a', md5(acctuniqueid), username, nasipaddress, acctstarttime, acctupdatetime, acctinterval,
    acctsessiontime, acctinputoctets, acctoutputoctets, callingstationid, acctterminatecause, framedipaddress
FROM radacct WHERE acctstoptime IS NULL AND radacctid %% 400 = 32
"""
REPORTS = """
INSERT INTO dataaccounts_counter (unique_id, at, seconds, input_octets, output_octets, was_at, was_input, was_output, seen_at)
SELECT acctuniqueid, extract(epoch FROM acctupdatetime)::bigint, 3600, acctinputoctets, acctoutputoctets, 0, 0, 0, acctupdatetime
FROM radacct WHERE acctstoptime IS NULL;
INSERT INTO dataaccounts_trouble (unique_id, kind, times, noted_at)
SELECT acctuniqueid, CASE radacctid %% 2 WHEN 0 THEN 'reset' ELSE 'clock' END, 1, %(now)s FROM radacct WHERE acctstoptime IS NULL AND acctuniqueid LIKE '00%%';
INSERT INTO dataaccounts_unknownusage (username, nas_address, day, download, upload)
SELECT 'nobody' || n, '10.1.0.1', %(now)s::date - d, 10::bigint ^ 8, 10::bigint ^ 7 FROM generate_series(1, 300) n CROSS JOIN generate_series(0, 20) d;
INSERT INTO dataaccounts_sessionorder (account_id, unique_id, nas_id, kind, why, state, ordered_at, ended_at)
SELECT a.id, md5(a.id || '/' || 0), n.id, CASE a.id %% 3 WHEN 0 THEN 'change' ELSE 'disconnect' END, 'Suspended',
    CASE WHEN a.id %% 100 = 3 THEN 'owed' WHEN a.id %% 100 = 13 THEN 'refused' WHEN a.id %% 100 = 23 THEN 'silent' ELSE 'done' END,
    %(now)s::timestamptz - a.id * interval '20 seconds', %(now)s
FROM dataaccounts_dataaccount a JOIN dataaccounts_nas n ON n.highsite_id = a.highsite_id WHERE a.id %% 2 = 1
"""
# One of a router beside those of a highsite and a sector that the demo has.
OUTAGE = """
INSERT INTO dataaccounts_outage (kind, nas_id, headline, text, starts_at, noted_at, edition)
SELECT 'outage', min(id), 'No service', 'A radio has failed.', %(now)s, %(now)s, 1 FROM dataaccounts_nas
"""


def network() -> contextlib.AbstractContextManager[None]:
    """Points Django at a copy of the bench database that has a year of usage and sessions with problems."""
    present = databases.current()
    return data.kept(f"{present}_network", source=present, make=fill)


def fill() -> None:
    """A year of usage by day, summed up by month; sessions with problems, reports of them and orders to them."""
    now = stamp()
    make_usage(DemoOrder(0, YEAR, 1, local_day(now), lambda said: print(said, file=sys.stderr), now))
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE radacct DISABLE TRIGGER USER")
        for statement in ";\n".join((SESSIONS, REPORTS, OUTAGE)).split(";\n"):
            cursor.execute(statement, {"now": now})
        cursor.execute("ALTER TABLE radacct ENABLE TRIGGER USER")

"""However many sessions there were, cards and lists reach theirs by an index."""

import json
from datetime import UTC, datetime

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from dataaccounts.models import DataAccount, Session
from dataaccounts.selectors import sessions as reading
from dataaccounts.services import session_claims, session_orders
from tests.factories import make_customer
from tests.factories.data import make_account, make_nas, make_session

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 8, 22, 12, tzinfo=UTC)
MANY = """
    ALTER TABLE radacct DISABLE TRIGGER USER;
    INSERT INTO radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime,
        acctstoptime, acctinputoctets, acctoutputoctets)
    SELECT 's' || n, 'u' || n, 'c' || n % 2000 || '@isp.example', '10.1.0.1', '2018-08-01'::timestamptz + n * interval '1 min',
        '2018-08-22', CASE WHEN n % 20 > 0 THEN '2018-08-22'::timestamptz END, n, n FROM generate_series(1, 40000) n;
    ALTER TABLE radacct ENABLE TRIGGER USER;
    ANALYZE radacct;
"""


@pytest.fixture
def alice():
    account = make_account(make_customer("Alice Liddel", "ALI001"), "c20@isp.example")
    make_session(account, make_nas())
    with connection.cursor() as cursor:
        cursor.execute(MANY)
    return account


def scanned(deed):
    """The tables that the questions of a deed read from end to end."""
    with CaptureQueriesContext(connection) as asked:
        deed()
    found = set()
    with connection.cursor() as cursor:
        for query in asked.captured_queries:
            if query["sql"].lstrip()[:6].upper() in ("SELECT", "INSERT", "UPDATE"):
                cursor.execute(f"EXPLAIN (FORMAT JSON) {query['sql']}")
                plan = cursor.fetchone()[0]
                found |= _whole(plan if isinstance(plan, list) else json.loads(plan))
    return found


def _whole(node):
    if isinstance(node, list):
        return {name for one in node for name in _whole(one)}
    if not isinstance(node, dict):
        return set()
    mine = {node["Relation Name"]} if node.get("Node Type") == "Seq Scan" else set()
    return mine | {name for value in node.values() for name in _whole(value)}


@pytest.mark.parametrize(
    "deed",
    [
        lambda alice: reading.online(accounts=reading.accounts_of(customer_id=alice.customer_id), limit=9),
        lambda alice: reading.past(accounts=[alice], limit=9),
        lambda alice: list(Session.objects.filter(stopped_at=None).order_by("-started_at", "-pk")[:50]),
        lambda alice: list(
            Session.objects.filter(nas_address="10.1.0.1", stopped_at=None).order_by("-started_at")[:15]
        ),
        lambda alice: session_orders.owe(account_ids=[alice.pk], why="Capped", actor=None, now=NOW),
    ],
    ids=["online", "past", "everybody online", "at a router", "owe"],
)
def test_sessions_are_reached_by_an_index(alice, deed):
    assert DataAccount.objects.count() == 1
    assert "radacct" not in scanned(lambda: deed(alice))


def test_a_claim_reaches_the_sessions_it_is_about_by_an_index(alice):
    session_orders.owe(account_ids=[alice.pk], why="Capped", actor=None, now=NOW)

    assert "radacct" not in scanned(lambda: session_claims.take(now=NOW))

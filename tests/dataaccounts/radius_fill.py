"""Many accounts, with passwords and sessions, in a few statements and past the triggers, which are measured elsewhere."""

from __future__ import annotations

from django.db import connection

from dataaccounts.models import Package
from dataaccounts.services import radius_secrets
from tests.factories import make_customer
from tests.factories.data import make_nas, make_package

SECRET = "testing-123-testing"
TABLES = ("dataaccounts_dataaccount", "radius_password", "dataaccounts_device", "radacct")
FILL = """
INSERT INTO dataaccounts_dataaccount (customer_id, username, package_id, state, starts_on)
SELECT %(customer)s, 'user' || n || '@isp.example', (%(packages)s::bigint[])[1 + n %% cardinality(%(packages)s::bigint[])],
    'active', '2018-08-01'
FROM generate_series(1, %(count)s) n;
INSERT INTO radius_password (account_id, password)
SELECT id, 'word-' || split_part(username, '@', 1) FROM dataaccounts_dataaccount;
INSERT INTO dataaccounts_device (account_id, mac, last_seen_at)
SELECT a.id, radius_mac('802AA8' || lpad(substr(split_part(a.username, '@', 1), 5), 6, '0')), now()
FROM dataaccounts_dataaccount a;
INSERT INTO radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime, acctupdatetime, acctstoptime,
    acctinputoctets, acctoutputoctets)
SELECT n, n, 'user' || n || '@isp.example', ('10.1.' || n %% 50 || '.1')::inet, now(), now(),
    CASE WHEN n %% 2 = 1 THEN now() END, 0, 0
FROM generate_series(1, %(count)s) n;
"""


def username(number: int) -> str:
    """The user name of an account from 1 on; those with an even number are logged in."""
    return f"user{number}@isp.example"


def password(number: int) -> str:
    return f"word-user{number}"


def mac(number: int) -> str:
    """The device an account has been seen with."""
    text = f"802AA8{number:06}"
    return ":".join(text[at : at + 2] for at in range(0, 12, 2))


def fill(count: int, *, router: str) -> list[Package]:
    """Makes `count` accounts on fifty packages, of which every other one is on, and a router at an address."""
    packages = [make_package(f"{speed} Mb/s", down_kbit=speed * 1000) for speed in range(1, 51)]
    customer = make_customer("Alice Liddel", code="ALI001")
    tower = make_nas("Tower 0", router)
    radius_secrets.set_secret(nas_id=tower.pk, secret=SECRET, actor=None)
    values = {"customer": customer.pk, "packages": [one.pk for one in packages], "count": count}
    with connection.cursor() as cursor:
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} DISABLE TRIGGER USER")
        cursor.execute(FILL, values)
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        for table in TABLES:
            cursor.execute(f"ALTER TABLE {table} ENABLE TRIGGER USER")
            cursor.execute(f"ANALYZE {table}")
    return packages

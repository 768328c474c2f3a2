"""FreeRADIUS's role in the database: it reads the views and writes sessions and answers, and that is all."""

from collections.abc import Iterator
from io import StringIO

import psycopg
import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.management.base import CommandError
from django.db import connection
from psycopg.errors import InsufficientPrivilege

from dataaccounts.models import LoginAnswer
from dataaccounts.services import radius_role, radius_secrets
from tests.factories import make_customer
from tests.factories.data import make_account, make_nas

pytestmark = pytest.mark.django_db(transaction=True)
READS = ("radcheck", "radreply", "radusergroup", "radgroupcheck", "radgroupreply", "nas")
FORBIDDEN = (
    "SELECT * FROM radius_password",
    "SELECT * FROM radius_nas_secret",
    "SELECT * FROM radius_account",
    "SELECT * FROM dataaccounts_dataaccount",
    "SELECT * FROM customers_customer",
    "SELECT * FROM dataaccounts_device",
    "SELECT * FROM radpostauth",
    "DELETE FROM radacct",
    "DELETE FROM radpostauth",
    "INSERT INTO house_auditevent DEFAULT VALUES",
    "SELECT radius_secrets_write('password', '{1}', '{x}', NULL)",
    "SELECT radius_secret_reveal('password', 1, NULL, 'x', 'x', NULL)",
    "SELECT radius_let_in('public')",
)


@pytest.fixture
def as_freeradius(radius_password: str) -> Iterator[psycopg.Connection]:
    call_command("radius_role", stdout=StringIO())
    known = connection.settings_dict
    with psycopg.connect(
        host=known["HOST"],
        dbname=known["NAME"],
        user=radius_role.ROLE,
        password=radius_password,
        autocommit=True,
    ) as opened:
        yield opened


def test_s25_the_role_reads_passwords_through_the_views_alone(as_freeradius: psycopg.Connection) -> None:
    alice = make_account(make_customer("Alice Liddel", code="ALI001"))
    radius_secrets.set_password(account_id=alice.pk, password="rabbit-hole", actor=None)
    radius_secrets.set_secret(nas_id=make_nas().pk, secret=None, actor=None)
    counts = {view: as_freeradius.execute(f"SELECT count(*) FROM {view}").fetchone()[0] for view in READS}
    assert counts["radcheck"] == 2
    assert counts["radusergroup"] == counts["nas"] == 1
    assert ("Cleartext-Password", "rabbit-hole") in as_freeradius.execute(
        "SELECT attribute, value FROM radcheck"
    ).fetchall()
    for statement in FORBIDDEN:
        with pytest.raises(InsufficientPrivilege):
            as_freeradius.execute(statement)


def test_what_the_role_writes_sets_off_what_follows(as_freeradius: psycopg.Connection) -> None:
    """The triggers of sessions and answers work though the role may not touch what they touch."""
    make_account(make_customer("Alice Liddel", code="ALI001"))
    as_freeradius.execute(
        "INSERT INTO radpostauth (username, pass, reply, callingstationid)"
        " VALUES ('alice@isp.example', 'seen in clear', 'Access-Accept', '80-2a-a8-24-e8-61')"
    )
    as_freeradius.execute(
        "INSERT INTO radacct (acctsessionid, acctuniqueid, username, nasipaddress, acctstarttime)"
        " VALUES ('1', '1', 'alice@isp.example', '10.1.0.1', now())"
    )
    as_freeradius.execute("UPDATE radacct SET acctinputoctets = 5")
    answer = LoginAnswer.objects.get()
    assert (answer.password, answer.reason) == ("", "")
    with connection.cursor() as cursor:
        cursor.execute("SELECT mac FROM dataaccounts_device")
        assert cursor.fetchall() == [("80:2A:A8:24:E8:61",)]


def test_whoever_may_not_make_roles_is_told_who_can() -> None:
    if not settings.EMBEDDED:
        pytest.skip("Here the tests' own role may make roles: unset DATABASE_URL")
    with connection.cursor() as cursor:
        cursor.execute("SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user")
        assert cursor.fetchone() == (False,)
    with pytest.MonkeyPatch.context() as patch, pytest.raises(CommandError, match="createuser --pwprompt"):
        patch.setenv("RADIUS_DB_PASSWORD", "some-word-4471")
        call_command("radius_role")

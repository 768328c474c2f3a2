"""Planted RADIUS passwords and NAS secrets are looked for wherever text may end up."""

import logging
from collections.abc import Callable
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.test import Client

from dataaccounts.models import LoginAnswer, Nas
from dataaccounts.services import radius_secrets
from herotill import audit
from herotill.users.models import User
from tests.dataaccounts.radius import Line, Router
from tests.factories import make_customer, make_person
from tests.factories.data import make_account

pytestmark = pytest.mark.django_db(transaction=True)
PASSWORD, NEWER, GUESS, SECRET = (
    "CANARY-word-9931",
    "CANARY-newer-5582",
    "CANARY-guess-7743",
    "CANARY-secret-1127",
)
PLANTED = (PASSWORD, NEWER, GUESS, SECRET)
RIGHTS = (
    radius_secrets.SEE_PASSWORDS,
    radius_secrets.SEE_SECRETS,
    "customers.view_customer",
    "dataaccounts.view_dataaccount",
    "dataaccounts.export_dataaccounts",
    "dataaccounts.view_nas",
    "house.see_audit",
    "house.export_audit",
)
APART = {"radius_password", "radius_nas_secret"}


def found_in(text: str) -> list[str]:
    return [canary for canary in PLANTED if canary in text]


def tables() -> set[str]:
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        return {name for (name,) in cursor.fetchall()}


def stored_in(names: set[str]) -> str:
    with connection.cursor() as cursor:
        rows = []
        for table in sorted(names):
            cursor.execute(f'SELECT it::text FROM "{table}" it')
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


@pytest.fixture
def emily(caplog: pytest.LogCaptureFixture) -> User:
    """Emily sees and exports whatever there is of data accounts."""
    caplog.set_level(logging.DEBUG)
    return make_person("Emily", *RIGHTS)


@pytest.fixture
def tower(router: Callable[..., Router], line: Line, emily: User) -> Router:
    """Passwords and secrets were set, changed, shown, refused, used by all four ways, guessed, and once in vain."""
    tower = router()
    nas = Nas.objects.get()
    with audit.acting(actor=emily, source="/data-accounts/"):
        account = make_account(make_customer("Alice Liddel", code="ALI001"))
        radius_secrets.set_password(account_id=account.pk, password=PASSWORD, actor=emily)
        radius_secrets.set_password(account_id=account.pk, password=NEWER, actor=emily)
        radius_secrets.set_secret(nas_id=nas.pk, secret=SECRET, actor=emily)
        radius_secrets.reveal_password(account_id=account.pk, actor=emily, reason="Router was reset")
        with pytest.raises(Exception, match="foreign key"):
            radius_secrets.set_password(account_id=account.pk + 999, password=PASSWORD, actor=emily)
    tower = Router(tower.server, SECRET)
    for how in ("pap", "chap", "mschap", "mschapv2"):
        assert tower.login(account.username, NEWER, how).accepted
        assert not tower.login(account.username, GUESS, how).accepted
    assert not tower.login("nobody@isp.example", GUESS).accepted
    line.cut()
    assert not tower.login(account.username, NEWER).code
    line.mend()
    return tower


def test_s25_no_table_but_its_own_holds_a_planted_secret(tower: Router) -> None:
    assert LoginAnswer.objects.count() == 9
    stored = stored_in(tables() - APART)
    assert "Router was reset" in stored
    assert not found_in(stored)
    assert found_in(stored_in(APART)) == [NEWER, SECRET], "it would be found"


@pytest.mark.filterwarnings("ignore:.*is a proxy model")
def test_s25_no_log_dump_or_export_holds_a_planted_secret(
    tower: Router, emily: User, caplog: pytest.LogCaptureFixture
) -> None:
    dump = StringIO()
    call_command("dumpdata", "dataaccounts", "house", "users", stdout=dump)
    assert "alice@isp.example" in dump.getvalue()
    client = Client()
    client.force_login(emily)
    listed = b"".join(
        client.post("/data-accounts/list/export/?all=1", {"format": "csv"}).streaming_content
    ).decode()
    assert "alice@isp.example" in listed
    exported = b"".join(client.post("/setup/audit/export/").streaming_content).decode()
    assert "alice@isp.example" in exported
    assert "••••" in exported
    log = tower.server.said()
    assert "Ready to process requests" in log
    for text in (dump.getvalue(), listed, exported, log, caplog.text):
        assert not found_in(text)


def test_s25_the_way_to_the_database_is_not_in_the_log(tower: Router, radius_password: str) -> None:
    assert "user=herotill_radius" in tower.server.said()
    assert radius_password not in tower.server.said()

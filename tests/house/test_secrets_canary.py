"""Planted secrets are looked for wherever text may end up: logs, every table, exports, error pages."""

import logging

import pytest
from allauth.mfa.models import Authenticator
from django.db import connection
from django.test import Client

from customers.views import audit as audit_pages
from herotill import audit
from herotill.secrets import encrypt, reveal
from herotill.users.models import User
from tests.factories import make_customer, make_person
from tests.sampleapp.models import Gadget, Safe

pytestmark = pytest.mark.django_db
COMBINATION, LICENCE = "CANARY-combination-9931", "CANARY-licence-5582"
PASSWORD, SEED = "CANARY-password-7743", "CANARYSEED234567"
PLANTED = (COMBINATION, LICENCE, PASSWORD, SEED)
RIGHTS = (
    "customers.view_customer",
    "customers.see_audit_trail",
    "house.see_audit",
    "house.export_audit",
    "sampleapp.view_safe",
    "sampleapp.view_gadget",
    "sampleapp.see_combination",
    "users.view_user",
)


def found_in(text: str) -> list[str]:
    return [canary for canary in PLANTED if canary in text]


def everything_stored() -> str:
    """All rows of all tables as text, as a dump has them."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
        rows = []
        for (table,) in cursor.fetchall():
            cursor.execute(f'SELECT it::text FROM "{table}" it')
            rows += [row for (row,) in cursor.fetchall()]
    return "\n".join(rows)


@pytest.fixture
def emily(caplog: pytest.LogCaptureFixture) -> User:
    """Emily has been about: every secret was made, changed, shown and taken away."""
    caplog.set_level(logging.DEBUG)
    emily = make_person("Emily", *RIGHTS)
    with audit.acting(actor=emily, source="/setup/safes/"):
        emily.set_password(PASSWORD)
        emily.save()
        customer = make_customer("Carol Coin", code="CAR001")
        safe = Safe.objects.create(name="Front", combination=COMBINATION)
        Gadget.objects.create(customer=customer, name="Router", licence=LICENCE)
        Authenticator.objects.create(user=emily, type="totp", data={"secret": encrypt(SEED)})
        assert reveal(obj=safe, field="combination", actor=emily, reason="Locked out") == COMBINATION
        safe.combination = "other-9931"
        safe.save()
        gone = Safe.objects.create(name="Back", combination=COMBINATION)
        gone.delete()
    return emily


def browser(person: User) -> Client:
    client = Client(raise_request_exception=False)
    client.force_login(person)
    return client


def test_s25_no_table_holds_a_planted_secret(emily: User) -> None:
    stored = everything_stored()
    assert "Locked out" in stored
    assert not found_in(stored)


def test_s25_no_page_export_or_log_holds_a_planted_secret(
    emily: User, caplog: pytest.LogCaptureFixture
) -> None:
    client = browser(emily)
    pages = [
        client.get("/customers/CAR001/widgets/audit-trail/"),
        client.get("/customers/CAR001/audit/"),
        client.get("/setup/audit/"),
    ]
    export = client.post("/setup/audit/export/")
    assert [page.status_code for page in pages] == [200, 200, 200]
    shown = "".join(page.content.decode() for page in pages) + b"".join(export.streaming_content).decode()
    assert "•••• 9931" in shown
    assert not found_in(shown)
    assert not found_in(caplog.text)


def test_s25_no_error_page_or_its_log_holds_a_planted_secret(
    emily: User, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, settings
) -> None:
    settings.DEBUG = False

    def stumble(*args: object, **kwargs: object) -> None:
        held = Safe.objects.get(name="Front"), COMBINATION
        raise RuntimeError(f"Could not show {held[0].combination!r}")

    monkeypatch.setattr(audit_pages, "_page", stumble)
    answer = browser(emily).get("/setup/audit/")
    assert answer.status_code == 500
    assert "Could not show" in caplog.text
    assert not found_in(answer.content.decode())
    assert not found_in(caplog.text)


def test_a_planted_secret_would_be_found(emily: User) -> None:
    Safe.objects.create(name=f"The combination is {COMBINATION}")
    assert found_in(everything_stored()) == [COMBINATION]

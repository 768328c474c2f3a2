"""RADIUS passwords and NAS secrets: random, apart from everything else, and shown to people on record."""

import pytest
from django.core.exceptions import PermissionDenied
from django.db import connection, transaction

from dataaccounts.models import DataAccount, Nas
from dataaccounts.services import radius_secrets
from herotill import audit
from herotill.errors import DomainError
from herotill.models import AuditEvent, SecretReveal
from herotill.users.models import User
from tests.factories import make_customer, make_person
from tests.factories.data import make_account, make_nas

pytestmark = pytest.mark.django_db
revealing = pytest.mark.django_db(transaction=True)


@pytest.fixture
def alice() -> DataAccount:
    return make_account(make_customer("Alice Liddel", code="ALI001"), "alice@isp.example")


@pytest.fixture
def emily() -> User:
    return make_person("Emily", radius_secrets.SEE_PASSWORDS, radius_secrets.SEE_SECRETS)


def stored(account: DataAccount) -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT password FROM radius_password WHERE account_id = %s", [account.pk])
        return str(cursor.fetchone()[0])


def test_without_a_password_a_random_one_is_made(alice: DataAccount, emily: User) -> None:
    first = radius_secrets.set_password(account_id=alice.pk, password=None, actor=emily)
    again = radius_secrets.set_password(account_id=alice.pk, password=None, actor=emily)
    assert stored(alice) == again
    assert len(first) == len(again) == radius_secrets.PASSWORD_LENGTH
    assert first != again


def test_many_get_theirs_at_once(alice: DataAccount) -> None:
    bob = make_account(make_customer("Bob Bee", code="BOB001"), "bob@isp.example")
    told = radius_secrets.set_many(passwords={alice.pk: "kept from before", bob.pk: None}, actor=None)
    assert (stored(alice), stored(bob)) == ("kept from before", told[bob.pk])


@pytest.mark.parametrize("password", ["", "naïve", "`id`", "'quoted'", '"', "x" * 129, "two\nlines"])
def test_what_freeradius_would_not_take_is_refused(alice: DataAccount, password: str) -> None:
    with pytest.raises(DomainError):
        radius_secrets.set_password(account_id=alice.pk, password=password, actor=None)


def test_the_database_refuses_it_too(alice: DataAccount) -> None:
    with connection.cursor() as cursor, pytest.raises(Exception, match="radius_password_freeradius_takes"):
        cursor.execute("INSERT INTO radius_password VALUES (%s, %s)", [alice.pk, "`id`"])


def test_s25_nas_secrets_are_random_per_nas(emily: User) -> None:
    one, two = make_nas("Tower 1", "10.1.0.1"), make_nas("Tower 2", "10.1.0.2")
    first = radius_secrets.set_secret(nas_id=one.pk, secret=None, actor=emily)
    second = radius_secrets.set_secret(nas_id=two.pk, secret=None, actor=emily)
    assert first != second
    assert len(first) == radius_secrets.SECRET_LENGTH
    assert radius_secrets.secret_for_packets(two.pk) == second.encode()
    with pytest.raises(DomainError):
        radius_secrets.set_secret(nas_id=one.pk, secret="short", actor=emily)


def test_s25_the_trail_says_who_changed_it_and_not_to_what(alice: DataAccount, emily: User) -> None:
    with audit.acting(actor=emily, source="/data-accounts/"):
        radius_secrets.set_password(account_id=alice.pk, password="first-word", actor=emily)
    radius_secrets.set_password(account_id=alice.pk, password="second-word", actor=emily)
    events = AuditEvent.objects.filter(object_id=str(alice.pk), new__has_key="password").order_by("id")
    assert [(one.actor_id, one.customer_id, one.name, one.old, one.new) for one in events] == [
        (emily.pk, alice.customer_id, "alice@isp.example", {}, {"password": "••••"}),
        (emily.pk, alice.customer_id, "alice@isp.example", {"password": "••••"}, {"password": "••••"}),
    ]


def test_a_secret_written_past_the_application_is_in_the_trail_too(alice: DataAccount) -> None:
    with connection.cursor() as cursor:
        cursor.execute("INSERT INTO radius_password VALUES (%s, 'by hand')", [alice.pk])
    event = AuditEvent.objects.get(object_id=str(alice.pk), new__has_key="password")
    assert event.source.startswith("database")


@revealing
def test_s25_a_reveal_takes_the_right_and_a_reason_and_is_kept(alice: DataAccount, emily: User) -> None:
    radius_secrets.set_password(account_id=alice.pk, password="rabbit-hole", actor=emily)
    dora = make_person("Dora")
    with pytest.raises(PermissionDenied):
        radius_secrets.reveal_password(account_id=alice.pk, actor=dora, reason="Curious")
    with pytest.raises(DomainError):
        radius_secrets.reveal_password(account_id=alice.pk, actor=emily, reason="  ")
    assert not SecretReveal.objects.exists()
    shown = radius_secrets.reveal_password(account_id=alice.pk, actor=emily, reason=" Router was reset ")
    assert shown == "rabbit-hole"
    kept = SecretReveal.objects.get()
    assert (kept.actor_id, kept.customer_id, kept.name, kept.field, kept.reason) == (
        emily.pk,
        alice.customer_id,
        "alice@isp.example",
        "password",
        "Router was reset",
    )


@revealing
def test_s25_a_reveal_that_could_be_undone_is_refused(emily: User) -> None:
    tower: Nas = make_nas()
    secret = radius_secrets.set_secret(nas_id=tower.pk, secret=None, actor=emily)
    with transaction.atomic(), pytest.raises(RuntimeError):
        radius_secrets.reveal_secret(nas_id=tower.pk, actor=emily, reason="New router")
    assert radius_secrets.reveal_secret(nas_id=tower.pk, actor=emily, reason="New router") == secret
    assert SecretReveal.objects.get().model == "dataaccounts.nas"

"""Naledi sets HeroTill up: nobody is there to let her in."""

import io

import pytest
from django.core.management import CommandError, call_command

from herotill.users.models import User
from tests.factories.people import in_role
from tests.users.conftest import log_in

pytestmark = pytest.mark.django_db
PASSWORD = "wide veld and thunder"


def make(monkeypatch, username: str, password: str = PASSWORD) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
    call_command(
        "first_administrator",
        username,
        name="Naledi Mokoena",
        email="naledi@isp.example",
        stdout=io.StringIO(),
    )


def test_the_first_administrator_logs_in_and_may_do_everything(client, monkeypatch):
    make(monkeypatch, "naledi")

    assert log_in(client, "naledi", PASSWORD).status_code == 302
    assert client.get("/setup/people/").status_code == 200
    assert User.objects.get(username="naledi").has_perm("users.grant_rights")


def test_there_is_no_second_first_one(monkeypatch):
    in_role("Thabo", "administrator")

    with pytest.raises(CommandError, match="There is an administrator already"):
        make(monkeypatch, "naledi")
    assert not User.objects.filter(username="naledi").exists()


def test_one_who_was_switched_off_can_be_followed_by_another_name_only(monkeypatch):
    thabo = in_role("Thabo", "administrator")
    User.objects.filter(pk=thabo.pk).update(is_active=False)

    with pytest.raises(CommandError, match="THABO is taken"):
        make(monkeypatch, "THABO")
    make(monkeypatch, "naledi")
    assert User.objects.get(username="naledi").has_perm("users.grant_rights")


def test_a_weak_password_is_refused(monkeypatch):
    with pytest.raises(CommandError, match="too short"):
        make(monkeypatch, "naledi", "naledi")
    assert not User.objects.exists()

"""Alice leaves her desk; whoever passes by finds a locked screen, and she finds what she typed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from allauth.mfa.totp.internal.auth import TOTP
from django.conf import LazySettings
from django.db.models import F
from django.test import Client

from herotill.users.models import Session, User
from herotill.users.services import second_factor
from tests.users.conftest import PASSWORD, log_in

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(client: Client, alice: User) -> Client:
    log_in(client, "alice")
    return client


def leave(**time: int) -> None:
    Session.objects.update(seen_at=F("seen_at") - timedelta(**time))


def test_after_a_quarter_of_an_hour_nothing_is_answered(desk: Client) -> None:
    leave(minutes=14)
    assert desk.get("/log-ins/").status_code == 200
    leave(minutes=15)
    assert desk.get("/log-ins/?page=2").url == "/unlock/?next=%2Flog-ins%2F%3Fpage%3D2"
    part = desk.get("/log-ins/", headers=HTMX)
    assert (part.status_code, part.headers["HX-Trigger"]) == (423, "locked")
    assert desk.post("/log-ins/end/").status_code == 423
    assert desk.post("/log-ins/end/", headers=HTMX).status_code == 423


def test_the_password_opens_it_again_where_she_was(desk: Client) -> None:
    leave(minutes=16)
    assert b"the screen was locked" in desk.get("/unlock/?next=/log-ins/").content
    wrong = desk.post("/unlock/", {"password": "wrong", "next": "/log-ins/"})
    assert wrong.status_code == 422
    assert desk.get("/log-ins/").status_code == 302
    assert desk.post("/unlock/", {"password": PASSWORD, "next": "/log-ins/"}).url == "/log-ins/"
    assert desk.get("/log-ins/").status_code == 200


def test_over_a_page_the_lock_asks_and_the_page_stays(desk: Client) -> None:
    form = desk.post("/unlock/", headers=HTMX)
    assert b'hx-target="#lock-body"' in form.content
    assert desk.get("/log-ins/", headers=HTMX).status_code == 423
    assert b'name="password"' in desk.get("/unlock/", headers=HTMX).content
    opened = desk.post("/unlock/", {"password": PASSWORD}, headers=HTMX)
    assert opened.status_code == 204
    assert '"unlocked": {"csrf"' in opened.headers["HX-Trigger"]
    assert desk.get("/log-ins/", headers=HTMX).status_code == 200


def test_a_page_that_asks_by_itself_is_no_sign_of_alice(desk: Client) -> None:
    for _ in range(3):
        leave(minutes=6)
        answer = desk.get("/log-ins/", headers={"X-Background": "1", **HTMX})
    assert answer.status_code == 423


def test_at_work_it_never_locks_and_is_written_once_a_minute(desk: Client) -> None:
    for _ in range(4):
        leave(minutes=10)
        assert desk.get("/log-ins/").status_code == 200
    before = Session.objects.get().seen_at
    desk.get("/log-ins/")
    assert Session.objects.get().seen_at == before


def test_guessing_at_the_lock_waits(desk: Client) -> None:
    leave(minutes=16)
    answers = [desk.post("/unlock/", {"password": "wrong"}, headers=HTMX).status_code for _ in range(9)]
    assert answers[-1] == 429


def test_next_never_leads_away(desk: Client) -> None:
    for wanted in ("https://evil.example/", "//evil.example/", "/portal/"):
        assert desk.post("/unlock/", {"password": PASSWORD, "next": wanted}).url == "/"


def test_the_house_may_ask_the_second_factor_again(desk: Client, alice: User, settings: LazySettings) -> None:
    TOTP.activate(alice, second_factor.new_secret())
    assert b'name="code"' not in desk.post("/unlock/").content
    settings.IDLE_LOCK_ASKS_SECOND_FACTOR = True
    assert b'name="code"' in desk.post("/unlock/").content
    assert desk.post("/unlock/", {"password": PASSWORD, "code": "000000"}).status_code == 422


def test_saving_a_session_does_not_undo_the_lock(desk: Client) -> None:
    session = desk.session
    Session.objects.update(locked=True)
    session["something"] = 1
    session.save()
    assert Session.objects.get().locked


def test_the_portal_has_no_lock(client: Client, carol: User) -> None:
    log_in(client, "CAR001", door="/portal/login/")
    leave(hours=2)
    assert client.get("/portal/").status_code == 200

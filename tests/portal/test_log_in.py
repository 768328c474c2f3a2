"""Alice's own log-in: her password, a second step that she chooses, and where she is logged in."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from customers.models import Customer
from customers.services import portal_logins
from herotill.messages.models import Message
from herotill.users.models import Session, User
from herotill.users.services import second_factor
from tests.factories.people import make_person
from tests.portal.conftest import PASSWORD, at_portal, login_of

pytestmark = pytest.mark.django_db
DOOR, SECURITY = "/portal/login/", "/portal/security/"


@pytest.fixture(autouse=True)
def clock() -> Iterator[list[float]]:
    """The time that codes are made of; a story moves it on."""
    at = [time.time()]
    with patch("allauth.mfa.totp.internal.auth.time.time", side_effect=lambda: at[0]):
        yield at


def code(secret: str, clock: list[float]) -> str:
    return format_hotp_value(hotp_value(secret, int(clock[0]) // 30))


def log_in(client: Client, name: str = "ALI001", password: str = PASSWORD) -> str:
    return str(client.post(DOOR, {"username": name, "password": password}).headers.get("Location", ""))


def test_alice_sets_up_a_second_step_and_is_asked_for_it(alice: Customer, clock: list[float]) -> None:
    client = at_portal(alice)
    assert "Set up a second step" in client.get(SECURITY).content.decode()
    shown = re.search(r'class="code">([A-Z2-7]{32})<', client.get(f"{SECURITY}second-step/").content.decode())
    assert shown is not None
    assert client.post(f"{SECURITY}second-step/", {"code": "000000"}).status_code == 422
    done = client.post(f"{SECURITY}second-step/", {"code": code(shown.group(1), clock)})
    spare = re.findall(r'<li class="code">(\d{8})</li>', done.content.decode())
    assert len(spare) == 10
    assert Message.objects.get(template="own-change").address == "alice@example.com"
    clock[0] += 600
    fresh = Client()
    assert log_in(fresh) == "/portal/login/code/"
    assert fresh.get("/portal/").url.startswith(DOOR)
    before = fresh.cookies["herotill_portal"].value
    assert fresh.post("/portal/login/code/", {"code": "000000"}).status_code == 422
    assert fresh.post("/portal/login/code/", {"code": code(shown.group(1), clock)}).url == "/portal/"
    assert fresh.cookies["herotill_portal"].value != before
    assert fresh.get("/portal/").status_code == 200
    by_paper = Client()
    log_in(by_paper)
    assert by_paper.post("/portal/login/code/", {"code": spare[0]}).url == "/portal/"


def test_she_switches_it_off_with_her_password_only(alice: Customer) -> None:
    client = at_portal(alice)
    set_up(login_of(alice))
    assert client.post(f"{SECURITY}second-step/off/", {"password": "wrong"}).status_code == 422
    assert Authenticator.objects.exists()
    assert client.post(f"{SECURITY}second-step/off/", {"password": PASSWORD}).url == SECURITY
    assert not Authenticator.objects.exists()


def set_up(user: User) -> None:
    secret = second_factor.new_secret()
    second_factor.set_up(user=user, secret=secret, code=code(secret, [time.time()]))


def test_who_lost_phone_and_codes_starts_anew_with_a_link_from_us(alice: Customer) -> None:
    user = login_of(alice)
    set_up(user)
    actor = make_person("Sipho")
    portal_logins.end(customer=alice, now=user.date_joined, actor=actor)
    assert not Authenticator.objects.filter(user=user).exists()


def test_the_two_doors_do_not_take_each_others_half_log_in(alice: Customer) -> None:
    set_up(login_of(alice))
    client = Client()
    log_in(client)
    client.cookies["herotill_staff"] = client.cookies["herotill_portal"].value
    assert client.get("/login/code/").url == "/login/"


def test_she_changes_her_password_and_is_logged_out_elsewhere(alice: Customer) -> None:
    phone, desk = Client(), Client()
    log_in(phone)
    log_in(desk)
    new = {"new": "nine purple teapots", "again": "nine purple teapots"}
    assert desk.post(f"{SECURITY}password/", {"password": "wrong", **new}).status_code == 422
    assert desk.post(f"{SECURITY}password/", {"password": PASSWORD, **new}).url == SECURITY
    assert desk.get("/portal/").status_code == 200
    assert phone.get("/portal/").status_code == 302
    assert Message.objects.get(template="password-set").address == "alice@example.com"
    assert log_in(Client()) == ""
    assert log_in(Client(), password="nine purple teapots") == "/portal/"


def test_she_sees_where_she_is_logged_in_and_ends_what_is_not_hers(alice: Customer, bob: Customer) -> None:
    desk, phone, stranger = Client(headers={"User-Agent": "Firefox/1 Windows"}), Client(), at_portal(bob)
    log_in(desk)
    log_in(phone)
    page = desk.get(SECURITY).content.decode()
    assert "Firefox on Windows" in page
    assert "This one" in page
    theirs = Session.objects.get(session_key=phone.cookies["herotill_portal"].value)
    assert stranger.post(f"{SECURITY}log-ins/{theirs.handle}/end/").status_code == 404
    assert desk.post(f"{SECURITY}log-ins/{theirs.handle}/end/").url == SECURITY
    assert phone.get("/portal/").status_code == 302
    assert stranger.get("/portal/").status_code == 200


def test_log_out_everywhere_else(alice: Customer) -> None:
    desk, phone = Client(), Client()
    log_in(desk)
    log_in(phone)
    assert desk.post(f"{SECURITY}log-ins/end/").url == SECURITY
    assert phone.get("/portal/").status_code == 302
    assert desk.get("/portal/").status_code == 200

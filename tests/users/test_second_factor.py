"""Alice sets up a second factor; Bob's role demands one; somebody who only knows the password stays outside."""

from __future__ import annotations

import re
import time
from collections.abc import Iterator
from unittest.mock import patch

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client

from herotill import secrets
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.users.models import Role, User
from herotill.users.services import second_factor
from tests.users.conftest import PASSWORD, log_in

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def clock() -> Iterator[list[float]]:
    """The time that codes are made of; a story moves it on."""
    at = [time.time()]
    with patch("allauth.mfa.totp.internal.auth.time.time", side_effect=lambda: at[0]):
        yield at


@pytest.fixture
def secret(alice: User, clock: list[float]) -> str:
    """Alice's secret, set up a while ago."""
    made = second_factor.new_secret()
    second_factor.set_up(user=alice, secret=made, code=_code(made, clock))
    clock[0] += 600
    return made


def _code(secret: str, clock: list[float]) -> str:
    return format_hotp_value(hotp_value(secret, int(clock[0]) // 30))


def test_alice_sets_it_up_and_keeps_her_recovery_codes(
    client: Client, alice: User, clock: list[float]
) -> None:
    other = Client()
    log_in(other, "alice")
    log_in(client, "alice")
    page = client.get("/second-factor/set-up/").content.decode()
    shown = re.search(r'class="code">([A-Z2-7]{32})<', page)
    assert shown is not None
    assert "data:image/svg+xml;base64," in page
    assert client.post("/second-factor/set-up/", {"code": "000000"}).status_code == 422
    before = client.cookies["herotill_staff"].value
    done = client.post("/second-factor/set-up/", {"code": _code(shown.group(1), clock)})
    assert len(re.findall(r'<li class="code">\d{8}</li>', done.content.decode())) == 10
    assert client.cookies["herotill_staff"].value != before
    assert client.get("/second-factor/").status_code == 200
    assert other.get("/second-factor/").status_code == 302
    assert Message.objects.get().address == "alice@isp.example"


def test_the_password_alone_no_longer_opens_the_door(
    client: Client, alice: User, secret: str, clock: list[float]
) -> None:
    assert log_in(client, "alice", next="/second-factor/").url == "/login/code/"
    assert client.get("/second-factor/").url.startswith("/login/")
    wrong = client.post("/login/code/", {"code": "000000"})
    assert (wrong.status_code, b"wrong or was used" in wrong.content) == (422, True)
    half_way = client.cookies["herotill_staff"].value
    assert client.post("/login/code/", {"code": _code(secret, clock)}).url == "/second-factor/"
    assert client.cookies["herotill_staff"].value != half_way
    assert client.get("/second-factor/").status_code == 200


def test_a_code_serves_once(alice: User, secret: str, clock: list[float]) -> None:
    code = _code(secret, clock)
    assert second_factor.check(user=alice, code=code)
    clock[0] += 31
    assert not second_factor.check(user=alice, code=code)


def test_a_recovery_code_serves_once(client: Client, alice: User, secret: str) -> None:
    spare = second_factor.renew_codes(user=alice)[3]
    log_in(client, "alice")
    assert client.post("/login/code/", {"code": f"{spare[:4]} {spare[4:]}"}).url == "/"
    assert not second_factor.check(user=alice, code=spare)
    assert second_factor.codes_left(alice) == 9


def test_guessing_codes_waits(client: Client, alice: User, secret: str) -> None:
    log_in(client, "alice")
    answers = [client.post("/login/code/", {"code": f"{number:06}"}).status_code for number in range(9)]
    assert answers[-1] == 429


def test_the_code_page_needs_a_fresh_password(client: Client, alice: User, secret: str) -> None:
    assert client.get("/login/code/").url == "/login/"
    log_in(client, "alice")
    alice.set_password("changed meanwhile")
    alice.save()
    assert client.post("/login/code/", {"code": "123456"}).url == "/login/"


def test_what_the_database_keeps_is_encrypted(alice: User, secret: str) -> None:
    kept = Authenticator.objects.get(type="totp").data["secret"]
    assert secret not in kept
    assert secrets.decrypt(kept) == secret
    assert len(secrets.decrypt(Authenticator.objects.get(type="recovery_codes").data["seed"])) == 80


def test_a_role_demands_it_before_anything_else(client: Client, alice: User, clock: list[float]) -> None:
    Role.objects.filter(name="support").update(second_factor_required=True)
    client.force_login(alice)
    assert client.get("/log-ins/").url == "/second-factor/set-up/"
    assert (
        client.get("/log-ins/", headers={"HX-Request": "true"}).headers["HX-Redirect"]
        == "/second-factor/set-up/"
    )
    page = client.get("/second-factor/set-up/").content.decode()
    assert "Your role demands a second factor" in page
    shown = re.search(r'class="code">([A-Z2-7]{32})<', page)
    assert shown is not None
    client.post("/second-factor/set-up/", {"code": _code(shown.group(1), clock)})
    assert client.get("/log-ins/").status_code == 200
    refused = client.post("/second-factor/off/", {"password": PASSWORD})
    assert b"demands a second factor" in refused.content
    assert Authenticator.objects.filter(user=alice, type="totp").exists()


def test_alice_does_without_it_again_once_her_password_is_asked(
    client: Client, alice: User, secret: str
) -> None:
    client.force_login(alice)
    assert client.post("/second-factor/off/", {"password": "wrong"}).status_code == 422
    assert client.post("/second-factor/off/", {"password": PASSWORD}).url == "/second-factor/"
    assert not Authenticator.objects.filter(user=alice).exists()


def test_new_recovery_codes_ask_the_password(client: Client, alice: User, secret: str) -> None:
    client.force_login(alice)
    assert client.post("/second-factor/codes/", {"password": "wrong"}).status_code == 422
    assert b"Recovery codes" in client.post("/second-factor/codes/", {"password": PASSWORD}).content


def test_nothing_is_set_up_twice_or_renewed_before(
    alice: User, dora: User, secret: str, clock: list[float]
) -> None:
    with pytest.raises(DomainError, match="already"):
        second_factor.set_up(user=alice, secret=secret, code=_code(secret, clock))
    with pytest.raises(DomainError, match="Set up a second factor first"):
        second_factor.renew_codes(user=dora)

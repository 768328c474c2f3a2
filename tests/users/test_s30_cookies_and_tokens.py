"""Safety 30 at the doors: two CSRF tokens that do not disturb each other, cookies a script cannot read."""

from __future__ import annotations

import pytest
from django.test import Client

from herotill.users.models import User
from tests.users.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def come_in(client: Client, door: str, name: str) -> int:
    client.get(door)
    cookie = "herotill_portal_csrf" if door.startswith("/portal/") else "herotill_csrf"
    token = client.cookies[cookie].value
    values = {"username": name, "password": PASSWORD, "csrfmiddlewaretoken": token}
    return client.post(door, values).status_code


@pytest.fixture
def strict() -> Client:
    return Client(enforce_csrf_checks=True)


def test_s30_logging_in_without_the_token_is_refused_in_words(strict: Client, alice: User) -> None:
    refused = strict.post("/login/", {"username": "alice", "password": PASSWORD})
    assert refused.status_code == 403
    assert b"Load the page again" in refused.content
    assert come_in(strict, "/login/", "alice") == 302


def test_s30_coming_in_at_the_portal_leaves_an_open_staff_page_working(
    strict: Client, alice: User, carol: User
) -> None:
    assert come_in(strict, "/login/", "alice") == 302
    open_page = strict.cookies["herotill_csrf"].value
    assert come_in(strict, "/portal/login/", "CAR001") == 302
    assert strict.cookies["herotill_csrf"].value == open_page
    saved = strict.post(
        "/preferences/", {"key": "theme", "value": "dark"}, headers={"X-CSRFToken": open_page}
    )
    assert saved.status_code == 204
    gone = strict.post(
        "/portal/logout/", headers={"X-CSRFToken": strict.cookies["herotill_portal_csrf"].value}
    )
    assert gone.url == "/portal/login/"
    assert strict.get("/log-ins/").status_code == 200


def test_s30_no_script_reads_a_cookie(strict: Client, alice: User, carol: User) -> None:
    come_in(strict, "/login/", "alice")
    come_in(strict, "/portal/login/", "CAR001")
    assert {
        name: (cookie["httponly"], cookie["samesite"]) for name, cookie in strict.cookies.items()
    } == dict.fromkeys(
        ("herotill_staff", "herotill_csrf", "herotill_portal", "herotill_portal_csrf"), (True, "Lax")
    )

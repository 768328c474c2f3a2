"""Safety 19: somebody whose name is a weapon hits nothing."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.core import mail
from django.test import Client

from herotill import settings as product
from herotill.users.models import User
from herotill.users.services import passwords
from tests.users.conftest import portal_user, send_owed, with_password

pytestmark = pytest.mark.django_db
WEAPON = '{{ 7|add:"1" }}<img src=http://evil.example/x onerror=alert(1)>'


def test_s19_a_name_is_shown_as_it_is_typed(client: Client, naledi: User, dora: User) -> None:
    User.objects.filter(pk=dora.pk).update(name=WEAPON)
    client.force_login(naledi)
    for path in ("/setup/people/", f"/setup/people/{dora.pk}/"):
        page = client.get(path).content
        assert b"&lt;img src=http" in page
        assert b"<img src=http" not in page
        assert b"{{ 7|add" in page


def test_s19_a_customers_name_is_shown_as_it_is_typed(client: Client) -> None:
    user = with_password(portal_user("EVE001", WEAPON, "eve@example.com"))
    client.post("/portal/login/", {"username": user.username, "password": "correct horse battery"})
    page = client.get("/portal/").content
    assert b"<img src=http" not in page
    assert b"&lt;img" in page


@pytest.mark.parametrize("name", ["Eve\r\nBcc: all@example.com", "Eve\tAdams", "Eve\x07"])
def test_s19_control_characters_are_refused_where_they_are_typed(
    client: Client, naledi: User, name: str
) -> None:
    client.force_login(naledi)
    values = {"username": "eve", "name": name, "email": "eve@isp.example"}
    assert client.post("/setup/people/add/", values).status_code == 422
    assert not User.objects.filter(username="eve").exists()
    assert client.post("/setup/roles/add/", {"label": name}).status_code == 422


def test_s19_a_name_that_came_otherwise_adds_no_header_to_a_mail(
    naledi: User, alice: User, now: datetime
) -> None:
    User.objects.filter(pk=alice.pk).update(name="Alice\r\nBcc: all@example.com")
    passwords.reset_other(user=User.objects.get(pk=alice.pk), actor=naledi, now=now)
    assert send_owed(now) == 3
    assert {message.subject for message in mail.outbox} == {
        "Set your HeroTill password",
        "The password of Alice Bcc: all@example.com was reset",
    }
    assert {message.bcc == [] for message in mail.outbox} == {True}


def test_passwords_are_hashed_with_argon2() -> None:
    assert product.PASSWORD_HASHERS[0].endswith(".Argon2PasswordHasher")
    assert product.SESSION_COOKIE_HTTPONLY
    assert product.IDLE_LOCK_SECONDS == 15 * 60

"""Safety 23: doors that tell strangers nothing, delays instead of locks, portal access that can be taken back."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any
from unittest.mock import patch

import pytest
from django.contrib.auth import hashers
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from customers.models import ALL_PURPOSES, Contact
from herotill.users import doors
from herotill.users.models import AccessLink, Session, User
from herotill.users.services import links, throttle
from tests.factories.customers import ContactFactory
from tests.users.conftest import PASSWORD, log_in, mailed_links, portal_user, send_owed

pytestmark = pytest.mark.django_db
STAFF, PORTAL = "/login/", "/portal/login/"


def test_s23_alice_comes_in_by_the_staff_door_and_carol_by_the_portal(
    client: Client, alice: User, carol: User
) -> None:
    assert log_in(client, "Alice").url == "/"
    assert log_in(client, "car001", door=PORTAL).url == "/portal/"
    assert client.cookies["herotill_staff"]["path"] == "/"
    assert client.cookies["herotill_portal"]["path"] == "/portal/"
    assert client.cookies["herotill_staff"].value != client.cookies["herotill_portal"].value
    assert b"CAR001" in client.get("/portal/").content
    assert client.get("/log-ins/").status_code == 200


@pytest.mark.parametrize(
    ("door", "name", "password"),
    [
        (STAFF, "alice", "wrong"),
        (STAFF, "nobody", PASSWORD),
        (STAFF, "CAR001", PASSWORD),
        (STAFF, "gone", PASSWORD),
        (PORTAL, "CAR001", "wrong"),
        (PORTAL, "alice", PASSWORD),
        (PORTAL, "nobody@example.com", PASSWORD),
        (PORTAL, "alice@isp.example", PASSWORD),
    ],
)
def test_s23_every_no_is_the_same_no_and_costs_one_hash(
    client: Client, alice: User, carol: User, door: str, name: str, password: str
) -> None:
    gone = User.objects.create_user("gone", PASSWORD)
    User.objects.filter(pk=gone.pk).update(is_active=False)
    cheap, work = hashers.get_hasher(), list[int]()
    with patch.object(type(cheap), "encode", autospec=True, side_effect=_counting(type(cheap).encode, work)):
        refused = log_in(client, name, password, door)
        assert len(work) == 1
    assert refused.status_code == 422
    assert b"Name or password is wrong." in refused.content
    assert Session.objects.count() == 0


def _counting(encode: Callable[..., str], work: list[int]) -> Callable[..., str]:
    def counted(*args: Any, **kwargs: Any) -> str:
        work.append(1)
        return encode(*args, **kwargs)

    return counted


def test_s23_carol_logs_in_by_email_only_while_it_means_one_customer(client: Client, carol: User) -> None:
    assert log_in(client, "Carol@Example.com", door=PORTAL).url == "/portal/"
    portal_user("CAR002", "Carol Petersen", "carol@example.com")
    assert log_in(Client(), "carol@example.com", door=PORTAL).status_code == 422
    assert log_in(Client(), "CAR001", door=PORTAL).url == "/portal/"


def test_s23_an_unverified_email_opens_nothing(client: Client) -> None:
    portal_user("EVE001", "Eve", "eve@example.com", verified=False)
    assert log_in(client, "eve@example.com", door=PORTAL).status_code == 422


def test_s23_tries_wait_longer_and_longer_but_only_from_where_they_come(client: Client, alice: User) -> None:
    for _ in range(5):
        assert log_in(client, "alice", "wrong").status_code == 422
    assert log_in(client, "alice", "wrong").status_code == 422
    waiting = log_in(client, "alice")
    assert (waiting.status_code, waiting.headers["Retry-After"]) == (429, "4")
    assert b"Wait 4 seconds" in waiting.content
    elsewhere = Client(REMOTE_ADDR="198.51.100.7")
    assert log_in(elsewhere, "alice").url == "/"


def test_s23_an_unknown_name_waits_just_as_long(client: Client) -> None:
    answers = [log_in(client, "nobody", "wrong").status_code for _ in range(8)]
    assert answers == [422] * 6 + [429] * 2


def test_s23_strangers_everywhere_cannot_lock_alice_out(alice: User) -> None:
    for number in range(60):
        log_in(Client(REMOTE_ADDR=f"203.0.113.{number}"), "alice", "wrong")
    assert log_in(Client(REMOTE_ADDR="198.51.100.7"), "alice").url == "/"


def test_s23_a_network_that_tries_many_names_waits(client: Client) -> None:
    answers = [log_in(client, f"name{number}", "wrong").status_code for number in range(40)]
    assert answers[:31] == [422] * 31
    assert set(answers[31:]) == {429}


def test_s23_who_is_right_is_not_counted(client: Client, alice: User) -> None:
    for _ in range(4):
        log_in(client, "alice", "wrong")
        throttle.admit(action="log in staff", name="alice", network="127.0.0.1").succeeded()
    for _ in range(40):
        assert log_in(Client(), "alice").url == "/"


def test_s23_the_cookie_changes_at_log_in(client: Client, alice: User) -> None:
    client.get("/login/")
    session = client.session
    session["before"] = 1
    session.save()
    before = client.cookies["herotill_staff"].value
    log_in(client, "alice")
    assert client.cookies["herotill_staff"].value != before
    assert not Session.objects.filter(session_key=before).exists()


def test_s23_a_portal_key_in_the_staff_cookie_opens_nothing(client: Client, carol: User) -> None:
    log_in(client, "CAR001", door=PORTAL)
    client.cookies["herotill_staff"] = client.cookies["herotill_portal"].value
    assert client.get("/log-ins/").url == "/login/?next=/log-ins/"


def test_s23_forgetting_answers_the_same_for_known_and_unknown_names(
    client: Client, alice: User, carol: User
) -> None:
    answers = []
    for door, name in [
        ("/password/forgot/", "alice"),
        ("/password/forgot/", "nobody"),
        ("/password/forgot/", "CAR001"),
    ]:
        cache.clear()
        answers.append(re.sub(rb"[A-Za-z0-9]{64}", b"", client.post(door, {"name": name}).content))
    assert len(set(answers)) == 1
    assert AccessLink.objects.filter(user=None, sent_at=None).count() == 3
    assert send_owed() == 1
    assert [message.to for message in mail.outbox] == [["alice@isp.example"]]


def test_s23_forgetting_at_the_portal_reaches_verified_contacts_alone(client: Client, carol: User) -> None:
    customer = carol.portal_login.customer
    ContactFactory(customer=customer, email="unverified@example.com", purposes=ALL_PURPOSES)
    ContactFactory(
        customer=customer, email="bills@example.com", purposes=["invoices"], email_verified_at=timezone.now()
    )
    portal_user("CAR002", "Carol Petersen", "carol@example.com")
    client.post("/portal/password/", {"name": "CAR001"})
    assert send_owed() == 1
    client.post("/portal/password/", {"name": "Carol@example.com"})
    assert send_owed() == 2
    assert {address for message in mail.outbox for address in message.to} == {"carol@example.com"}


def test_s23_a_link_goes_to_the_address_we_know_not_to_one_that_looks_like_it(carol: User) -> None:
    Contact.objects.filter(email="carol@example.com").update(email="kate@example.com")
    Contact.objects.filter(email="kate@example.com").update(email_verified_at=timezone.now())
    for typed in ("\u212aate@example.com", "KATE@EXAMPLE.COM"):
        links.ask(door=doors.PORTAL, name=typed)
        assert send_owed() == 1
    assert [message.to for message in mail.outbox] == [["kate@example.com"]] * 2


def test_s23_who_asks_in_carols_name_fills_no_mailbox_and_shuts_nobody_out(
    client: Client, carol: User
) -> None:
    for _ in range(links.MOST + 3):
        links.ask(door=doors.PORTAL, name="CAR001")
        send_owed()
    assert len(mail.outbox) == links.MOST
    assert {client.get(each).status_code for each in mailed_links()} == {200}
    AccessLink.objects.update(asked_at=timezone.now() - timedelta(hours=2))
    links.ask(door=doors.PORTAL, name="CAR001")
    send_owed()
    assert len(mail.outbox) == links.MOST + 1


def test_s23_forgetting_is_throttled(client: Client) -> None:
    answers = [client.post("/password/forgot/", {"name": "alice"}).status_code for _ in range(8)]
    assert answers[-1] == 429


@pytest.mark.parametrize("how", ["purpose", "email", "deleted"])
def test_s23_losing_portal_access_ends_log_ins_links_and_password(
    client: Client, carol: User, how: str
) -> None:
    other = ContactFactory(
        customer=carol.portal_login.customer, email="other@example.com", purposes=ALL_PURPOSES
    )
    contact = Contact.objects.get(email="carol@example.com")
    log_in(client, "CAR001", door=PORTAL)
    links.owe(user=carol, email="carol@example.com", actor=None)
    send_owed()
    if how == "purpose":
        Contact.objects.filter(pk=contact.pk).update(purposes=["invoices"])
    elif how == "email":
        Contact.objects.filter(pk=contact.pk).update(email="new@example.com")
    else:
        Contact.objects.filter(pk=contact.pk).update(is_primary=False)
        Contact.objects.filter(pk=other.pk).update(is_primary=True)
        contact.delete()
    assert client.get("/portal/").url == "/portal/login/?next=/portal/"
    assert client.get(mailed_links()[-1]).status_code == 410
    assert log_in(Client(), "CAR001", door=PORTAL).status_code == 422
    assert not Contact.objects.filter(email="new@example.com", email_verified_at__isnull=False).exists()


def test_s23_other_changes_to_a_contact_leave_the_log_in_alone(client: Client, carol: User) -> None:
    log_in(client, "CAR001", door=PORTAL)
    contact = Contact.objects.get(email="carol@example.com")
    contact.phone, contact.email = "+27830001111", "CAROL@example.com"
    contact.save()
    contact.refresh_from_db()
    assert contact.email_verified_at is not None
    assert client.get("/portal/").status_code == 200


@pytest.mark.parametrize("door", ["/login/", "/portal/login/"])
@pytest.mark.parametrize("wanted", ["//[", "//evil.example/", "/\\evil.example/", "javascript:alert(1)"])
def test_s23_after_the_door_nobody_is_led_elsewhere(client: Client, door: str, wanted: str) -> None:
    assert wanted not in client.get(door, {"next": wanted}).text

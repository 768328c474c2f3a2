"""Safety 24: a mailed link opens a page with a button; the button works once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.utils import timezone

from customers.models import Contact
from customers.services import portal_logins
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.users.doors import PORTAL, Door
from herotill.users.models import AccessLink, Session, User
from herotill.users.services import links, passwords, portal_access
from herotill.users.services import mail as mailing
from tests.factories import make_customer
from tests.users.conftest import PASSWORD, log_in, mailed_links, send_owed

pytestmark = pytest.mark.django_db
NEW = {"new": "seven blue kettles", "again": "seven blue kettles"}


@pytest.fixture
def link(carol: User, link_for: Callable[..., str]) -> str:
    return link_for(carol, "carol@example.com")


def test_s24_opening_a_link_changes_nothing_and_says_so_to_nobody(
    client: Client, carol: User, link: str
) -> None:
    before = AccessLink.objects.values().get()
    for _ in range(2):
        opened = client.get(link)
        assert opened.status_code == 200
        assert opened.headers["Referrer-Policy"] == "no-referrer"
        assert "noindex" in opened.headers["X-Robots-Tag"]
        assert "no-store" in opened.headers["Cache-Control"]
        assert b"carol@example.com" not in opened.content
        assert b"Set password" in opened.content
    assert AccessLink.objects.values().get() == before


def test_s24_the_button_sets_the_password_once_and_ends_log_ins(
    client: Client, carol: User, link: str
) -> None:
    stranger = Client()
    log_in(stranger, "CAR001", door="/portal/login/")
    done = client.post(link, NEW, headers={"HX-Request": "true"})
    assert done.headers["HX-Redirect"] == "/portal/login/"
    assert stranger.get("/portal/").status_code == 302
    assert log_in(Client(), "CAR001", door="/portal/login/").status_code == 422
    assert log_in(Client(), "CAR001", NEW["new"], "/portal/login/").url == "/portal/"
    send_owed()
    assert (mail.outbox[-1].to, mail.outbox[-1].subject) == (["carol@example.com"], "Your password was set")
    for method in (client.get, client.post):
        over = method(link)
        assert over.status_code == 410
        assert b"This link no longer works" in over.content
        assert b"Carol" not in over.content


def test_s24_only_the_hash_of_a_token_is_kept(carol: User, link: str) -> None:
    token = link.rstrip("/").rpartition("/")[2]
    kept = AccessLink.objects.get()
    assert kept.token_hash == hashlib.sha256(token.encode()).hexdigest()
    with connection.cursor() as cursor:
        cursor.execute("SELECT row_to_json(l)::text FROM users_accesslink l")
        assert token not in cursor.fetchone()[0]


def test_s24_a_link_ends_with_time_and_with_the_password(client: Client, carol: User, link: str) -> None:
    assert (
        links.find(door=_portal(), token=_token(link), now=timezone.now() + timedelta(hours=71)) is not None
    )
    assert links.find(door=_portal(), token=_token(link), now=timezone.now() + timedelta(hours=73)) is None
    carol.set_password("something else altogether")
    carol.save()
    assert client.get(link).status_code == 410


def test_s24_a_portal_link_does_not_open_the_staff_door(client: Client, carol: User, link: str) -> None:
    assert client.get(f"/password/link/{_token(link)}/").status_code == 410


def test_s24_a_weak_password_is_refused_in_its_place(client: Client, link: str) -> None:
    refused = client.post(link, {"new": "12345", "again": "1234"})
    assert refused.status_code == 422
    assert b"at least 10 characters" in refused.content
    assert client.get(link).status_code == 200


def test_s24_two_who_press_the_button_at_once_set_one_password(carol: User, link: str) -> None:
    links.use(door=_portal(), token=_token(link), password=NEW["new"], now=timezone.now())
    with pytest.raises(DomainError, match="no longer works"):
        links.use(door=_portal(), token=_token(link), password="another nice kettle", now=timezone.now())


def test_using_a_link_proves_the_email(client: Client, dora: User) -> None:
    customer = make_customer("Eve Adams", "EVE001", contact={"email": "eve@example.com"})
    portal_logins.send_link(customer=customer, contact=customer.contacts.get(), actor=dora)
    send_owed()
    assert b"EVE001" in mail.outbox[0].body.encode()
    client.post(mailed_links()[0], NEW)
    assert Contact.objects.get().email_verified_at is not None
    assert log_in(client, "eve@example.com", NEW["new"], "/portal/login/").url == "/portal/"


def test_a_contact_without_portal_access_gets_no_link(dora: User) -> None:
    customer = make_customer("Eve Adams", "EVE001")
    Contact.objects.create(customer=customer, name="Bob", email="bob@example.com", purposes=["invoices"])
    with pytest.raises(DomainError, match="Give Bob the purpose portal access"):
        portal_logins.send_link(customer=customer, contact=Contact.objects.get(name="Bob"), actor=dora)
    with pytest.raises(DomainError, match="Only a customer's log-in"):
        portal_access.send_link(user=dora, email="dora@isp.example", actor=None)


def test_staff_may_end_what_a_customer_has(client: Client, carol: User, link: str, dora: User) -> None:
    log_in(client, "CAR001", door="/portal/login/")
    ended = portal_logins.end(customer=carol.portal_login.customer, actor=dora, now=timezone.now())
    assert (ended, Session.objects.count()) == (1, 0)
    assert client.get(link).status_code == 410


def test_alice_forgets_her_password_and_sets_another(client: Client, alice: User) -> None:
    client.post("/password/forgot/", {"name": "alice@isp.example"})
    send_owed()
    client.post(mailed_links()[0], NEW)
    assert log_in(client, "alice", NEW["new"]).url == "/"


def test_a_mail_that_fails_stays_owed_and_holds_nobody_up(
    carol: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[str] = []

    def send(message: mail.EmailMessage) -> int:
        if message.to == ["bad@example.com"]:
            raise SMTPRecipientsRefused({"bad@example.com": (451, b"later")})
        sent.extend(message.to)
        return 1

    monkeypatch.setattr(mail.EmailMessage, "send", send)
    for address in ("bad@example.com", "good@example.com"):
        links.owe(user=carol, email=address, actor=None)
    addresses = ["bad@example.com", "", "good@example.com"]
    mailing.owe(to=addresses, template="own-change", name="Carol", username="CAR001", what="S")
    assert send_owed() == 2
    assert sent == ["good@example.com"] * 2
    assert set(Message.objects.filter(state="waiting").values_list("address", "attempts")) == {
        ("bad@example.com", 1)
    }


def test_a_link_that_ended_before_it_was_sent_is_not_sent(carol: User) -> None:
    links.owe(user=carol, email="carol@example.com", actor=None)
    AccessLink.objects.update(ended_at=timezone.now())
    assert send_owed() == 0
    assert Message.objects.get().state == "cancelled"


def test_old_links_are_forgotten(carol: User, link: str) -> None:
    assert links.forget_old(now=timezone.now() + timedelta(days=20)) == 0
    assert links.forget_old(now=timezone.now() + timedelta(days=40)) == 1


def test_changing_ones_password_ends_other_log_ins_and_tells(client: Client, alice: User) -> None:
    other = Client()
    log_in(other, "alice")
    log_in(client, "alice")
    wrong = client.post("/password/", {"password": "wrong", **NEW})
    assert (wrong.status_code, b"This is not your password" in wrong.content) == (422, True)
    assert client.post("/password/", {"password": PASSWORD, **NEW}).url == "/password/"
    assert client.get("/password/").status_code == 200
    assert other.get("/password/").status_code == 302
    assert Message.objects.get().address == "alice@isp.example"


def test_the_database_refuses_a_sent_link_without_an_end(carol: User) -> None:
    with pytest.raises(IntegrityError, match="sent_link_has_a_token_and_an_end"), transaction.atomic():
        AccessLink.objects.create(door="portal", user=carol, email="c@example.com", sent_at=timezone.now())


def test_resetting_is_for_staff(carol: User, naledi: User) -> None:
    with pytest.raises(DomainError, match="customer's screen"):
        passwords.reset_other(user=carol, actor=naledi, now=timezone.now())


def _portal() -> Door:

    return PORTAL


def _token(link: str) -> str:
    return link.rstrip("/").rpartition("/")[2]


def test_s24_the_page_of_a_link_works_without_scripts_and_only_with_its_token(link: str) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.get(link)
    token = strict.cookies["herotill_portal_csrf"].value
    nowhere = {"Origin": "null"}
    assert strict.post(link, NEW, headers=nowhere).status_code == 403
    elsewhere = {"Origin": "https://elsewhere.example"}
    assert strict.post(link, NEW | {"csrfmiddlewaretoken": token}, headers=elsewhere).status_code == 403
    done = strict.post(link, NEW | {"csrfmiddlewaretoken": token}, headers=nowhere)
    assert (done.status_code, done.headers["Location"]) == (302, "/portal/login/")


def test_s24_other_forms_come_from_our_own_pages(client: Client) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.get("/login/")
    values = {"username": "a", "password": "b", "csrfmiddlewaretoken": strict.cookies["herotill_csrf"].value}
    assert strict.post("/login/", values, headers={"Origin": "null"}).status_code == 403

"""Wonderland is a master: it looks after Alice's account, but what is private stays Alice's."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from customers.models import Customer, SharedWithMaster
from herotill.portal import PortalEntry, portal_menu, private_view
from herotill.tiles import PortalCard, portal_cards
from herotill.urls import urlpatterns as product
from herotill.users.models import Session
from tests.factories import make_customer
from tests.portal.conftest import at_portal

pytestmark = pytest.mark.django_db
HOME, SWITCH = "/portal/", "/portal/accounts/switch/"


@private_view("customers.see_id_numbers")
def secrets(request: HttpRequest) -> HttpResponse:
    """What only the customer sees."""
    return HttpResponse(f"secrets of {request.customer.code}")


urlpatterns = [path("portal/secrets/", secrets, name="portal-secrets"), *product]


@pytest.fixture
def wonderland(alice: Customer) -> Customer:
    master = make_customer("Wonderland (Pty) Ltd", "WON001", kind="company")
    Customer.objects.filter(pk=alice.pk).update(master=master)
    return master


@pytest.fixture
def private(settings) -> Iterator[None]:
    """A private page with its line in the navigation, and a private card."""
    settings.ROOT_URLCONF = __name__
    portal_menu.register(PortalEntry("secrets", "Secrets", "portal-secrets", "key"))
    card = PortalCard(
        "own", "Own things", "sampleapp/card.html", lambda customer: {"code": "x"}, private=True
    )
    portal_cards.register(card)
    yield
    portal_menu.unregister("secrets")
    portal_cards.unregister("own")


def switch(client: Client, code: str) -> int:
    return client.post(SWITCH, {"code": code}).status_code


def test_s23_the_master_goes_to_a_sub_account_and_back_with_a_new_key_each_time(
    wonderland: Customer, alice: Customer
) -> None:
    client = at_portal(wonderland)
    listed = client.get("/portal/accounts/").content.decode()
    assert "ALI001" in listed
    first = client.cookies["herotill_portal"].value
    assert switch(client, "ALI001") == 302
    second = client.cookies["herotill_portal"].value
    assert second != first
    assert not Session.objects.filter(session_key=first).exists()
    home = client.get(HOME).content.decode()
    assert "You are looking after the account of Alice Liddel (ALI001)." in home
    assert switch(client, "WON001") == 302
    assert client.cookies["herotill_portal"].value != second
    assert "looking after" not in client.get(HOME).content.decode()


def test_s23_nobody_goes_to_an_account_that_is_not_under_theirs(
    wonderland: Customer, alice: Customer, bob: Customer
) -> None:
    assert switch(at_portal(wonderland), "BOB001") == 404
    assert switch(at_portal(alice), "WON001") == 404
    assert switch(at_portal(bob), "ALI001") == 404
    assert at_portal(bob).get("/portal/accounts/").status_code == 404
    assert at_portal(alice).get("/portal/accounts/").status_code == 404


def test_s23_a_form_left_open_before_the_switch_does_nothing_afterwards(
    wonderland: Customer, alice: Customer
) -> None:
    client = at_portal(wonderland, enforce_csrf_checks=True)
    token = client.get("/portal/accounts/").context["csrf_token"]
    assert client.post(SWITCH, {"code": "ALI001", "csrfmiddlewaretoken": str(token)}).status_code == 302
    left_open = {"code": "WON001", "csrfmiddlewaretoken": str(token)}
    assert client.post(SWITCH, left_open).status_code == 403


def test_s23_a_sub_account_that_leaves_is_seen_no_longer(wonderland: Customer, alice: Customer) -> None:
    client = at_portal(wonderland)
    switch(client, "ALI001")
    Customer.objects.filter(pk=alice.pk).update(master=None)
    assert client.post("/portal/security/log-ins/end/").status_code == 403
    assert "Wonderland" in client.get(HOME).content.decode()
    assert client.post("/portal/security/log-ins/end/").status_code == 302


def test_s23_what_is_private_is_not_there_for_the_master_until_the_sub_agrees(
    private: None, wonderland: Customer, alice: Customer
) -> None:
    master, own = at_portal(wonderland), at_portal(alice)
    assert own.get("/portal/secrets/").content == b"secrets of ALI001"
    assert master.get("/portal/secrets/").content == b"secrets of WON001"
    switch(master, "ALI001")
    assert master.get("/portal/secrets/").status_code == 404
    hidden = master.get(HOME).content.decode()
    assert "/portal/secrets/" not in hidden
    assert "Own things" not in hidden
    assert own.post("/portal/sharing/", {"share": "1"}).status_code == 302
    assert master.get("/portal/secrets/").content == b"secrets of ALI001"
    shown = master.get(HOME).content.decode()
    assert "/portal/secrets/" in shown
    assert "Own things" in shown
    own.post("/portal/sharing/", {})
    assert master.get("/portal/secrets/").status_code == 404


def test_s23_what_was_agreed_with_one_master_does_not_go_to_the_next(
    private: None, wonderland: Customer, alice: Customer
) -> None:
    at_portal(alice).post("/portal/sharing/", {"share": "1"})
    assert SharedWithMaster.objects.get().master == wonderland
    other = make_customer("Mad Hatter Ltd", "MAD001", kind="company")
    Customer.objects.filter(pk=alice.pk).update(master=other)
    client = at_portal(other)
    switch(client, "ALI001")
    assert client.get("/portal/secrets/").status_code == 404


def test_s23_the_master_does_not_agree_in_the_name_of_the_sub(wonderland: Customer, alice: Customer) -> None:
    client = at_portal(wonderland)
    assert client.post("/portal/sharing/", {"share": "1"}).status_code == 404
    switch(client, "ALI001")
    assert client.get("/portal/sharing/").status_code == 404
    assert client.post("/portal/sharing/", {"share": "1"}).status_code == 404
    assert not SharedWithMaster.objects.exists()


def test_a_master_with_many_finds_one_by_name(wonderland: Customer, alice: Customer) -> None:
    for number in range(52):
        make_customer(f"Card {number}", f"CAR{number:03}", master=wonderland)
    client = at_portal(wonderland)
    assert "page=2" in client.get("/portal/accounts/").content.decode()
    found = client.get("/portal/accounts/", {"q": "liDD"}).content.decode()
    assert "ALI001" in found
    assert "CAR001" not in found


def test_what_no_code_or_name_can_be_finds_nobody(wonderland: Customer, alice: Customer) -> None:
    client = at_portal(wonderland)
    assert client.post("/portal/accounts/switch/", {"code": "ALI\0\0001"}).status_code == 404
    assert client.get("/portal/accounts/", {"q": "\0", "page": "\0"}).status_code == 200

"""Sipho of support looks at the portal as Alice: with a reason, for a quarter of an hour, changing nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path
from django.utils import timezone

from customers.models import Customer, CustomerNote, PortalLook
from herotill.access import portal_view
from herotill.integrations import http
from herotill.models import AuditEvent
from herotill.portal import PortalEntry, portal_menu, private_view
from herotill.tiles import PortalCard, portal_cards
from herotill.urls import urlpatterns as product
from herotill.users.models import Session, User
from tests.factories.people import client_of, in_role, make_person
from tests.portal.conftest import at_portal

pytestmark = pytest.mark.django_db
BEGIN, HOME, END = "/customers/ALI001/portal/", "/portal/", "/portal/look/end/"
WHY = {"reason": "She asks where her invoice is"}


@portal_view
def writes(request: HttpRequest) -> HttpResponse:
    """Breaks the rule that opening a page changes nothing."""
    CustomerNote.objects.create(customer=request.customer, text="She was here")
    return HttpResponse("written")


@portal_view
def calls(request: HttpRequest) -> HttpResponse:
    """Calls somebody outside."""
    return HttpResponse(http.resolve("The bank", "127.0.0.1", 443))


@private_view("customers.see_id_numbers")
def numbers(request: HttpRequest) -> HttpResponse:
    """What support may not see."""
    return HttpResponse("8001015009087")


urlpatterns = [
    path("portal/writes/", writes, name="portal-writes"),
    path("portal/calls/", calls, name="portal-calls"),
    path("portal/numbers/", numbers, name="portal-numbers"),
    *product,
]


@pytest.fixture
def sipho() -> User:
    return in_role("Sipho", "support")


@pytest.fixture
def looking(sipho: User, alice: Customer) -> Client:
    """Sipho's browser while he looks."""
    client = client_of(sipho)
    assert client.post(BEGIN, WHY).url == HOME
    return client


@pytest.fixture
def odd_pages(settings) -> Iterator[None]:
    settings.ROOT_URLCONF = __name__
    portal_menu.register(PortalEntry("numbers", "Numbers", "portal-numbers", "key"))
    card = PortalCard(
        "sums",
        "Sums",
        "sampleapp/card.html",
        lambda customer: {"code": "x"},
        permission="customers.see_id_numbers",
    )
    portal_cards.register(card)
    yield
    portal_menu.unregister("numbers")
    portal_cards.unregister("sums")


def test_s30_sipho_sees_alices_home_with_a_banner_and_his_look_is_on_record(
    looking: Client, sipho: User, alice: Customer
) -> None:
    home = looking.get(HOME).content.decode()
    assert "You see the portal as Alice Liddel (ALI001) sees it" in home
    assert "Nothing can be changed." in home
    look = PortalLook.objects.get()
    assert (look.staff, look.customer, look.reason) == (sipho, alice, WHY["reason"])
    assert look.ends_at - look.began_at == timedelta(minutes=15)
    event = AuditEvent.objects.get(model="customers.portallook")
    assert (event.customer_id, event.actor_id) == (alice.pk, sipho.pk)
    assert event.new["reason"] == WHY["reason"]
    assert "token_hash" not in event.new
    trail = client_of(in_role("Mpho", "manager")).get("/customers/ALI001/audit/").content.decode()
    assert WHY["reason"] in trail


def test_s30_it_asks_its_own_right_and_a_reason(alice: Customer, sipho: User) -> None:
    dora = client_of(make_person("Dora", "customers.view_customer", "customers.manage_portal_login"))
    assert dora.post(BEGIN, WHY).status_code == 403
    assert client_of(sipho).post(BEGIN, {"reason": " "}).status_code == 422
    assert client_of(sipho).post(BEGIN, {"reason": "hm"}).status_code == 422
    assert not PortalLook.objects.exists()
    card = "/customers/ALI001/widgets/account-details/"
    assert BEGIN in client_of(sipho).get(card).content.decode()
    assert BEGIN not in dora.get(card).content.decode()


def test_s30_nothing_can_be_changed(odd_pages: None, looking: Client, alice: Customer) -> None:
    assert looking.post("/portal/accounts/switch/", {"code": "ALI001"}).status_code == 403
    assert looking.get("/portal/writes/").status_code == 403
    assert not CustomerNote.objects.exists()
    assert at_portal(alice).get("/portal/writes/").content == b"written"


def test_s30_nothing_goes_out(odd_pages: None, looking: Client, alice: Customer, settings) -> None:
    settings.OUTBOUND_ALLOW = ["127.0.0.0/8"]
    assert at_portal(alice).get("/portal/calls/").content == b"127.0.0.1"
    with pytest.raises(http.NotSent, match="while staff look"):
        looking.get("/portal/calls/")


def test_s30_he_sees_no_field_that_he_may_not_see_at_his_desk(
    odd_pages: None, looking: Client, sipho: User, alice: Customer
) -> None:
    assert looking.get("/portal/numbers/").status_code == 403
    home = looking.get(HOME).content.decode()
    assert "/portal/numbers/" not in home
    assert "Sums" not in home
    naledi = client_of(in_role("Naledi", "administrator"))
    naledi.post(BEGIN, WHY)
    assert naledi.get("/portal/numbers/").content == b"8001015009087"
    assert "Sums" in naledi.get(HOME).content.decode()


def test_s30_the_log_in_of_the_customer_is_not_his_to_see(looking: Client) -> None:
    for page in ("", "password/", "second-step/"):
        assert looking.get(f"/portal/security/{page}").status_code == 404


@pytest.mark.parametrize("why", ["late", "ended", "logged out", "locked", "dismissed", "right gone"])
def test_s30_it_is_over(why: str, looking: Client, sipho: User) -> None:
    now = timezone.now()
    if why == "late":
        PortalLook.objects.update(began_at=now - timedelta(minutes=16), ends_at=now - timedelta(minutes=1))
    elif why == "ended":
        assert looking.post(END).url == "/customers/ALI001/"
    elif why == "logged out":
        Session.objects.filter(user=sipho).delete()
    elif why == "locked":
        Session.objects.filter(user=sipho).update(locked=True)
    elif why == "dismissed":
        User.objects.filter(pk=sipho.pk).update(is_active=False)
    else:
        sipho.groups.clear()
    answer = looking.get(HOME)
    if why == "ended":
        assert answer.url.startswith("/portal/login/")
    else:
        assert answer.url == "/customers/ALI001/"
        assert looking.cookies["herotill_look"].value == ""


def test_s30_it_is_over_when_his_screen_has_locked_itself(looking: Client, sipho: User, settings) -> None:
    settings.IDLE_LOCK_SECONDS = 300
    began = timezone.now() - timedelta(minutes=6)
    PortalLook.objects.update(began_at=began)
    assert looking.get(HOME).status_code == 200, "he was at his desk a moment ago"
    Session.objects.filter(user=sipho).update(seen_at=began)
    assert looking.get(HOME).url == "/customers/ALI001/"


def test_s30_the_cookie_is_for_the_portal_alone_and_useless_by_itself(
    looking: Client, alice: Customer
) -> None:
    cookie = looking.cookies["herotill_look"]
    assert (cookie["path"], cookie["httponly"], cookie["samesite"]) == ("/portal/", True, "Strict")
    stranger = Client()
    stranger.cookies["herotill_look"] = "guessed"
    assert stranger.get(HOME).url.startswith("/portal/login/")
    assert cookie.value not in str(PortalLook.objects.values_list().get())


def test_he_looks_where_a_customer_was_logged_in_before(looking: Client, bob: Customer) -> None:
    looking.cookies["herotill_portal"] = at_portal(bob).cookies["herotill_portal"].value
    Session.objects.update(seen_at=timezone.now() - timedelta(minutes=5))
    home = looking.get(HOME).content.decode()
    assert "ALI001" in home
    assert "Log out" not in home
    looking.post(END)
    assert "BOB001" in looking.get(HOME).content.decode()


def test_a_second_look_ends_the_first(looking: Client, sipho: User, bob: Customer) -> None:
    looking.post("/customers/BOB001/portal/", WHY)
    assert PortalLook.objects.filter(ended_at=None).get().customer == bob
    assert "BOB001" in looking.get(HOME).content.decode()

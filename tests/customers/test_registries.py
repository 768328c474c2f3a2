"""An app that the customer screen does not know adds to it: a card, a head fact, a banner, a tab, a portal card."""

import pytest
from django.test import Client

from customers.models import Customer, PortalLogin
from herotill.models import SecretReveal
from herotill.users.models import User
from tests.factories import client_of, make_customer, make_person
from tests.sampleapp.models import Gadget

pytestmark = pytest.mark.django_db
SEES = ("customers.view_customer", "sampleapp.view_gadget")


@pytest.fixture
def alice() -> Customer:
    customer = make_customer("Alice Liddel", "ALI001")
    Gadget.objects.create(customer=customer, name="Router", size="l", licence="AAAA-BBBB-CCCC")
    return customer


def test_card_head_fact_and_banner_stand_on_the_profile_for_those_who_may_see_them(alice: Customer) -> None:
    page = client_of(make_person("Sam", *SEES)).get("/customers/ALI001/").content.decode()
    assert 'id="card-sample-gadgets"' in page
    assert "•••• CCCC" in page
    assert "1 gadgets" in page
    assert "Router is large." in page
    other = (
        client_of(make_person("Dora", "customers.view_customer")).get("/customers/ALI001/").content.decode()
    )
    assert "gadgets" not in other
    assert "Router" not in other


def test_its_action_works_without_a_url_of_its_own(alice: Customer) -> None:
    sam = client_of(make_person("Sam", *SEES, "sampleapp.add_gadget"))
    url = "/customers/ALI001/widgets/sample-gadgets/add/"
    assert "Add gadget" in sam.get(url).content.decode()
    assert sam.post(url, {"name": "", "size": "s"}).status_code == 422
    done = sam.post(url, {"name": "Radio", "size": "s"}, headers={"HX-Request": "true"})
    assert done.status_code == 204
    assert "sample-gadgets" in done.headers["HX-Trigger"]
    assert Gadget.objects.filter(customer=alice, name="Radio").exists()


def test_s25_a_secret_is_shown_on_a_screen_for_a_reason_and_recorded(alice: Customer) -> None:
    gadget = Gadget.objects.get()
    url = f"/customers/ALI001/widgets/sample-gadgets/show/{gadget.pk}/"
    assert client_of(make_person("Sam", *SEES)).post(url, {"reason": "Curious"}).status_code == 403
    ida = client_of(make_person("Ida", *SEES, "sampleapp.see_licence"))
    assert ida.post(url, {"reason": ""}).status_code == 422
    assert not SecretReveal.objects.exists()
    answer = ida.post(url, {"reason": "Customer lost it"})
    assert "AAAA-BBBB-CCCC" in answer.content.decode()
    assert "no-store" in answer.headers["Cache-Control"]
    kept = SecretReveal.objects.get()
    assert (kept.reason, kept.source, kept.customer_id) == ("Customer lost it", url, alice.pk)


def test_its_tab_stands_in_the_create_dialog_for_those_who_may_fill_it_in() -> None:
    rights = ("customers.view_customer", "customers.add_customer")
    assert (
        "new-tab-sample" not in client_of(make_person("Sam", *rights)).get("/customers/new/").content.decode()
    )
    ida = client_of(make_person("Ida", *rights, "sampleapp.add_gadget"))
    assert "new-tab-sample" in ida.get("/customers/new/").content.decode()


def test_its_card_stands_on_the_portal_of_those_it_is_for(alice: Customer) -> None:
    for customer, said in ((alice, True), (make_customer("Bob and Sons", "BOB001", kind="company"), False)):
        user = User.objects.create_user(customer.code, kind=User.Kind.PORTAL)
        PortalLogin.objects.create(customer=customer, user=user)
        page = portal_of(user).get("/portal/").content.decode()
        assert customer.code in page
        assert (f"Order gadgets under {customer.code}." in page) is said


def portal_of(user: User) -> Client:
    client = Client()
    client.force_login(user)
    client.cookies["herotill_portal"] = client.cookies.pop("herotill_staff").value
    return client

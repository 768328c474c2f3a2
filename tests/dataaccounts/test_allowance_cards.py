"""The cards of toppings and of usage notices, as a clerk uses them."""

from __future__ import annotations

import pytest
from django.test import Client

from customers.models import Customer
from dataaccounts.models import DataAccount, Topping, ToppingOffer, UsageNotice
from tests.factories import client_of, make_customer, make_person
from tests.factories.data import GB, make_account, make_package
from tests.factories.products import make_product

pytestmark = pytest.mark.django_db
TOPPINGS = "/customers/ALI001/widgets/data-toppings/"
NOTICES = "/customers/ALI001/widgets/usage-notifications/"
HTMX = {"HX-Request": "true"}
SEES = ("customers.view_customer", "dataaccounts.view_topping", "dataaccounts.view_usagenotice")


@pytest.fixture
def alice() -> Customer:
    return make_customer(code="ALI001")


@pytest.fixture
def account(alice: Customer) -> DataAccount:
    slow = make_package("Slow", staff=True, down_kbit=1000, up_kbit=500)
    return make_account(alice, package=make_package("10 GB", allowance=10 * GB, once_capped=slow))


@pytest.fixture
def desk() -> Client:
    rights = (*SEES, "dataaccounts.add_topping", "dataaccounts.give_topping", "dataaccounts.delete_topping")
    return client_of(make_person("Sue", *rights, "dataaccounts.change_usagenotice"))


def test_sue_adds_a_topping_to_the_next_invoice(account: DataAccount, desk: Client) -> None:
    offer = ToppingOffer.objects.create(name="Five", octets=5 * GB, product=make_product("TOP5", "50.00"))
    assert "Five (5 GB)" in desk.get(f"{TOPPINGS}add/").content.decode()
    asked = {"account": account.pk, "offer": offer.pk, "token": "t1"}
    answer = desk.post(f"{TOPPINGS}add/", asked, headers=HTMX)
    assert answer.status_code == 204
    made = Topping.objects.get()
    assert (made.charge, made.octets, made.added_by.username) == ("next", 5 * GB, "sue")
    assert "15 GB left" in desk.get(TOPPINGS).content.decode()


def test_pressed_twice_a_topping_is_added_once(account: DataAccount, desk: Client) -> None:
    offer = ToppingOffer.objects.create(name="Five", octets=5 * GB, product=make_product("TOP5", "50.00"))
    added = {"account": account.pk, "offer": offer.pk, "token": "t1"}
    given = {"account": account.pk, "octets": "2.5", "reason": "The outage", "token": "t2"}
    for deed, asked in (("add", added), ("give", given)):
        assert desk.post(f"{TOPPINGS}{deed}/", asked, headers=HTMX).status_code == 204
        again = desk.post(f"{TOPPINGS}{deed}/", asked, headers=HTMX)
        assert again.status_code == 422
        assert "added already" in again.content.decode()
    assert Topping.objects.count() == 2
    assert desk.post(f"{TOPPINGS}give/", given | {"token": "t3"}, headers=HTMX).status_code == 204


def test_data_given_free_says_why_and_can_be_taken_back(account: DataAccount, desk: Client) -> None:
    refused = desk.post(f"{TOPPINGS}give/", {"account": account.pk, "octets": "2.5"})
    assert refused.status_code == 422
    assert 'value="2.5"' in refused.content.decode()
    desk.post(
        f"{TOPPINGS}give/", {"account": account.pk, "octets": "2.5", "reason": "The outage", "token": "t1"}
    )
    page = desk.get(TOPPINGS).content.decode()
    assert "12.5 GB left" in page
    assert "The outage" in page
    assert desk.post(f"{TOPPINGS}take-back/{Topping.objects.get().pk}/", headers=HTMX).status_code == 204
    page = desk.get(TOPPINGS).content.decode()
    assert "10 GB left" in page
    assert "Taken back by Sue" in page


def test_nobody_tops_up_or_takes_back_at_somebody_else(account: DataAccount, desk: Client) -> None:
    bobs = make_account(make_customer(code="BOB001"), username="bob@isp.example")
    answer = desk.post(f"{TOPPINGS}give/", {"account": bobs.pk, "octets": "1", "reason": "Mine"})
    assert answer.status_code == 422
    theirs = Topping.objects.create(
        account=bobs, octets=GB, charge="free", starts_on="2018-08-01", ends_on="2018-08-31"
    )
    assert desk.post(f"{TOPPINGS}take-back/{theirs.pk}/").status_code == 404


def test_dora_sees_and_changes_nothing(account: DataAccount) -> None:
    dora = client_of(make_person("Dora", *SEES))
    assert dora.get(TOPPINGS).status_code == 200
    for deed in (f"{TOPPINGS}add/", f"{TOPPINGS}give/", f"{NOTICES}edit/{account.pk}/"):
        assert dora.post(deed).status_code == 403


def test_notices_go_to_the_contacts_until_somebody_says_otherwise(account: DataAccount, desk: Client) -> None:
    assert "To the contacts for usage notices" in desk.get(NOTICES).content.decode()
    given = {"at_50": "on", "at_100": "on", "email": "noc@wonder.example", "sms": "082 123 4567"}
    assert desk.post(f"{NOTICES}edit/{account.pk}/", given, headers=HTMX).status_code == 204
    own = UsageNotice.objects.get(account=account)
    assert (own.at_50, own.at_75, own.at_90, own.at_100) == (True, False, False, True)
    assert (own.email, own.sms) == ("noc@wonder.example", "+27821234567")
    page = desk.get(NOTICES).content.decode()
    assert "at 50 %, 100 %" in page
    assert "SMS to 082 123 4567" in page


def test_a_number_that_is_none_stays_in_the_form(account: DataAccount, desk: Client) -> None:
    answer = desk.post(f"{NOTICES}edit/{account.pk}/", {"sms": "call me"})
    assert answer.status_code == 422
    assert 'value="call me"' in answer.content.decode()


def test_both_cards_ask_the_database_little(
    account: DataAccount, desk: Client, django_assert_max_num_queries
) -> None:
    for card in (TOPPINGS, NOTICES):
        desk.get(card)
        with django_assert_max_num_queries(10):
            desk.get(card)


def test_the_boss_keeps_toppings_and_bundles_in_setup() -> None:
    rights = [f"dataaccounts.{verb}_toppingoffer" for verb in ("view", "add", "change", "delete")]
    boss = client_of(make_person("Boss", *rights))
    product = make_product("TOP5", "50.00")
    wrong = boss.post(
        "/setup/toppings/new/", {"name": "Days", "kind": "topping", "product": product.pk, "days": "30"}
    )
    assert "A topping needs data." in wrong.content.decode()
    assert "days are for bundles" in wrong.content.decode()
    right = {"name": "Weekend", "kind": "bundle", "product": product.pk, "octets": "2.5", "days": "3"}
    boss.post("/setup/toppings/new/", right, headers=HTMX)
    made = ToppingOffer.objects.get()
    assert (made.octets, made.days) == (2_500_000_000, 3)
    page = boss.get("/setup/toppings/").content.decode()
    assert "2.5 GB" in page
    assert "3 days" in page

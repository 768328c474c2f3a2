"""Alice buys data for a service: by card, or on her next invoice where the ISP allows it; and reads what restores one."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from billing.models import CardAttempt, Document, SubAccountMode, SuspensionCase, TakenDown
from customers.models import Customer
from dataaccounts.models import DataAccount, NetworkRules, Topping, ToppingOffer
from tests.billing.cards.conftest import Payer, payfast, there
from tests.factories import make_customer
from tests.factories.billing import make_invoice
from tests.factories.data import GB, make_account, make_package
from tests.factories.products import make_product
from tests.factories.suspensions import switch_on
from tests.portal.conftest import at_portal, login_of

__all__ = ["payfast", "there"]
pytestmark = [pytest.mark.django_db, pytest.mark.money]
DATA = "/portal/services/data/"


@pytest.fixture
def home(alice: Customer) -> DataAccount:
    slow = make_package("Slow", down_kbit=1000, up_kbit=500)
    return make_account(alice, package=make_package("20Mb/s 100GB", allowance=100 * GB, once_capped=slow))


@pytest.fixture
def topping() -> ToppingOffer:
    return ToppingOffer.objects.create(
        kind="topping", name="10 GB", octets=10 * GB, product=make_product("TOP10", "99.00")
    )


@pytest.fixture
def bundle() -> ToppingOffer:
    return ToppingOffer.objects.create(
        kind="bundle", name="30 days", days=30, product=make_product("DAYS30", "299.00")
    )


@pytest.fixture
def client(alice: Customer) -> Client:
    return at_portal(alice)


def text(response: Any) -> str:
    return " ".join(response.content.decode().split())


def key(account: DataAccount, offer: ToppingOffer) -> str:
    return f"{account.pk}-{offer.pk}"


def buy(client: Client, account: DataAccount, offer: ToppingOffer, how: str, form_key: str = "k1") -> Any:
    data = {"what": key(account, offer), "how": how, "form_key": form_key}
    return client.post(f"{DATA}?account={account.pk}", data)


def test_s17_a_topping_paid_by_card_is_on_the_service_with_its_invoice(
    client, home, topping, bundle, payfast, there, django_assert_max_num_queries
):
    client.get("/portal/services/")
    with django_assert_max_num_queries(12):
        page = text(client.get(f"{DATA}?account={home.pk}"))
    assert "10 GB</b> · R 99.00" in page
    assert "30 days" not in page, "a bundle is for prepaid services"
    assert "next invoice" not in page
    attempt_url = buy(client, home, topping, "card")["Location"]
    attempt = CardAttempt.objects.get()
    assert attempt_url == f"/portal/bills/pay/{attempt.reference}/"
    assert not Topping.objects.exists()
    Payer(there, attempt).pays()
    given = Topping.objects.get()
    assert (given.account, given.charge, given.document) == (home, "paid", Document.objects.get().name)


def test_on_account_only_where_the_isp_allows_it(client, home, topping):
    assert buy(client, home, topping, "account").status_code == 422
    assert not Topping.objects.exists()
    NetworkRules.objects.update(portal_on_account=True)
    assert "Put it on my next invoice" in text(client.get(f"{DATA}?account={home.pk}"))
    assert buy(client, home, topping, "account").status_code == 302
    given = Topping.objects.get()
    assert (given.charge, given.added_by) == ("next", login_of(home.customer))
    twice = buy(client, home, topping, "account")
    assert "added already" in text(twice)
    assert Topping.objects.count() == 1


def test_who_owes_what_is_overdue_pays_that_first(client, alice, home, topping):
    NetworkRules.objects.update(portal_on_account=True)
    today = timezone.localdate()
    make_invoice(alice, "454.00", today - timedelta(days=40), due=today - timedelta(days=30))
    refused = buy(client, home, topping, "account")
    assert refused.status_code == 422
    assert "Pay what is overdue first." in text(refused)
    assert not Topping.objects.exists()


def test_a_prepaid_service_is_never_on_account(client, alice, bundle):
    NetworkRules.objects.update(portal_on_account=True)
    cabin = make_account(alice, "cabin@isp.example", prepaid=True)
    assert buy(client, cabin, bundle, "account").status_code == 422
    assert not Topping.objects.exists()


def test_nothing_is_bought_for_bobs_service(client, bob, home, topping):
    NetworkRules.objects.update(portal_on_account=True)
    bobs = make_account(bob, "bob@isp.example", package=home.package)
    assert client.get(f"{DATA}?account={bobs.pk}").status_code == 404
    assert buy(client, bobs, topping, "account").status_code == 404
    sneaky = {"what": key(bobs, topping), "how": "account", "form_key": "k9"}
    assert client.post(f"{DATA}?account={home.pk}", sneaky).status_code == 422
    assert not Topping.objects.exists()


def test_a_resellers_client_reads_no_prices_and_asks_its_reseller(alice, topping):
    NetworkRules.objects.update(portal_on_account=True)
    reseller = make_customer("Karoo Net", "KAR001", kind="company")
    Customer.objects.filter(pk=alice.pk).update(master=reseller)
    SubAccountMode.objects.create(
        customer=alice, starts_on=timezone.localdate().replace(day=1), mode="reseller"
    )
    slow = make_package("Slow", down_kbit=1000, up_kbit=500)
    home = make_account(alice, package=make_package("20Mb/s 100GB", allowance=100 * GB, once_capped=slow))
    client = at_portal(alice)
    page = text(client.get(f"{DATA}?account={home.pk}"))
    assert "Karoo Net pays for your services" in page
    assert "R 99.00" not in page
    assert buy(client, home, topping, "account").status_code != 302
    assert "Karoo Net pays for this service" in text(client.get(f"/portal/services/{home.pk}/change/"))
    assert not Topping.objects.exists()


@pytest.fixture
def suspended(alice: Customer, home: DataAccount) -> DataAccount:
    """Alice's service, down for what she has not paid."""
    switch_on()
    today = timezone.localdate()
    make_invoice(alice, "454.00", today - timedelta(days=60), due=today - timedelta(days=50))
    case = SuspensionCase.objects.create(
        customer=alice,
        state="suspended",
        opened_on=today,
        counts_from=today - timedelta(days=50),
        overdue=Decimal("454.00"),
        suspended_on=today,
    )
    TakenDown.objects.create(case=case, account=home)
    DataAccount.objects.filter(pk=home.pk).update(state="suspended")
    return home


def test_a_service_suspended_for_money_says_how_much_restores_it(
    client, suspended, django_assert_max_num_queries
):
    client.get("/portal/services/")
    with django_assert_max_num_queries(12):
        page = text(client.get(f"/portal/services/{suspended.pk}/"))
    assert "Pay R 454.00 to restore it." in page
    assert 'href="/portal/bills/pay/">Pay now' in page
    assert "Pay R 454.00 to restore it." in text(client.get("/portal/"))


def test_one_suspended_by_hand_is_not_restored_by_money(client, suspended):
    TakenDown.objects.update(back_at=timezone.now())
    page = text(client.get("/portal/services/"))
    assert "Talk to us to have it restored." in page
    assert "to restore it." not in page


def test_one_that_another_pays_for_names_no_amount(client, bob, suspended):
    TakenDown.objects.update(
        case=SuspensionCase.objects.create(
            customer=bob,
            state="suspended",
            opened_on=timezone.localdate(),
            counts_from=timezone.localdate(),
            overdue=Decimal("99.00"),
            suspended_on=timezone.localdate(),
        )
    )
    page = text(client.get("/portal/services/"))
    assert "Ask whoever pays for it" in page
    assert "99.00" not in page

"""Alice changes her package in the portal: at once, or asked for and answered, always after she saw the price."""

from __future__ import annotations

import re
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from customers.models import Customer
from dataaccounts.models import DataAccount, NetworkRules, Package, PackageChange, PackageWish
from dataaccounts.selectors import choosing
from dataaccounts.services import package_wishes
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.months import Month
from tests.factories import client_of, make_customer, make_person
from tests.factories.data import make_account, make_package
from tests.portal.conftest import at_portal, login_of

pytestmark = pytest.mark.django_db
RIGHTS = ("customers.view_customer", "dataaccounts.view_packagechange", "dataaccounts.add_packagechange")


@pytest.fixture
def home(alice: Customer) -> DataAccount:
    return make_account(alice)


@pytest.fixture
def fast() -> Package:
    return make_package("50Mb/s Uncapped", price="899.00", down_kbit=50_000)


@pytest.fixture
def browser_of_alice(alice: Customer) -> Client:
    return at_portal(alice)


def first_of_next_month() -> str:
    return str(Month.of(timezone.localdate()).next.first)


def body(response: Any) -> str:
    return " ".join(response.content.decode().split())


def confirm(client: Client, account: DataAccount, package: Package, day: str, **more: str) -> Any:
    """Look at what it means, and press the button that stands there."""
    url = f"/portal/services/{account.pk}/change/"
    page = body(client.get(url, {"package": package.pk, "day": day}))
    fields = dict(re.findall(r'<input type="hidden" name="(package|day|price)" value="([^"]*)"', page))
    return client.post(url, fields | more)


def test_she_reads_what_it_costs_before_anything_changes(
    browser_of_alice: Client, home: DataAccount, fast: Package
) -> None:
    page = body(browser_of_alice.get(f"/portal/services/{home.pk}/change/"))
    assert "50Mb/s Uncapped</b> · R 899.00 a month" in page
    asked = {"package": fast.pk, "day": str(timezone.localdate())}
    means = body(browser_of_alice.get(f"/portal/services/{home.pk}/change/", asked))
    assert "<dd>R 454.00</dd>" in means
    assert "<b>R 899.00</b>" in means
    told = choosing.offered(home).meaning(fast, timezone.localdate())
    if told.days_before:
        assert f"Together {told.this_month:,.2f}".replace("Together ", "Together R ") in means
    assert not PackageWish.objects.exists()
    assert not PackageChange.objects.exists()


def test_prices_without_vat_are_shown_with_it(
    browser_of_alice: Client, home: DataAccount, fast: Package
) -> None:
    assert fast.product is not None
    fast.product.price_includes_vat = False
    fast.product.save()
    assert "R 1,033.85 a month" in body(browser_of_alice.get(f"/portal/services/{home.pk}/change/"))


def test_where_the_isp_decides_it_is_asked_for(
    browser_of_alice: Client, alice: Customer, home: DataAccount, fast: Package
) -> None:
    assert confirm(browser_of_alice, home, fast, first_of_next_month()).status_code == 302
    wish = PackageWish.objects.get()
    assert (wish.state, wish.to_package, wish.price) == ("waiting", fast, Decimal("899.00"))
    assert wish.asked_by == login_of(alice)
    assert not PackageChange.objects.exists()
    page = body(browser_of_alice.get(f"/portal/services/{home.pk}/"))
    assert "You asked for <b>50Mb/s Uncapped</b>" in page
    refused = confirm(browser_of_alice, home, fast, first_of_next_month())
    assert refused.status_code == 422
    assert "Withdraw it first." in refused.content.decode()
    browser_of_alice.post(f"/portal/services/wishes/{wish.pk}/withdraw/")
    wish.refresh_from_db()
    assert wish.state == "withdrawn"


def test_staff_accept_and_the_change_is_planned_for_the_day_she_wants(
    browser_of_alice: Client, home: DataAccount, fast: Package
) -> None:
    confirm(browser_of_alice, home, fast, first_of_next_month())
    wish = PackageWish.objects.get()
    desk = client_of(make_person("Sue", *RIGHTS))
    assert "Alice Liddel" in body(desk.get("/data-accounts/packages-asked/"))
    card = "/customers/ALI001/widgets/package-changes/"
    assert "Asked for in the portal" in body(desk.get(card))
    assert desk.post(f"{card}accept/{wish.pk}/", headers={"HX-Request": "true"}).status_code == 204
    change = PackageChange.objects.get()
    assert (str(change.takes_effect_on), change.to_package) == (first_of_next_month(), fast)
    assert Message.objects.filter(template="package-answered").count() == 1
    assert "Changes to <b>50Mb/s Uncapped</b>" in body(browser_of_alice.get(f"/portal/services/{home.pk}/"))


def test_staff_refuse_with_words_that_she_reads(
    browser_of_alice: Client, home: DataAccount, fast: Package
) -> None:
    confirm(browser_of_alice, home, fast, first_of_next_month())
    wish = PackageWish.objects.get()
    card = f"/customers/ALI001/widgets/package-changes/refuse/{wish.pk}/"
    desk = client_of(make_person("Sue", *RIGHTS))
    desk.post(card, {"answer": "Your tower is full."}, headers={"HX-Request": "true"})
    assert "Your tower is full." in body(browser_of_alice.get(f"/portal/services/{home.pk}/"))
    assert not PackageChange.objects.exists()
    with pytest.raises(DomainError, match="decided or withdrawn already"):
        package_wishes.accept(wish=wish, actor=login_of(home.customer), now=timezone.now())


def test_who_may_not_plan_changes_answers_nobody(
    browser_of_alice: Client, home: DataAccount, fast: Package
) -> None:
    confirm(browser_of_alice, home, fast, first_of_next_month())
    wish = PackageWish.objects.get()
    dora = client_of(make_person("Dora", *RIGHTS[:2]))
    card = f"/customers/ALI001/widgets/package-changes/accept/{wish.pk}/"
    assert dora.post(card, headers={"HX-Request": "true"}).status_code == 403
    assert client_of(make_person("Eve")).get("/data-accounts/packages-asked/").status_code == 403


@pytest.fixture
def at_once() -> None:
    NetworkRules.objects.update(portal_changes="at_once")


@pytest.mark.usefixtures("at_once")
def test_where_the_isp_allows_it_the_package_changes_at_once(
    browser_of_alice: Client, alice: Customer, home: DataAccount, fast: Package
) -> None:
    assert confirm(browser_of_alice, home, fast, str(timezone.localdate())).status_code == 302
    home.refresh_from_db()
    assert home.package == fast
    assert PackageChange.objects.get().asked_by == login_of(alice)


@pytest.mark.usefixtures("at_once")
def test_a_change_she_planned_can_be_withdrawn_by_her_and_one_of_ours_not(
    browser_of_alice: Client, home: DataAccount, fast: Package
) -> None:
    confirm(browser_of_alice, home, fast, first_of_next_month())
    change = PackageChange.objects.get()
    PackageChange.objects.update(asked_by=make_person("Sue"))
    assert browser_of_alice.post(f"/portal/services/changes/{change.pk}/withdraw/").status_code == 404
    PackageChange.objects.update(asked_by=login_of(home.customer))
    assert browser_of_alice.post(f"/portal/services/changes/{change.pk}/withdraw/").status_code == 302
    change.refresh_from_db()
    assert change.withdrawn_at


@pytest.mark.usefixtures("at_once")
def test_a_price_she_was_not_shown_counts_for_nothing(
    browser_of_alice: Client, home: DataAccount, fast: Package
) -> None:
    day = str(timezone.localdate())
    refused = confirm(browser_of_alice, home, fast, day, price="1.00")
    assert refused.status_code == 422
    assert "The price has changed" in refused.content.decode()
    assert (
        browser_of_alice.post(
            f"/portal/services/{home.pk}/change/", {"package": fast.pk, "day": day}
        ).status_code
        == 422
    )
    assert not PackageChange.objects.exists()


@pytest.mark.usefixtures("at_once")
def test_what_is_not_offered_in_the_portal_cannot_be_chosen(
    browser_of_alice: Client, home: DataAccount, fast: Package
) -> None:
    Package.objects.filter(pk=fast.pk).update(in_portal=False)
    url = f"/portal/services/{home.pk}/change/"
    assert "50Mb/s Uncapped" not in body(browser_of_alice.get(url))
    sent = {"package": fast.pk, "day": str(timezone.localdate()), "price": "899.00"}
    assert browser_of_alice.post(url, sent).status_code == 422
    assert not PackageChange.objects.exists()


@pytest.mark.usefixtures("at_once")
def test_a_suspended_service_does_not_change(
    browser_of_alice: Client, home: DataAccount, fast: Package
) -> None:
    DataAccount.objects.update(state="suspended")
    sent = {"package": fast.pk, "day": str(timezone.localdate()), "price": "899.00"}
    browser_of_alice.post(f"/portal/services/{home.pk}/change/", sent)
    assert not PackageChange.objects.exists()
    assert "Only a service that is active can change." in body(
        browser_of_alice.get(f"/portal/services/{home.pk}/change/")
    )


def test_where_the_isp_does_not_offer_it_there_is_no_page(
    browser_of_alice: Client, home: DataAccount, fast: Package
) -> None:
    NetworkRules.objects.update(portal_changes="hidden")
    assert browser_of_alice.get(f"/portal/services/{home.pk}/change/").status_code == 404
    assert "Change package" not in body(browser_of_alice.get(f"/portal/services/{home.pk}/"))


def test_bob_withdraws_nothing_of_hers(
    bob: Customer, browser_of_alice: Client, home: DataAccount, fast: Package
) -> None:
    confirm(browser_of_alice, home, fast, first_of_next_month())
    wish = PackageWish.objects.get()
    assert at_portal(bob).post(f"/portal/services/wishes/{wish.pk}/withdraw/").status_code == 404
    assert PackageWish.objects.get().state == "waiting"


def test_a_day_that_has_gone_by_meanwhile_becomes_today(home: DataAccount, fast: Package) -> None:
    wish = PackageWish.objects.create(
        account=home,
        to_package=fast,
        takes_effect_on=timezone.localdate() - timedelta(days=3),
        price=Decimal("899.00"),
    )
    change = package_wishes.accept(wish=wish, actor=make_person("Sue"), now=timezone.now())
    assert change.takes_effect_on == timezone.localdate()
    home.refresh_from_db()
    assert home.package == fast


def test_the_database_keeps_one_wish_an_account_and_none_decided_without_its_change(
    home: DataAccount, fast: Package
) -> None:
    wish = PackageWish.objects.create(
        account=home, to_package=fast, takes_effect_on=timezone.localdate(), price=Decimal("899.00")
    )
    with pytest.raises(IntegrityError, match="accepted_wish_has_its_change"):
        PackageWish.objects.filter(pk=wish.pk).update(state="accepted", decided_at=timezone.now())


@pytest.mark.parametrize("asked", ["", "?package={}&day={}"])
def test_choosing_takes_at_most_twelve_queries(
    browser_of_alice: Client, home: DataAccount, fast: Package, asked: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(4):
        make_package(f"Package {number}", price="500.00")
    browser_of_alice.get("/portal/services/")
    query = asked.format(fast.pk, timezone.localdate())
    with django_assert_max_num_queries(12):
        browser_of_alice.get(f"/portal/services/{home.pk}/change/{query}")


def test_strangers_services_are_not_counted_as_hers(home: DataAccount) -> None:
    carol = at_portal(make_customer("Carol Petersen", "CAR001"))
    assert carol.get(f"/portal/services/{home.pk}/change/").status_code == 404

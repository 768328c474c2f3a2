"""Alice sees how her services stand, what data is left, and what concerns them; Bob's are not hers to see."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from customers.models import Customer
from dataaccounts.models import (
    DataAccount,
    NetworkRules,
    Outage,
    Topping,
    ToppingOffer,
    UsageNotice,
    VoucherBatch,
)
from dataaccounts.services import radius_secrets, vouchers
from herotill.models import SecretReveal
from herotill.reference.models import Highsite
from herotill.secrets import decrypt
from tests.factories.data import GB, make_account, make_nas, make_package, make_session
from tests.factories.products import make_product
from tests.portal.conftest import at_portal, login_of

pytestmark = pytest.mark.django_db


def used(account: DataAccount, day: date, down: int, up: int = 0) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dataaccounts_usageday (account_id, day, download, upload) VALUES (%s, %s, %s, %s)",
            [account.pk, day, down, up],
        )


def text(response: Any) -> str:
    assert response.status_code == 200, response.status_code
    return " ".join(response.content.decode().split())


@pytest.fixture
def capped() -> Any:
    slow = make_package("1Mb/s once capped", down_kbit=1000, up_kbit=500)
    return make_package("20Mb/s 100GB", allowance=100 * GB, once_capped=slow, price="599.00", in_portal=False)


@pytest.fixture
def home(alice: Customer, capped: Any) -> DataAccount:
    account = make_account(alice, package=capped)
    used(account, timezone.localdate(), 25 * GB, 5 * GB)
    return account


@pytest.fixture
def bobs(bob: Customer, home: DataAccount) -> DataAccount:
    return make_account(bob, "bob@isp.example")


def test_each_service_says_how_it_stands(alice: Customer, home: DataAccount) -> None:
    make_session(home, make_nas(), started_at=timezone.now() - timedelta(hours=2))
    make_account(alice, "office@isp.example", state="suspended")
    make_account(alice, "old@isp.example", state="cancelled", ends_on=date(2019, 3, 31))
    make_account(alice, "new@isp.example", state="waiting")
    make_account(alice, "cabin@isp.example", prepaid=True, expires_at=timezone.now() - timedelta(days=1))
    page = text(at_portal(alice).get("/portal/services/"))
    assert "Online since" in page
    assert "70 GB left" in page
    assert "30 GB of 100 GB used" in page
    assert "Talk to us to have it restored." in page
    assert "Cancelled on 31 March 2019." in page
    assert "Not active yet" in page
    assert "Buy a bundle or redeem a voucher to go on." in page


def test_a_used_up_allowance_is_said_with_the_speed_that_is_left(home: DataAccount, alice: Customer) -> None:
    DataAccount.objects.update(capped_at=timezone.now())
    assert "used up; until the month ends you go on at 1 Mb/s." in text(
        at_portal(alice).get(f"/portal/services/{home.pk}/")
    )


def test_the_home_has_the_services_with_the_months_chart_and_what_is_out(
    alice: Customer, home: DataAccount
) -> None:
    tower = Highsite.objects.create(name="Koppie")
    DataAccount.objects.update(highsite=tower)
    now = timezone.now()
    Outage.objects.create(highsite=tower, headline="No service at Koppie", text="Lightning.", starts_at=now)
    page = text(at_portal(alice).get("/portal/"))
    assert "70 GB left" in page
    assert 'role="img"' in page
    assert "No service at Koppie" in page
    outages = text(at_portal(alice).get("/portal/outages/"))
    assert "Lightning." in outages
    assert "Where: Koppie" in outages


def test_outages_elsewhere_do_not_concern_her(alice: Customer, home: DataAccount) -> None:
    far = Highsite.objects.create(name="Far")
    Outage.objects.create(highsite=far, headline="No service at Far", text="Wind.", starts_at=timezone.now())
    client = at_portal(alice)
    assert "No service at Far" not in text(client.get("/portal/"))
    assert "All is well" in text(client.get("/portal/outages/"))


def test_usage_is_read_by_day_month_and_year_and_by_service(
    alice: Customer, home: DataAccount, bobs: DataAccount
) -> None:
    cottage = make_account(alice, "cottage@isp.example")
    used(cottage, date(2018, 10, 3), 2 * GB)
    used(bobs, date(2018, 10, 3), 77 * GB)
    client = at_portal(alice)
    month = text(client.get("/portal/usage/?by=month&month=2018-10"))
    assert "October 2018" in month
    assert "<b>2 GB</b> downloaded" in month
    year = text(client.get(f"/portal/usage/?by=year&month=2018-10&account={cottage.pk}"))
    assert '<th scope="row">October</th>' in year
    assert "Nothing was used" in text(client.get(f"/portal/usage/?by=month&month=2018-10&account={home.pk}"))
    assert "Nothing was used" in text(client.get("/portal/usage/?by=day&day=2018-10-03"))
    asked_for_bobs = text(client.get(f"/portal/usage/?by=month&month=2018-10&account={bobs.pk}"))
    assert "77 GB" not in asked_for_bobs, "another's account counts as none"


@pytest.mark.parametrize("where", ["", "change/", "notices/", "password/"])
def test_bobs_services_are_not_there_for_alice(alice: Customer, bobs: DataAccount, where: str) -> None:
    client = at_portal(alice)
    assert client.get(f"/portal/services/{bobs.pk}/{where}").status_code == 404
    if where:
        assert client.post(f"/portal/services/{bobs.pk}/{where}", {"deed": "show"}).status_code == 404


def test_she_says_when_and_where_she_is_told_of_usage(alice: Customer, home: DataAccount) -> None:
    client, url = at_portal(alice), f"/portal/services/{home.pk}/notices/"
    answer = client.post(url, {"at_50": "on", "email": "not an address"})
    assert answer.status_code == 422
    assert not UsageNotice.objects.exists()
    client.post(url, {"at_50": "on", "at_100": "on", "email": "alice@example.com"})
    stands = UsageNotice.objects.get(account=home)
    assert (stands.at_50, stands.at_75, stands.at_90, stands.at_100) == (True, False, False, True)
    assert stands.email == "alice@example.com"


def test_s25_her_connection_password_is_shown_after_a_press_and_stays_on_record(
    alice: Customer, home: DataAccount
) -> None:
    radius_secrets.set_password(account_id=home.pk, password="white rabbit", actor=None)
    client, url = at_portal(alice), f"/portal/services/{home.pk}/password/"
    assert "white rabbit" not in text(client.get(url))
    assert not SecretReveal.objects.exists()
    assert "white rabbit" in text(client.post(url, {"deed": "show"}))
    record = SecretReveal.objects.get()
    assert (record.customer_id, record.actor_id, record.reason) == (
        alice.pk,
        login_of(alice).pk,
        "Shown to the customer in the portal",
    )
    assert client.post(url, {"deed": "renew"}).status_code == 422
    assert "white rabbit" in text(client.post(url, {"deed": "show"})), "only shown, never renewed"


def test_the_network_rules_say_what_becomes_of_passwords(alice: Customer, home: DataAccount) -> None:
    radius_secrets.set_password(account_id=home.pk, password="white rabbit", actor=None)
    client, url = at_portal(alice), f"/portal/services/{home.pk}/password/"
    NetworkRules.objects.update(portal_password="renewed")
    client.post(url, {"deed": "renew"})
    assert "white rabbit" not in text(client.post(url, {"deed": "show"}))
    NetworkRules.objects.update(portal_password="hidden")
    assert client.get(url).status_code == 404
    assert client.post(url, {"deed": "show"}).status_code == 404
    assert "Connection password" not in text(client.get(f"/portal/services/{home.pk}/"))


@pytest.fixture
def cabin(alice: Customer) -> DataAccount:
    return make_account(alice, "cabin@isp.example", prepaid=True, expires_at=timezone.now())


@pytest.fixture
def voucher(cabin: DataAccount) -> str:
    offer = ToppingOffer.objects.create(
        kind="bundle", name="5 GB", octets=5 * GB, days=30, product=make_product("BUN5", "99.00")
    )
    batch: VoucherBatch = vouchers.make(
        name="Market",
        package=cabin.package,
        offer=offer,
        count=1,
        expires_on=date(2099, 1, 1),
        actor=None,
        now=timezone.now(),
    )
    code: Any = batch.vouchers.get().code
    return decrypt(code.token)


def test_a_voucher_is_redeemed_once(alice: Customer, cabin: DataAccount, voucher: str) -> None:
    client, data = at_portal(alice), {"account": cabin.pk, "code": voucher}
    assert client.post("/portal/voucher/", data).status_code == 302
    assert Topping.objects.get().account == cabin
    again = client.post("/portal/voucher/", data)
    assert again.status_code == 422
    assert "not known, used already, or no longer good" in again.content.decode()


def test_guessing_vouchers_is_made_slow(alice: Customer, cabin: DataAccount, voucher: str) -> None:
    client = at_portal(alice)
    tried = [
        client.post("/portal/voucher/", {"account": cabin.pk, "code": f"WRONG{number}"}).status_code
        for number in range(12)
    ]
    assert tried[0] == 422
    assert tried[-1] == 429
    assert client.post("/portal/voucher/", {"account": cabin.pk, "code": voucher}).status_code == 429
    assert not Topping.objects.exists()


def test_a_voucher_never_lands_on_anothers_service(bob: Customer, cabin: DataAccount, voucher: str) -> None:
    make_account(bob, "bobs-cabin@isp.example", prepaid=True)
    refused = at_portal(bob).post("/portal/voucher/", {"account": cabin.pk, "code": voucher})
    assert refused.status_code == 422
    assert not Topping.objects.exists()


@pytest.mark.parametrize("where", ["services/", "services/{}/", "usage/", "outages/", "voucher/"])
def test_a_page_of_services_takes_at_most_twelve_queries(
    alice: Customer, home: DataAccount, where: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        make_account(alice, f"more{number}@isp.example", package=home.package)
    client = at_portal(alice)
    client.get("/portal/services/")
    with django_assert_max_num_queries(12):
        assert client.get(f"/portal/{where.format(home.pk)}").status_code == 200


def test_nobody_sees_a_service_without_a_log_in(home: DataAccount, client: Any) -> None:
    assert client.get(f"/portal/services/{home.pk}/").status_code == 302

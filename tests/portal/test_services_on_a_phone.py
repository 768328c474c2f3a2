"""Alice looks after her services on her phone: reads, asks for a package, redeems; without scripts too."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from customers.models import Customer
from dataaccounts.models import DataAccount, NetworkRules, Outage, PackageWish, ToppingOffer
from herotill.months import Month
from herotill.reference.models import Highsite
from tests.browser import PATIENCE, PHONE, findings
from tests.factories.data import GB, make_account, make_nas, make_package, make_session
from tests.factories.products import make_product
from tests.portal.conftest import PASSWORD, login_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def used(account: DataAccount) -> None:
    """Something on every day of this month."""
    with connection.cursor() as cursor:
        for day in Month.of(timezone.localdate()).days():
            cursor.execute(
                "INSERT INTO dataaccounts_usageday (account_id, day, download, upload) VALUES (%s, %s, %s, %s)",
                [account.pk, day, day.day * GB // 5, day.day * GB // 20],
            )


@pytest.fixture
def home(alice: Customer) -> DataAccount:
    """A service that is online at Koppie, where work is planned; and a faster package to be had."""
    slow = make_package("1Mb/s once capped", down_kbit=1000, up_kbit=500, in_portal=False)
    capped = make_package(
        "20Mb/s 200GB", allowance=200 * GB, once_capped=slow, price="599.00", down_kbit=20_000
    )
    account = make_account(alice, package=capped, highsite=Highsite.objects.create(name="Koppie"))
    make_session(account, make_nas(), started_at=timezone.now() - timedelta(hours=30))
    make_package("50Mb/s Uncapped", price="899.00", down_kbit=50_000, up_kbit=25_000)
    now = timezone.now()
    Outage.objects.create(
        kind="maintenance",
        highsite=account.highsite,
        headline="New radios at Koppie",
        text="We put up new radios.\nYou may be offline for an hour.",
        starts_at=now + timedelta(days=2),
        ends_at=now + timedelta(days=2, hours=2),
    )
    NetworkRules.objects.update(portal_on_account=True)
    ToppingOffer.objects.create(
        kind="topping", name="10 GB topping", octets=10 * GB, product=make_product("TOP10", "99.00")
    )
    make_account(alice, "cabin@isp.example", prepaid=True, expires_at=now - timedelta(days=3))
    used(account)
    return account


PAGES = (
    "",
    "services/",
    "services/{}/",
    "services/{}/change/",
    "services/{}/notices/",
    "services/{}/password/",
    "services/data/?account={}",
    "usage/",
    "usage/?by=year",
    "voucher/",
    "outages/",
)


def test_every_page_of_services_is_whole_on_a_phone(
    home: DataAccount, alice: Customer, log_in_portal: Callable[..., Page]
) -> None:
    page = log_in_portal(alice)
    for path in PAGES:
        page.goto(f"/portal/{path.format(home.pk)}")
        expect(page.locator("h1")).to_be_visible()
        assert findings(page) == [], path
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, f"{path} is wider than the phone"


@pytest.fixture
def plain(browser: Browser, live_server: Any) -> Iterator[Page]:
    """A phone that runs no scripts."""
    context = browser.new_context(base_url=live_server.url, viewport=PHONE, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def test_she_reads_her_usage_and_asks_for_a_package_without_scripts(
    plain: Page, home: DataAccount, alice: Customer
) -> None:
    login_of(alice)
    plain.goto("/portal/login/")
    plain.locator("[name=username]").fill(alice.code)
    plain.locator("[name=password]").fill(PASSWORD)
    plain.get_by_role("button", name="Log in").click()
    plain.get_by_role("link", name="20Mb/s 200GB").first.click()
    expect(plain.get_by_text("Online since")).to_be_visible()
    plain.get_by_text("Show as a table").click()
    expect(plain.get_by_role("row").nth(1)).to_contain_text("200 MB")

    plain.get_by_role("link", name="Change package").click()
    plain.get_by_label("50Mb/s Uncapped").check()
    plain.get_by_role("button", name="See what it costs").click()
    expect(plain.locator("main")).to_contain_text("R 899.00")
    assert not PackageWish.objects.exists()
    plain.get_by_role("button", name="Ask for this package").click()
    expect(plain.locator("main")).to_contain_text("You asked for 50Mb/s Uncapped")
    assert PackageWish.objects.get().account == home

"""Johan connects Alice, plans a package change, and suspends her account, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from dataaccounts.models import DataAccount
from tests.browser import PHONE, findings
from tests.factories import make_customer
from tests.factories.data import make_account, make_checked, make_package
from tests.factories.people import in_role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

LogIn = Callable[..., Page]


def test_johan_connects_alice_plans_a_change_and_suspends_her(log_in: LogIn) -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    make_checked(alice)
    make_package(price="454.00")
    make_package("20Mb/s Uncapped", price="604.00", down_kbit=20_000, up_kbit=20_000)
    page = log_in(in_role("Johan", "support"))
    page.goto("/customers/ALI001/")
    card, dialog = page.locator("#card-data-accounts"), page.get_by_role("dialog")

    card.get_by_role("button", name="Add: Data accounts").click()
    expect(dialog.get_by_label("User name")).to_have_value("ali001")
    dialog.get_by_label("User name").fill("Alice@Wonderland.com")
    dialog.get_by_label("Package").select_option(label="10Mb/s Uncapped (10 Mb/s down, 5 Mb/s up)")
    dialog.get_by_role("button", name="Add data account").click()
    expect(page.get_by_text("alice@wonderland.com is added and is active.")).to_be_visible()
    expect(card).to_contain_text("10Mb/s Uncapped – R 454.00")

    changes = page.locator("#card-package-changes")
    changes.scroll_into_view_if_needed()
    changes.get_by_role("button", name="Add: Package changes").click()
    dialog.get_by_label("Package").select_option(label="20Mb/s Uncapped (20 Mb/s down, 20 Mb/s up)")
    expect(dialog.get_by_role("status")).to_contain_text("R 454.00 → R 604.00")
    day = timezone.localdate() + timedelta(days=40)
    dialog.get_by_label("Takes effect on").fill(day.isoformat())
    dialog.get_by_label("Reason").fill("Asked by mail")
    dialog.get_by_role("button", name="Plan the change").click()
    expect(changes).to_contain_text("10Mb/s Uncapped → 20Mb/s Uncapped")
    expect(card).to_contain_text("1 change")

    card.get_by_role("button", name="Suspend").click()
    expect(dialog).to_contain_text("They go on being billed")
    dialog.get_by_label("Reason").fill("Owes since May")
    dialog.get_by_role("button", name="Suspend", exact=True).click()
    expect(card).to_contain_text("Owes since May")
    expect(page.get_by_text("Data account alice@wonderland.com suspended")).to_be_visible()
    assert DataAccount.objects.get().state == "suspended"


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("path", ["/customers/ALI001/", "/data-accounts/", "/data-accounts/packages/"])
def test_the_pages_fit_a_phone_and_are_for_everybody(log_in: LogIn, path: str, dark: bool) -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    make_account(alice, "a.very.long.user.name.of.alice.liddel@wonderland.isp.example")
    page = log_in(in_role("Johan", "support"), size=PHONE, dark=dark)
    page.goto(path)
    expect(
        page.get_by_text("a.very.long.user.name").or_(page.get_by_text("10Mb/s Uncapped")).first
    ).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert findings(page) == []


def test_whoever_types_a_reason_and_presses_at_once_is_heard(log_in: LogIn) -> None:
    bob = make_account(make_customer("Bob Hatter", "BOB001"), "bob@wonderland.com")
    page = log_in(in_role("Johan", "support"))
    page.goto("/data-accounts/")
    page.get_by_label("Choose all on this page").check()
    page.get_by_role("button", name="Suspend").click()
    dialog = page.get_by_role("dialog")
    press = dialog.get_by_role("button", name="Suspend 1 data account")
    dialog.get_by_label("Reason").press_sequentially("Owes since May")
    press.hover()
    page.mouse.down()
    expect(dialog).to_contain_text("1 data account will change.")
    page.mouse.up()
    expect(page.locator(".toast")).to_contain_text("1 data account suspended")
    bob.refresh_from_db()
    assert bob.state == "suspended"


def test_where_none_would_change_there_is_nothing_to_press(log_in: LogIn) -> None:
    make_account(make_customer("Bob Hatter", "BOB001"), "bob@wonderland.com")
    page = log_in(in_role("Johan", "support"))
    page.goto("/data-accounts/")
    page.get_by_label("Choose all on this page").check()
    page.get_by_role("button", name="Restore").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").fill("Paid")
    dialog.get_by_label("Reason").press("Tab")
    expect(dialog).to_contain_text("0 data accounts will change.")
    expect(dialog.get_by_role("button", name="Restore 0 data accounts")).to_be_disabled()

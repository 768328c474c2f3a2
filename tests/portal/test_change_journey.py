"""Alice asks on her phone to be debited from another account; Greta accepts at the desk; Alice sees that it is done."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from billing.models import DebitDetail, Mandate
from customers.models import Customer
from tests.browser import PATIENCE, PHONE, findings
from tests.factories import make_person
from tests.factories.changes import new_account
from tests.factories.mandates import ABSA, make_mandate
from tests.portal.conftest import PASSWORD, login_of
from workflow.models import ChangeRequest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
RIGHTS = (
    "customers.view_customer workflow.view_changerequest workflow.decide_changerequest billing.add_debitdetail"
    " billing.change_billingprofile"
).split()


def fill(page: Page, values: dict[str, str]) -> None:
    page.locator(f"[name=method][value={values['method']}]").check()
    for name in ("bank", "account_type"):
        page.locator(f"[name={name}]").select_option(values[name])
    for name in ("debit_day", "branch_code", "holder", "number"):
        page.locator(f"[name={name}]").fill(values[name])


def test_another_bank_account_from_the_phone_to_the_desk_and_back(
    alice: Customer, log_in_portal: Callable[..., Page], log_in: Callable[..., Page]
) -> None:
    make_mandate(alice)
    Customer.objects.filter(pk=alice.pk).update(payment_method="debit_order")
    phone = log_in_portal(alice)
    phone.goto("/portal/details/")
    assert findings(phone) == []
    phone.get_by_role("link", name="Change payment").click()
    expect(phone.get_by_role("heading", name="Change how you pay")).to_be_visible()
    assert findings(phone) == []
    fill(phone, new_account())
    phone.get_by_role("button", name="Send the request").click()
    expect(phone.get_by_text("We are looking at it")).to_be_visible()
    expect(phone.get_by_text("ends. We then send you a new one to sign.")).to_be_visible()
    assert ABSA not in phone.content()
    assert findings(phone) == []

    desk = log_in(make_person("Greta", *RIGHTS))
    desk.goto("/workflow/customers/update/")
    desk.get_by_role("link", name="View request: Alice Liddel").click()
    dialog = desk.get_by_role("dialog")
    expect(dialog.get_by_role("row", name="Bank name")).to_contain_text("Absa")
    dialog.get_by_role("button", name="Accept changes").click()
    expect(desk.get_by_text("The changes are made.")).to_be_visible()

    phone.reload()
    expect(phone.get_by_text("Done", exact=True)).to_be_visible()
    phone.goto("/portal/details/")
    expect(phone.locator(".card", has_text="How you pay")).to_contain_text("Absa")
    assert DebitDetail.objects.get(customer=alice, replaced_at=None).number_last_four == ABSA[-4:]
    assert Mandate.objects.get().status == "cancelled"


def test_reading_and_asking_work_without_scripts(
    alice: Customer, browser: Browser, live_server, log_in_portal: Callable[..., Page]
) -> None:
    login_of(alice)
    context = browser.new_context(base_url=live_server.url, viewport=PHONE, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/portal/login/?next=/portal/details/change/details/")
    page.locator("[name=username]").fill("ALI001")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    page.locator("[name=surname]").fill("Hargreaves")
    page.get_by_role("button", name="Send the request").click()
    expect(page.get_by_text("We have your request")).to_be_visible()
    page.get_by_role("button", name="Take the request back").click()
    expect(page.get_by_text("You took the request back.")).to_be_visible()
    assert ChangeRequest.objects.get().state == "withdrawn"
    context.close()


@pytest.mark.parametrize(
    "page_of", ["contacts", "contacts/new", "documents", "messages", "privacy", "quotes"]
)
def test_every_page_of_ones_own_things_is_open_to_all(
    alice: Customer, log_in_portal: Callable[..., Page], page_of: str
) -> None:
    page = log_in_portal(alice)
    page.goto(f"/portal/{page_of}/")
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    assert findings(page) == []
    page.keyboard.press("Tab")
    expect(page.get_by_text("Skip to the page")).to_be_focused()

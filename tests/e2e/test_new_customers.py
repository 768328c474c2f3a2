"""From an accepted quote to the job cards: the blue button, the dialog filled in, payment, products."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer
from tests.browser import findings
from tests.factories import make_person
from tests.factories.data import make_package
from tests.factories.workflow import accept, make_lead, make_quote
from workflow.models import Lead

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
RIGHTS = (
    "workflow.view_lead workflow.link_customer workflow.take_over_products customers.view_customer"
    " customers.add_customer customers.manage_portal_login billing.view_billingprofile"
    " billing.change_billingprofile billing.add_itemprice dataaccounts.add_accountprice"
).split()


def accepted() -> Lead:
    lead = make_lead(
        "Alice Liddel",
        email="alice@isp.example",
        phone="+27821234567",
        lines="12 Rabbit Lane",
        town="Parys",
    )
    accept(make_quote(lead, package=make_package(price="454.00")), phone="083 999 0000")
    return lead


def test_from_the_blue_button_to_the_job_cards(log_in: Callable[..., Page]) -> None:
    alice = accepted()
    page = log_in(make_person("Mary", *RIGHTS))
    dialog = page.locator("#dialog")

    page.goto("/workflow/customers/new/")
    page.get_by_role("link", name="Create customer: Alice Liddel").click()
    expect(dialog.locator("[name=code]")).to_have_value("ALI001")
    expect(dialog.locator("[name=contact_phone]")).to_have_value("083 999 0000")
    expect(dialog).to_contain_text("The lead says: 082 123 4567.")
    assert findings(page) == []
    dialog.get_by_role("tab", name="Address details").click()
    expect(dialog.locator("[name=physical-lines]")).to_have_value("12 Rabbit Lane")
    dialog.get_by_role("tab", name="Portal login").click()
    expect(dialog.get_by_label("Client Portal Username")).to_have_value("ALI001")
    dialog.get_by_role("button", name="Add Customer").click()
    expect(page.get_by_text("Alice Liddel (ALI001) added.")).to_be_visible()
    expect(page.get_by_role("link", name="Create customer: Alice Liddel")).to_have_count(0)

    page.goto("/workflow/customers/active/")
    expect(page.locator("main")).to_contain_text("No payment method is set.")
    page.get_by_role("link", name="Set up: Alice Liddel").click()
    dialog.get_by_role("button", name="Set payment method").click()
    dialog.get_by_label("Payment method").select_option("eft")
    dialog.get_by_role("button", name="Save Changes").click()
    expect(dialog).to_contain_text("The payment method is saved.")
    expect(dialog).to_contain_text("No products are set up.")
    assert findings(page) == []
    dialog.get_by_role("button", name="Take over what is ticked").click()
    expect(page.get_by_text("moved on to Job cards, New")).to_be_visible()

    page.goto("/workflow/jobs/new/")
    expect(page.locator("main")).to_contain_text("Alice Liddel")
    alice.refresh_from_db()
    assert alice.customer == Customer.objects.get()
    assert [one.username for one in alice.customer.data_accounts.all()] == ["ali001"]


def test_a_code_of_ones_own_is_the_portal_username_too(log_in: Callable[..., Page]) -> None:
    accepted()
    page = log_in(make_person("Mary", *RIGHTS))
    dialog = page.locator("#dialog")
    page.goto("/workflow/customers/new/")
    page.get_by_role("link", name="Create customer: Alice Liddel").click()
    dialog.locator("[name=code]").fill("rabbit")
    dialog.get_by_role("tab", name="Portal login").click()
    expect(dialog.get_by_label("Client Portal Username")).to_have_value("RABBIT")
    dialog.get_by_role("tab", name="Customer details").click()
    expect(dialog.locator("[name=code]")).to_have_value("rabbit")
    dialog.get_by_role("button", name="Generate").click()
    expect(dialog.locator("[name=code]")).to_have_value("ALI001")
    expect(dialog.locator("#id_portal_username")).to_have_value("ALI001")

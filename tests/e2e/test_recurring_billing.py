"""A clerk bills Alice by hand, ends a contract and asks why, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import Document, RecurringItem, RentalContract
from billing.services import issuing
from herotill.months import Month
from tests.browser import PHONE, findings
from tests.factories import make_customer, make_person
from tests.factories.products import make_product

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

LogIn = Callable[..., Page]
CLERK = [
    "customers.view_customer",
    "customers.see_customer_balance",
    *(
        f"billing.{right}"
        for right in (
            "view_billingprofile change_billingprofile view_recurringitem add_recurringitem change_recurringitem"
            " delete_recurringitem add_line delete_line add_document view_document view_rentalcontract"
            " add_rentalcontract end_rentalcontract view_depositentry"
        ).split()
    ),
]


def test_a_clerk_adds_an_item_generates_the_month_and_drafts_the_invoice(log_in: LogIn) -> None:
    make_customer("Alice Liddel", "ALI001")
    make_product("UNC10", "756.49", name="Home Uncapped")
    month = Month.of(timezone.localdate())
    page = log_in(make_person("Sam", *CLERK))
    page.goto("/customers/ALI001/")
    card, dialog = page.locator("#card-recurring-billing"), page.get_by_role("dialog")

    card.get_by_role("button", name="Add: Recurring billing").click()
    dialog.get_by_label("Product", exact=False).first.select_option(label="BANDWIDTH · Home Uncapped")
    dialog.get_by_label("Price of its own").fill("R 700.00")
    dialog.get_by_label("First day").fill(month.first.isoformat())
    dialog.get_by_role("button", name="Add item").click()
    expect(card).to_contain_text("R 756.49")
    expect(card).to_contain_text("(R 700.00)")

    card.get_by_role("button", name="Generate Recurring Billing").click()
    dialog.get_by_role("button", name="Generate charges").click()
    expect(card).to_contain_text("Waits")
    expect(card).to_contain_text(f"Total {month.label}")
    card.get_by_role("button", name="Generate Recurring Invoice").click()
    dialog.get_by_role("button", name="Make draft invoice").click()
    expect(page.get_by_text(f"A draft for {month.label} is made.")).to_be_visible()
    assert Document.objects.get().incl == Decimal("700.00")

    card.get_by_role("button", name="Remove Home Uncapped").click()
    expect(dialog).to_contain_text("It has been billed")
    dialog.get_by_role("button", name="Remove item").click()
    expect(card).to_contain_text("Until")
    assert RecurringItem.objects.get().ends_on == month.last


def test_the_balance_answers_why_down_to_the_line(log_in: LogIn) -> None:
    from tests.billing.test_why import bill

    alice = make_customer("Alice Liddel", "ALI001")
    sam = make_person("Sam", *CLERK)
    document = bill(alice, sam)
    page = log_in(sam)
    page.goto("/customers/ALI001/")
    dialog = page.get_by_role("dialog")

    page.locator("#why-balance").click()
    expect(dialog).to_contain_text("Why does Alice Liddel owe R 219.68?")
    dialog.get_by_role("button", name="Why").first.click()
    expect(dialog).to_contain_text(f"Why {document.name} over R 219.68?")
    dialog.get_by_role("button", name="Why: Home Uncapped").first.click()
    expect(dialog).to_contain_text("15 of 31 days of R 454.00 are R 219.68")
    assert findings(page) == []
    assert issuing.issue(documents=[document.pk], actor=None, now=timezone.now()) == 0


def test_the_cards_fit_a_phone_and_a_consumer_term_is_refused_there(log_in: LogIn) -> None:
    make_customer("Alice Liddel", "ALI001")
    page = log_in(make_person("Sam", *CLERK), size=PHONE)
    page.goto("/customers/ALI001/")
    card, dialog = page.locator("#card-rental-contracts"), page.get_by_role("dialog")

    card.evaluate("card => card.scrollIntoView()")  # it may load anew meanwhile
    expect(card).to_contain_text("No existing contracts found")
    card.get_by_role("button", name="Add: Rental contracts").click()
    dialog.get_by_label("What is rented").fill("Outdoor radio")
    dialog.get_by_label("Term in months").fill("36")
    dialog.get_by_role("button", name="Add contract").click()
    expect(dialog).to_contain_text("at most 24 months")
    dialog.get_by_label("Term in months").fill("24")
    dialog.get_by_role("button", name="Add contract").click()
    expect(card).to_contain_text("Outdoor radio")
    assert RentalContract.objects.get().months == 24
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

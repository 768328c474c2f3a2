"""A collector approves who is overdue, the day runs, and who pays is back, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import SuspensionCase
from billing.services import suspensions
from dataaccounts.models import DataAccount
from tests.browser import PHONE, findings
from tests.factories import make_customer, make_person
from tests.factories.billing import make_receipt
from tests.factories.data import make_account
from tests.factories.suspensions import at, make_debtor, switch_on

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

LogIn = Callable[..., Page]
RIGHTS = (
    "customers.view_customer",
    "billing.view_suspensioncase",
    "billing.view_suspensionterms",
    "billing.change_suspensionterms",
    "billing.approve_suspension",
    "billing.pause_suspension",
    "billing.reset_suspension",
    "billing.suspend_customer",
    "billing.run_suspensions",
    "billing.view_suspensionrules",
)


@pytest.fixture
def debtors(monkeypatch) -> list[str]:
    """Two who owe, listed; it is always within the hours."""
    monkeypatch.setattr("billing.policies.collection_days.may_suspend", lambda *_: True)
    switch_on()
    today = timezone.localdate()
    for name, code in (("Bob Hatter", "BOB001"), ("Carol Queen", "CAR001")):
        one = make_debtor(make_customer(name, code), due=today - timedelta(days=40))
        make_account(one, f"{code.lower()}@isp.example")
    return ["BOB001", "CAR001"]


def test_from_the_preview_to_suspended_and_back(log_in: LogIn, debtors: list[str]) -> None:
    today = timezone.localdate()
    page = log_in(make_person("Greta", *RIGHTS))
    page.goto("/billing/suspensions/preview/")
    expect(page.get_by_role("heading", name="List for approval")).to_be_visible()
    page.get_by_role("button", name="Run now").click()
    expect(page.get_by_text("Collections of")).not_to_have_count(0)

    page.goto("/billing/suspensions/")
    expect(page.locator("tbody tr")).to_have_count(2)
    page.get_by_label("Choose all on this page").check()
    page.locator("#bulk-approve").click()
    page.get_by_role("dialog").get_by_role("button", name="Approve 2 cases").click()
    expect(page.get_by_text("2 cases approved.")).to_be_visible()
    assert set(SuspensionCase.objects.values_list("state", flat=True)) == {"approved"}

    for ahead in (0, 5, 8):
        day = today + timedelta(days=ahead)
        suspensions.run(day, at(day))
    page.goto("/customers/BOB001/")
    expect(page.locator(".banner").filter(has_text="Suspended since")).to_be_visible()
    page.wait_for_load_state("networkidle")
    card = page.locator("#card-suspension-details")
    expect(card.locator("#why-suspension")).to_be_visible(timeout=15_000)
    expect(card.get_by_text("Second warning")).to_be_visible()
    card.locator("#why-suspension").click()
    expect(page.get_by_role("dialog").get_by_text("counts as overdue")).to_be_visible()
    assert [line for line in findings(page) if "suspension" in line] == []

    bob = SuspensionCase.objects.get(customer__code="BOB001").customer
    make_receipt(bob, "454.00", today)
    suspensions.settle(at(today + timedelta(days=8), 11))
    assert DataAccount.objects.get(customer=bob).state == "active"
    page.goto("/billing/suspensions/?state=ended")
    expect(page.get_by_role("link", name="Bob Hatter").first).to_be_visible()


def test_the_red_button_on_a_phone(log_in: LogIn, debtors: list[str]) -> None:
    page = log_in(make_person("Greta", *RIGHTS))
    page.set_viewport_size(PHONE)
    page.goto("/customers/CAR001/")
    page.wait_for_load_state("networkidle")
    page.locator("#suspend-now").click(timeout=15_000)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("1 data account (car001@isp.example)")).to_be_visible()
    dialog.get_by_label("Reason").fill("The cheque bounced")
    dialog.get_by_role("button", name="Suspend now").click()
    expect(page.get_by_role("heading", name="Carol Queen", exact=True)).to_be_visible(timeout=15_000)
    expect(dialog).to_be_hidden()
    assert DataAccount.objects.get(customer__code="CAR001").state == "suspended"

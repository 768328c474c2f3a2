"""A collector's morning in a real browser: who is first, the call, save and next, by keyboard."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from billing.models import Debtor
from billing.services import debtor_notes, work_list
from herotill.clock import local_day
from tests.browser import PHONE, findings
from tests.factories import make_customer
from tests.factories.billing import make_invoice
from tests.factories.people import in_role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
LogIn = Callable[..., Page]


def debts() -> None:
    for name, code, amount in (("Bob Baker", "BOB001", "900.00"), ("Carol Cook", "CAR001", "454.00")):
        make_invoice(make_customer(name, code), amount, date(2018, 8, 1))
    work_list.renew(now=datetime.now(UTC))


def test_a_collector_calls_notes_a_promise_and_goes_on_by_keyboard(log_in: LogIn) -> None:
    debts()
    page = log_in(in_role("Thabo", "collections"))
    page.goto("/billing/collections/")
    expect(page.locator("tbody tr").first).to_contain_text("Bob Baker")
    page.keyboard.press("c")
    page.wait_for_url("**/collections/BOB001/")

    said = page.get_by_label("What was said")
    expect(said).to_be_focused()
    page.keyboard.type("Pays on Friday")
    page.get_by_label("Promises to pay").fill("R 900,00")
    day = local_day(datetime.now(UTC)) + timedelta(days=2)
    page.get_by_label("Pays by").fill(f"{day}")
    said.focus()
    page.keyboard.press("Control+Enter")

    page.wait_for_url("**/collections/CAR001/")
    expect(page.get_by_text("The call to Bob Baker is noted.")).to_be_visible()
    promise = Debtor.objects.get(customer__code="BOB001").customer.promises.get()
    assert (promise.amount, promise.by_day) == (Decimal("900.00"), day)


def test_a_document_is_disputed_during_the_call_and_what_was_typed_stays(log_in: LogIn) -> None:
    debts()
    page = log_in(in_role("Thabo", "collections"))
    page.goto("/billing/collections/CAR001/")
    page.get_by_label("What was said").fill("Says the line was down")
    page.get_by_role("button", name="Dispute INV").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("What the customer disputes").fill("No line for two weeks")
    dialog.get_by_role("button", name="Note dispute").click()

    expect(page.locator("#call-facts")).to_contain_text("Disputed")
    expect(page.get_by_label("What was said")).to_have_value("Says the line was down")


def test_the_debtor_note_of_the_manual_is_added_and_its_mail_tracked(log_in: LogIn) -> None:
    debts()
    page = log_in(in_role("Thabo", "collections"))
    page.goto("/customers/BOB001/")
    page.locator("#card-debtor-notes").scroll_into_view_if_needed()
    page.get_by_role("button", name="Add: Debtor notes").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Note", exact=False).first.fill("permission granted to load debit order accordingly")
    dialog.get_by_label("Mail a reminder").check()
    dialog.get_by_role("button", name="Add debtor note").click()

    card = page.locator("#card-debtor-notes")
    expect(card).to_contain_text("permission granted")
    card.get_by_role("button", name="Track Email").click()
    expect(page.get_by_role("dialog")).to_contain_text("Reminder of what is overdue")


@pytest.mark.parametrize(
    "path", ["/billing/collections/?all=1", "/billing/collections/BOB001/", "/reports/collecting/"]
)
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_on_the_desk_and_nothing_hangs_out_on_a_phone(
    log_in: LogIn, path: str, dark: bool
) -> None:
    debts()
    customer = Debtor.objects.get(customer__code="BOB001").customer
    debtor_notes.add(customer=customer, text="Call back", way="call", now=datetime.now(UTC), actor=None)
    page = log_in(in_role("Thabo", "collections"), dark=dark)
    page.goto(path)
    assert findings(page) == []
    page.set_viewport_size(PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

"""A clerk captures receipts on the profile and names bank rows, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest
from playwright.sync_api import Page, expect

from billing.models import BankAccount, BankRow, OpenItem, Receipt
from customers.models import CustomerBalance
from tests.browser import PHONE, findings
from tests.factories import make_customer, make_person
from tests.factories.banking import bank_account, import_statement, statement_of
from tests.factories.billing import make_invoice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

LogIn = Callable[..., Page]
RIGHTS = (
    "customers.view_customer customers.see_customer_balance billing.view_receipt billing.add_receipt billing.allocate"
    " billing.reverse_receipt billing.see_statements billing.match_rows billing.import_statements billing.view_document"
).split()
INVOICES = (
    ("2018-02-21", "454.00"),
    ("2018-03-26", "450.00"),
    ("2018-04-30", "454.00"),
    ("2018-05-30", "454.00"),
    ("2018-06-28", "454.00"),
    ("2018-07-27", "454.00"),
    ("2018-08-21", "454.00"),
)
# As the manual shows them, the newest last.
PICTURED = (
    ("2018-03-15", "454.00"),
    ("2018-04-16", "450.00"),
    ("2018-05-15", "454.00"),
    ("2018-06-15", "454.00"),
    ("2018-07-16", "454.00"),
    ("2018-08-15", "454.00"),
)


def test_the_pictured_receipts_are_captured_on_the_profile(log_in: LogIn) -> None:
    abe = make_customer("Abe Turtle", "ABE001")
    BankAccount.objects.create(name="Sage Pay")
    for day, amount in INVOICES:
        last = make_invoice(abe, amount, date.fromisoformat(day))
    page = log_in(make_person("Greta", *RIGHTS))
    page.goto("/customers/ABE001/")

    for count, (day, amount) in enumerate(PICTURED, start=1):
        page.get_by_role("button", name="Add: Payment receipts").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Date received").fill(day)
        dialog.get_by_label("Amount").fill(amount)
        dialog.get_by_label("Bank reference").fill("ABE001 -")
        dialog.get_by_role("button", name="Capture receipt").click()
        expect(page.locator("#card-payment-receipts tbody tr")).to_have_count(count)

    rows = page.locator("#card-payment-receipts tbody tr")
    shown = [row.split("\t")[:4] for row in rows.all_inner_texts()]
    assert shown == [[day, "Sage Pay", "ABE001 -", f"R {amount}"] for day, amount in reversed(PICTURED)]
    assert OpenItem.objects.get(customer=abe).entry.reference == last.name
    assert CustomerBalance.objects.get(customer=abe).amount == Decimal("454.00")
    assert [line for line in findings(page) if "payment-receipts" in line] == []


def test_a_second_payment_of_a_day_is_asked_about_in_the_dialog(log_in: LogIn) -> None:
    make_customer("Abe Turtle", "ABE001")
    BankAccount.objects.create(name="Sage Pay")
    page = log_in(make_person("Greta", *RIGHTS))
    page.goto("/customers/ABE001/")
    for again in (False, True):
        page.get_by_role("button", name="Add: Payment receipts").click()
        dialog = page.get_by_role("dialog")
        dialog.get_by_label("Amount").fill("454")
        dialog.get_by_role("button", name="Capture receipt").click()
        if again:
            dialog.get_by_label("Two payments of the same amount").check()
            dialog.get_by_role("button", name="Capture receipt").click()
        expect(page.locator("#card-payment-receipts tbody tr")).to_have_count(2 if again else 1)
    assert Receipt.objects.count() == 2


def test_bank_rows_are_named_with_the_keyboard_alone(log_in: LogIn) -> None:
    carol = make_customer("Carol White", "CAR001")
    make_customer("Bob Hatter", "BOB001")
    import_statement(
        bank_account(),
        statement_of(
            ("2018-08-15", "CAR 001", "454.00"),
            ("2018-08-16", "SERVICE FEE", "-65.00"),
            ("2018-08-17", "WHO KNOWS", "10.00"),
        ),
    )
    page = log_in(make_person("Greta", *RIGHTS))
    page.goto("/billing/bank/unmatched/")
    assert findings(page) == []

    page.keyboard.press("1")
    expect(page.get_by_role("heading", name="SERVICE FEE")).to_be_visible()
    page.keyboard.press("f")
    expect(page.get_by_role("heading", name="WHO KNOWS")).to_be_visible()
    page.keyboard.press("u")
    expect(page.get_by_role("heading", name="SERVICE FEE")).to_be_visible()
    page.keyboard.press("f")
    expect(page.get_by_role("heading", name="WHO KNOWS")).to_be_visible()
    page.keyboard.press("c")
    page.keyboard.type("bob001")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Every row has a name.")).to_be_visible()
    assert Receipt.objects.filter(customer=carol).count() == 1
    assert sorted(BankRow.objects.values_list("kind", flat=True)) == ["fee", "receipt", "receipt"]


def test_the_queue_fits_a_phone(log_in: LogIn) -> None:
    make_customer("Carol White", "CAR001")
    import_statement(bank_account(), statement_of(("2018-08-15", "CAROL WHITE RENT", "454.00")))
    page = log_in(make_person("Greta", *RIGHTS), size=PHONE)
    for address in ("/billing/bank/unmatched/", "/billing/receipts/capture/", "/billing/bank/"):
        page.goto(address)
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), address

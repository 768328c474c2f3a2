"""Invoices in a real browser: begun, filled, issued and credited."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from billing.models import Document
from tests.browser import PHONE, findings
from tests.factories import make_customer
from tests.factories.billing import make_invoice
from tests.factories.people import in_role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
LogIn = Callable[..., Page]


def test_an_invoice_is_made_issued_and_credited(log_in: LogIn) -> None:
    make_customer("Alice Liddel", "ALI001")
    page = log_in(in_role("Thandi", "manager"))
    page.goto("/billing/customers/ALI001/invoice/")
    page.get_by_role("button", name="Begin draft").click()
    page.get_by_role("link", name="Add line").click()
    page.get_by_label("Description").fill("Call-out to the <b>roof</b>")
    page.locator("#id_unit_price").fill("575")
    page.locator(".dialog-foot .btn--pri").click()
    expect(page.get_by_role("row", name="Call-out to the <b>roof</b>")).to_contain_text("R 575.00")
    assert findings(page) == []
    page.get_by_role("link", name="Issue").click()
    page.locator(".dialog-foot .btn--pri").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("INV00001")
    page.get_by_role("link", name="Credit", exact=True).click()
    expect(page.locator("#dialog input.num")).to_have_value("575.00")
    page.get_by_label("Reason").fill("Never came")
    page.locator(".dialog-foot .btn--pri").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("CN00001")
    assert findings(page) == []
    assert Document.objects.get(kind="credit_note").incl == 575


def test_documents_and_periods_fit_a_phone(log_in: LogIn) -> None:
    invoice = make_invoice(make_customer("Alice Liddel", "ALI001"))
    page = log_in(in_role("Thandi", "manager"), size=PHONE, dark=True)
    for path in (
        "/billing/documents/?all=1",
        invoice.get_absolute_url(),
        "/billing/periods/",
        "/billing/setup/series/",
    ):
        page.goto(path)
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        assert findings(page) == []

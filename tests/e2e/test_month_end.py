"""The month-end in a real browser: every step asks in a dialog first."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from billing.models import MonthEnd
from tests.e2e.conftest import PHONE, findings
from tests.factories.people import in_role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
LogIn = Callable[..., Page]


def test_dates_are_set_confirmed_and_the_months_before_archived(log_in: LogIn) -> None:
    page = log_in(in_role("Thandi", "manager"))
    page.goto("/billing/month-end/")
    page.get_by_role("link", name="New month-end").click()
    page.get_by_label("billing month").fill("2018-08")
    page.get_by_label("date of the invoices").fill("2018-08-21")
    page.locator(".dialog-foot .btn--pri").click()
    for step, after in (("Confirm", "Open the dates again"), ("Archive", "Bring back")):
        page.get_by_role("link", name=step, exact=True).click()
        page.locator(".dialog-foot .btn--pri").click()
        expect(page.get_by_role("link", name=after)).to_be_visible()
    expect(page.get_by_role("link", name="Make the preview")).to_be_visible()
    assert findings(page) == []
    found = MonthEnd.objects.get()
    assert found.confirmed_by is not None
    assert found.archived_at is not None


def test_the_steps_fit_a_phone_and_offer_nothing_to_whoever_only_looks(log_in: LogIn) -> None:
    made = MonthEnd.objects.create(period="2018-08-01", document_date="2018-08-21")
    page = log_in(in_role("Vusi", "auditor"), size=PHONE, dark=True)
    page.goto(f"/billing/month-end/{made.pk}/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Month-end Aug 2018")
    assert page.locator("[id^=press-]").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert findings(page) == []

"""A manager begins a month-end in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import MonthEnd
from herotill.months import Month
from tests.browser import findings
from tests.factories import make_customer, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def test_a_manager_sets_the_dates_confirms_them_and_opens_them_again(log_in: Callable[..., Page]) -> None:
    make_customer("Alice Liddel", "ALI001")
    page = log_in(make_person("Pieter", "billing.view_monthend", "billing.run_month_end"))
    coming = Month.of(timezone.localdate()).plus(1)
    dialog = page.get_by_role("dialog")
    page.goto("/billing/month-end/")
    page.locator("main").get_by_text("New month-end").click()
    dialog.get_by_label("Billing month").fill(str(coming))
    dialog.get_by_label("Date of the invoices").fill(coming.first.isoformat())
    dialog.get_by_role("button", name="Set the dates").click()
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Month-end {coming.label}")

    page.locator("#press-confirm").click()
    dialog.get_by_role("button", name="Confirm").click()
    expect(page.locator("#press-archive")).to_be_visible()
    assert MonthEnd.objects.get().confirmed_at
    assert findings(page) == []

"""A past day's ages, in a real browser: looking at it writes nothing, and the page asks for them by itself."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.factories import make_customer, make_person
from tests.factories.billing import make_invoice

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

SEES = ("customers.view_customer", "billing.see_age_analysis", "customers.see_customer_balance")


def test_a_past_day_is_worked_out_and_shown(log_in: Callable[..., Page]) -> None:
    day = timezone.localdate() - timedelta(days=40)
    make_invoice(make_customer("Alice Liddel", "ALI001"), "454.00", day)
    page = log_in(make_person("Thabo", *SEES))
    asked: list[str] = []
    page.on("request", lambda one: asked.append(one.url) if one.method == "POST" else None)

    page.goto(f"/billing/age-analysis/?as_at={day}")

    expect(page.get_by_role("link", name="Alice Liddel").first).to_be_visible()
    expect(page.get_by_role("button", name="Work them out")).to_have_count(0)
    assert len([url for url in asked if "/ages/" in url]) == 1

"""Sam writes and sends a quote; Alice signs it on her phone, Bob declines his, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser import PHONE, findings
from tests.factories import make_person
from tests.factories.workflow import link_of, make_lead, make_quote, sold
from workflow.models import Acceptance, Lead, Quote, SalesRules
from workflow.services import quotes

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
RIGHTS = (
    "workflow.view_lead workflow.view_quote workflow.add_quote workflow.change_quote workflow.send_quote"
    " workflow.discount_quote workflow.view_acceptance"
).split()


def test_sam_quotes_and_alice_signs_on_her_phone(
    log_in: Callable[..., Page], open_page: Callable[..., Page]
) -> None:
    SalesRules.objects.update(terms="Pay on the first.\nA month's notice.")
    lead = make_lead("Alice Liddel", email="alice@isp.example", step_id="quote-new")
    sold("INST", "1500.00", name="Installation")

    page = log_in(make_person("Sam", *RIGHTS))
    page.goto(f"/workflow/leads/{lead.pk}/")
    page.get_by_role("button", name="Begin quote").click()
    page.get_by_role("dialog").get_by_role("button", name="Begin quote").click()
    expect(page.get_by_role("heading", name="QUO00001")).to_be_visible()
    page.get_by_role("button", name="Product").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Product").select_option(label="Installation")
    dialog.get_by_label("Discount %").fill("10")
    dialog.get_by_role("button", name="Add product").click()
    expect(page.get_by_role("cell", name="R 1,350.00")).to_be_visible()
    expect(page.get_by_role("dialog")).to_be_hidden()
    assert findings(page) == []
    page.get_by_role("button", name="Send quote…").click()
    page.get_by_role("dialog").get_by_role("button", name="Send quote").click()
    expect(page.get_by_role("button", name="New version…")).to_be_visible()

    quote = Quote.objects.get()
    phone = open_page(size=PHONE)
    phone.goto(f"/quotes/{link_of(quote)}/")
    expect(phone.get_by_role("heading", name="Your quote")).to_be_visible()
    assert findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect(phone.get_by_label("Company name")).to_be_hidden()
    for label, words in {
        "ID or passport number": "8001015009087",
        "Cell number": "082 123 4567",
        "Street *": "12 Protea Street",
        "Town": "Prince Albert",
        "Sign with your full name": "Alice Liddel",
    }.items():
        phone.get_by_label(label).first.fill(words)
    phone.get_by_label("EFT").check()
    phone.get_by_role("button", name="Accept the quote").click()
    expect(phone.get_by_text("Tick this to accept the quote.").first).to_be_visible()
    expect(phone.get_by_label("Cell number")).to_have_value("082 123 4567")
    phone.locator("[name=email]").fill("alice@home.example")
    phone.get_by_label("I accept this quote and its terms.").check()
    phone.get_by_role("button", name="Accept the quote").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()
    acceptance = Acceptance.objects.get()
    assert (acceptance.details["physical_town"], acceptance.details["payment_method"]) == (
        "Prince Albert",
        "eft",
    )
    assert Lead.objects.get().place == "customer-new"
    quote.refresh_from_db()
    assert quote.opened_at is not None
    phone.reload()
    expect(phone.get_by_text("This quote was accepted.")).to_be_visible()
    assert "Alice" not in phone.content()

    page.reload()
    expect(page.get_by_text("12 Protea Street")).to_be_visible()


def test_bob_declines_on_his_phone(open_page: Callable[..., Page]) -> None:
    lead = make_lead("Bob Marsh", email="bob@isp.example", step_id="quote-new")
    quote = make_quote(lead, now=timezone.now())

    phone = open_page(size=PHONE, dark=True)
    phone.goto(f"/quotes/{link_of(quote)}/")
    phone.get_by_text("Decline the quote instead").click()
    phone.get_by_role("button", name="Decline the quote").click()
    expect(phone.get_by_text("This field is required.").first).to_be_visible()
    phone.get_by_label("Why?").select_option(label="Too expensive")
    assert findings(phone) == []
    phone.get_by_role("button", name="Decline the quote").click()
    expect(phone.get_by_role("heading", name="Thank you for telling us")).to_be_visible()
    quote.refresh_from_db()
    assert (quote.state, str(quote.decline_reason)) == ("declined", "Too expensive")
    assert Lead.objects.get().place == "quote-declined"


def test_a_yes_that_comes_too_late_is_answered_on_the_page(open_page: Callable[..., Page]) -> None:
    lead = make_lead("Carol King", email="carol@isp.example", step_id="quote-new")
    quote = make_quote(lead, now=timezone.now())
    phone = open_page(size=PHONE)
    phone.goto(f"/quotes/{link_of(quote)}/")
    phone.get_by_role("button", name="Accept the quote").click()
    expect(phone.get_by_text("Tick this to accept the quote.").first).to_be_visible()

    quotes.revise(quote=quote, actor=None, now=timezone.now())
    phone.get_by_role("button", name="Accept the quote").click()

    expect(phone.get_by_role("heading", name="Nothing to answer here")).to_be_visible()
    expect(phone.get_by_text("This quote is being changed.")).to_be_visible()
    assert "Carol" not in phone.content()

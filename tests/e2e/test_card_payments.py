"""Paying on a phone, and verifying a card: the whole way to the gateway and back, in Chromium and in Firefox."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from decimal import Decimal
from typing import Any

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import CardAttempt, Receipt, StoredCard
from billing.services import cards
from billing.services.cards import pay_links
from herotill.integrations.cards.payfast.standin import PayFastStandIn
from tests.billing.cards.conftest import make_gateway
from tests.browser import PHONE, findings
from tests.e2e.firefox import FIREFOX, running
from tests.factories.billing import make_invoice
from tests.factories.customers import make_customer
from tests.factories.people import in_role
from tests.strict import needs

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def there(settings: Any, live_server: Any) -> Iterator[PayFastStandIn]:
    with PayFastStandIn() as found:
        settings.DEMO, settings.SITE_URL = True, live_server.url
        settings.OUTBOUND_ALLOW = settings.PAYFAST_HOSTS = ["127.0.0.1"]
        settings.PAYFAST_URL = settings.PAYFAST_API_URL = found.url
        make_gateway()
        yield found


def verification_of(customer: Any) -> str:
    now = timezone.now()
    link = pay_links.make(customer=customer, purpose="verify", actor=None, now=now)
    return pay_links.hand_out(link=link, now=now)


def test_alice_pays_an_invoice_on_her_phone(open_page: Callable[..., Page], there: PayFastStandIn) -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    invoice = make_invoice(alice, "454.00")
    page = open_page(size=PHONE)
    page.goto(cards.pay_link(customer=alice, now=timezone.now()))
    expect(page.get_by_text("Due is")).to_be_visible()
    assert findings(page) == []
    page.get_by_label(f"{invoice.name}: R 454.00").check()
    page.get_by_role("button", name="Continue").dblclick()
    page.get_by_role("button", name="Continue to payfast").wait_for()
    assert findings(page) == []
    page.get_by_role("button", name="Continue to payfast").click()
    page.get_by_role("button", name="Decline").click()
    page.get_by_text("The bank declined the card").wait_for()
    page.get_by_label("The notice comes").select_option("twice")
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_role("heading", name="Paid, thank you")).to_be_visible()
    receipt = Receipt.objects.get()
    assert (receipt.amount, receipt.names, CardAttempt.objects.count()) == (Decimal("454.00"), invoice, 1)


def test_who_turns_back_has_paid_nothing(open_page: Callable[..., Page], there: PayFastStandIn) -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    page = open_page(size=PHONE)
    page.goto(cards.pay_link(customer=alice, now=timezone.now()))
    page.get_by_label("Amount in rand").fill("50.00")
    page.get_by_role("button", name="Continue").click()
    page.get_by_role("button", name="Continue to payfast").click()
    page.get_by_role("button", name="Cancel").click()
    expect(page.get_by_role("heading", name="Not paid")).to_be_visible()
    assert (CardAttempt.objects.get().state, Receipt.objects.exists()) == ("cancelled", False)


def test_a_card_is_asked_for_and_verified_in_chromium(
    log_in: Callable[..., Page], open_page: Callable[..., Page], there: PayFastStandIn
) -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    clerk = log_in(in_role("Thabo", "accounts"))
    clerk.goto("/customers/ALI001/")
    card = clerk.locator("#card-card-transactions")
    card.scroll_into_view_if_needed()
    card.get_by_role("button", name="Request Verification New").click()
    clerk.locator("#dialog").get_by_role("button", name="Request verification").click()
    clerk.get_by_text("The mail is on its way.").wait_for()

    page = open_page(size=PHONE)
    page.goto(verification_of(alice))
    assert findings(page) == []
    page.get_by_role("button", name="Verify Now").click()
    page.get_by_role("button", name="Continue to payfast").click()
    page.get_by_role("button", name="Pay").click()
    expect(page.get_by_role("heading", name="Your card is verified")).to_be_visible()
    assert (StoredCard.objects.get().customer, Receipt.objects.exists()) == (alice, False)


def test_a_card_is_verified_in_firefox(there: PayFastStandIn) -> None:
    needs(FIREFOX, "Firefox is not installed: apt-get install firefox-esr")
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "1"
    alice = make_customer("Alice Liddel", "ALI001")
    with running() as firefox:
        firefox.open(verification_of(alice))
        assert firefox.reads("Verify your card")
        firefox.press("Verify Now")
        firefox.press("Continue to payfast")
        firefox.press("Pay")
        assert firefox.reads("Your card is verified"), firefox.text()
        assert firefox.logged == []
    alice.refresh_from_db()
    assert (StoredCard.objects.get().status, alice.payment_method) == ("active", "credit_card")
    assert not Receipt.objects.exists()

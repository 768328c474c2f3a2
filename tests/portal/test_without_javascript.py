"""Alice reads and pays with JavaScript switched off: by card through the gateway and back, on her phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

from billing.models import Dispute, Receipt, StoredCard
from billing.services.cards import notices
from customers.models import Customer
from herotill.clock import stamp
from herotill.integrations.cards.payfast.standin import PayFastStandIn
from tests.billing.cards.conftest import make_gateway
from tests.browser import PATIENCE, PHONE, findings
from tests.factories.billing import make_invoice
from tests.portal.conftest import PASSWORD, login_of

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def there(settings: Any, live_server: Any) -> Iterator[PayFastStandIn]:
    with PayFastStandIn() as found:
        settings.DEMO, settings.SITE_URL = True, live_server.url
        settings.OUTBOUND_ALLOW = settings.PAYFAST_HOSTS = ["127.0.0.1"]
        settings.PAYFAST_URL = settings.PAYFAST_API_URL = found.url
        make_gateway()
        yield found


@pytest.fixture
def plain(browser: Browser, live_server: Any) -> Iterator[Page]:
    """A phone that runs no scripts."""
    context = browser.new_context(base_url=live_server.url, viewport=PHONE, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    yield context.new_page()
    context.close()


def come_in(page: Page, customer: Customer) -> None:
    login_of(customer)
    page.goto("/portal/login/")
    page.locator("[name=username]").fill(customer.code)
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="What you owe")).to_be_visible()


def test_alice_pays_part_of_a_bill_without_javascript(
    plain: Page, alice: Customer, there: PayFastStandIn
) -> None:
    invoice = make_invoice(alice, "454.00", date(2018, 7, 1))
    come_in(plain, alice)
    plain.get_by_role("link", name="Pay now").first.click()
    plain.get_by_label(f"{invoice.name}: R 454.00").check()
    plain.get_by_label("Amount in rand").fill("54.00")
    plain.get_by_role("button", name="Continue").click()
    expect(plain.locator("main")).to_contain_text("You pay R 54.00")
    plain.get_by_role("button", name="Continue to payfast").click()
    plain.get_by_role("button", name="Pay").click()

    back = plain.get_by_role("link", name="Back to your account")
    expect(back).to_be_visible()
    notices.judge_due(stamp())
    plain.reload()
    expect(plain.get_by_role("heading", name="Paid, thank you")).to_be_visible()
    assert (Receipt.objects.get().amount, Receipt.objects.get().names) == (Decimal("54.00"), invoice)
    back.click()
    expect(plain.locator(".owed")).to_contain_text("R 400.00")


def test_alice_adds_a_card_without_javascript(plain: Page, alice: Customer, there: PayFastStandIn) -> None:
    come_in(plain, alice)
    plain.goto("/portal/bills/how-you-pay/")
    plain.get_by_role("button", name="Add a card").click()
    plain.get_by_role("button", name="Continue to payfast").click()
    plain.get_by_role("button", name="Pay").click()
    expect(plain.get_by_role("link", name="Back to your account")).to_be_visible()
    notices.judge_due(stamp())
    assert (StoredCard.objects.get().customer, Receipt.objects.exists()) == (alice, False)


def test_alice_reads_and_disputes_without_javascript(plain: Page, alice: Customer) -> None:
    invoice = make_invoice(alice, "454.00", date(2018, 7, 1))
    come_in(plain, alice)
    plain.get_by_role("link", name="Bills", exact=True).first.click()
    plain.get_by_role("link", name=invoice.name).click()
    expect(plain.get_by_text("Home Uncapped")).to_be_visible()
    plain.get_by_role("link", name="Something is wrong").click()
    plain.get_by_label("What is wrong with it?").fill("We moved out in June")
    plain.get_by_role("button", name="Send it").click()
    expect(plain.get_by_text("We look into it. Until we have answered")).to_be_visible()
    assert Dispute.objects.get().document == invoice
    for name in ("Payments", "Statement", "Every month", "How you pay"):
        plain.get_by_role("link", name=name, exact=True).click()
        expect(plain.locator(".tabs [aria-current=page]")).to_have_text(name)


def test_pages_about_money_pass_axe_and_fit_a_phone(
    log_in_portal: Callable[..., Page], alice: Customer, there: PayFastStandIn
) -> None:
    invoice = make_invoice(alice, "454.00", date(2018, 7, 1))
    page = log_in_portal(alice)
    for path in (
        "bills/",
        f"bills/{invoice.pk}/",
        f"bills/{invoice.pk}/dispute/",
        "bills/pay/",
        "bills/statement/",
        "bills/how-you-pay/",
        "bills/leaving/",
    ):
        page.goto(f"/portal/{path}")
        assert (path, findings(page)) == (path, [])
        assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

"""A clerk captures a debit order in the dialog; the customer signs the mandate on a telephone."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import DebitDetail, Mandate
from billing.services import mandates
from herotill import links
from herotill.secrets import decrypt
from tests.browser import PHONE, findings
from tests.factories import make_customer, make_person
from tests.factories.mandates import FNB, make_detail

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
RIGHTS = (
    "customers.view_customer billing.view_billingprofile billing.change_billingprofile billing.view_debitdetail"
    " billing.add_debitdetail billing.view_mandate billing.add_mandate"
).split()


def test_a_debit_order_is_captured_in_the_dialog(log_in: Callable[..., Page]) -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    page = log_in(make_person("Greta", *RIGHTS))
    page.goto("/customers/ALI001/")
    page.get_by_role("button", name="Change payment method").first.click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Account number")).to_have_count(0)
    dialog.get_by_label("Payment method").select_option(label="Direct Debit (Debit Order)")
    dialog.get_by_label("Debit order day").fill("25")
    dialog.get_by_label("Bank name").select_option(label="Standard Bank")
    expect(dialog.get_by_label("Branch code")).to_have_value("051001")
    expect(dialog.get_by_label("Branch name")).to_have_value("Standard Bank")
    dialog.get_by_label("Account number").fill("067970169")
    dialog.get_by_label("Account name").fill("A Liddel")
    expect(dialog.get_by_text("fails the rule of Standard Bank").first).to_be_visible()
    assert findings(page) == []
    dialog.get_by_role("button", name="Save Changes").click()
    expect(dialog.get_by_role("alert")).to_contain_text("fails the rule")
    expect(dialog.get_by_label("Account number")).to_have_value("067970169")
    dialog.get_by_label("Account number").fill("067970168")
    dialog.get_by_role("button", name="Save Changes").click()
    expect(dialog).to_be_hidden()
    expect(page.locator("#card-billing-details")).to_contain_text("Standard Bank •••• 0168, on day 25")
    held = DebitDetail.objects.get(customer=alice)
    assert (held.branch_code, held.holder, decrypt(held.number.token)) == ("051001", "A Liddel", "067970168")


def test_a_mandate_is_signed_on_a_telephone(open_page: Callable[..., Page]) -> None:
    alice = make_customer("Alice Liddel", "ALI001", payment_method="debit_order")
    make_detail(alice)
    mandate = mandates.ask(customer=alice, to=alice.contact_email, actor=None, now=timezone.now())
    token = links.new()
    Mandate.objects.filter(pk=mandate.pk).update(token_hash=links.hashed(token))
    page = open_page(size=PHONE)
    page.goto(f"/mandates/{token}/")
    expect(page.get_by_role("heading", name="Debit-order mandate")).to_be_visible()
    expect(page.locator("main")).to_contain_text("•••• 5749")
    assert FNB not in page.content()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert findings(page) == []
    page.get_by_role("button", name="Sign the mandate").click()
    expect(page.get_by_role("alert")).to_contain_text("2 things need your attention")
    page.get_by_label("Your name and surname").fill("Alice Liddel")
    page.get_by_label("I agree to what stands above.").check()
    page.get_by_role("button", name="Sign the mandate").click()
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    mandate.refresh_from_db()
    assert (mandate.status, mandate.signed_by_name) == ("active", "Alice Liddel")
    page.reload()
    expect(page.get_by_role("heading", name="Done")).to_be_visible()
    assert "Liddel" not in page.content()

"""Sam asks that Alice's account ends, Mandla approves, and Alice answers on her phone, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import Cancellation, CancellationReason
from billing.services import cancellations
from herotill.messages.models import Message
from tests.browser import PHONE, findings
from tests.factories import make_customer, make_person
from tests.factories.data import make_account

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
RIGHTS = (
    "customers.view_customer billing.view_cancellation billing.add_cancellation billing.approve_cancellation"
).split()


def test_alice_leaves_by_the_link_on_her_phone(
    log_in: Callable[..., Page], open_page: Callable[..., Page]
) -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    make_account(alice)
    CancellationReason.objects.create(name="Moves house")
    last = timezone.localdate() + timedelta(days=30)

    page = log_in(make_person("Mandla", *RIGHTS))
    page.goto("/customers/ALI001/")
    page.get_by_role("button", name="Cancel service…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Reason").select_option(label="Moves house")
    dialog.get_by_label("Last day of service").fill(last.isoformat())
    dialog.get_by_role("button", name="Ask for approval").click()
    expect(page.get_by_text("Waits for approval").first).to_be_visible()

    one = Cancellation.objects.get()
    page.goto(f"/billing/cancellations/{one.pk}/")
    assert findings(page) == []
    page.get_by_role("button", name="Approve…").click()
    expect(page.get_by_role("dialog")).to_contain_text("alice@isp.example")
    page.get_by_role("dialog").get_by_role("button", name="Approve and ask the customer").click()
    expect(page.get_by_text("Waits for the customer").first).to_be_visible()

    mail = Message.objects.get(subject_kind="cancellation")
    link = cancellations.seal(mail, timezone.now())["link"]
    phone = open_page(size=PHONE)
    phone.goto("/" + link.split("/", 3)[3])
    assert findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    phone.get_by_role("button", name="Confirm the cancellation").click()
    expect(phone.get_by_role("heading", name="Your cancellation counts")).to_be_visible()
    one.refresh_from_db()
    assert one.state == Cancellation.State.CONFIRMED
    phone.reload()
    expect(phone.get_by_role("heading", name="This link is over")).to_be_visible()

"""A ticket's whole life in a real browser: asked on a phone, answered at the desk, replied to by the mailed link,
closed for a reason, rated low, and so the next ticket begins.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from io import BytesIO

import pytest
from django.core import mail
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, expect

from customers.models import Customer
from helpdesk.models import Department, Rating, Ticket
from herotill import events
from herotill.messages.services import sending
from tests.browser import PHONE, findings
from tests.e2e.test_tickets import RIGHTS
from tests.factories import make_person
from tests.portal.conftest import alice, log_in_portal
from workflow.models import SalesRules

__all__ = ["alice", "log_in_portal"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


def photo() -> bytes:
    out = BytesIO()
    Image.new("RGB", (40, 30), "#a22").save(out, "PNG")
    return out.getvalue()


def link_in_the_last_mail(template: str) -> str:
    """Hands out what happened, sends what is owed, and reads the address in the newest mail about it."""
    now = timezone.now()
    events.hand_out(now)
    sending.send_mail(now)
    told = [one for one in mail.outbox if template in one.body]
    found = re.search(rf"https?://[^/\s]+(/{template}/\S+)", told[-1].body)
    assert found is not None
    return found[1]


def test_from_a_question_on_a_phone_to_the_ticket_about_a_low_rating(
    alice: Customer,
    log_in: Callable[..., Page],
    log_in_portal: Callable[..., Page],
    open_page: Callable[..., Page],
) -> None:
    SalesRules.objects.update(rate_tickets=True)
    Department.objects.filter(name="Support").update(for_ratings=True)
    phone = log_in_portal(alice)
    phone.get_by_role("link", name="Ask us something").click()
    expect(phone.get_by_role("heading", name="Ask us something")).to_be_visible()
    assert findings(phone) == []
    phone.get_by_label("What is it about?").fill("No internet")
    phone.get_by_label("Who should help?").select_option(label="Support")
    phone.get_by_label("Tell us more").fill("The router shows a red light.\nSee the picture.")
    phone.get_by_label("Pictures or files").set_input_files(
        [{"name": "router.png", "mimeType": "image/png", "buffer": photo()}]
    )
    phone.get_by_role("button", name="Send", exact=True).click()
    expect(phone.get_by_role("heading", name="No internet")).to_be_visible()
    expect(phone.get_by_role("link", name="router.png")).to_be_visible()
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert findings(phone) == []

    desk = log_in(make_person("Thandi", *RIGHTS))
    desk.goto("/helpdesk/")
    desk.get_by_role("link", name="No internet").click()
    expect(desk.get_by_text("The router shows a red light.")).to_be_visible()
    expect(desk.get_by_role("link", name=re.compile("router.png"))).to_be_visible()
    desk.get_by_role("button", name="Take it").click()
    expect(desk.get_by_text("Given to Thandi.")).to_be_visible()
    desk.get_by_role("textbox", name="Answer").fill("Please switch it off and on.")
    desk.get_by_role("button", name="Send answer").click()
    expect(desk.locator(".talk").get_by_text("Please switch it off and on.")).to_be_visible()

    mailed = open_page(size=PHONE)
    mailed.goto(link_in_the_last_mail("tickets"))
    expect(mailed.get_by_text("Please switch it off and on.")).to_be_visible()
    assert findings(mailed) == []
    assert mailed.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    mailed.get_by_role("textbox", name="Your answer").fill("It is green now, thank you.")
    mailed.get_by_role("button", name="Send", exact=True).click()
    expect(mailed.get_by_role("status").get_by_text("Sent.")).to_be_visible()
    expect(mailed.get_by_text("It is green now, thank you.")).to_be_visible()

    desk.reload()
    expect(desk.get_by_text("It is green now, thank you.")).to_be_visible()
    desk.get_by_role("button", name="Close…").click()
    dialog = desk.get_by_role("dialog")
    dialog.get_by_label("Reason").select_option(label="Solved")
    dialog.get_by_role("button", name="Close ticket").click()
    expect(desk.get_by_role("button", name="Reopen")).to_be_visible()

    rated = open_page(size=PHONE)
    rated.goto(link_in_the_last_mail("rate"))
    expect(rated.get_by_role("heading", name="How was it?")).to_be_visible()
    rated.get_by_label(re.compile("^1")).check()
    rated.get_by_role("textbox").fill("Two days without internet.")
    rated.get_by_role("button").last.click()
    expect(rated.get_by_role("heading", name=re.compile("Thank"))).to_be_visible()

    rating = Rating.objects.get()
    assert (rating.stars, rating.customer) == (1, alice)
    assert rating.ticket is not None
    assert (rating.ticket.origin, rating.ticket.department.name) == (Ticket.Origin.RATING, "Support")
    desk.goto("/helpdesk/")
    desk.get_by_role("link", name=re.compile("Low rating")).click()
    expect(desk.get_by_text("Two days without internet.")).to_be_visible()
    phone.goto("/portal/tickets/")
    expect(phone.get_by_role("link", name="No internet")).to_be_visible()
    expect(phone.get_by_text("Low rating")).to_have_count(0)

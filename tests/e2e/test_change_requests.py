"""Alice asks for changes, Greta looks at wanted beside current, accepts and rejects, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from customers.models import Contact
from tests.browser import PHONE, findings
from tests.factories import make_customer, make_person
from tests.factories.changes import ask_change
from workflow.models import ChangeRequest

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
RIGHTS = (
    "customers.view_customer customers.change_customer workflow.view_changerequest workflow.add_changerequest"
    " workflow.decide_changerequest"
).split()


def view_request(page: Page) -> None:
    page.goto("/workflow/customers/update/")
    page.get_by_role("link", name="View request: Alice Liddel").click()
    expect(page.get_by_role("dialog").get_by_text("Alice Liddel").first).to_be_visible()


def test_greta_accepts_what_alice_asks_and_the_line_leaves(log_in: Callable[..., Page]) -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    ask_change(alice, surname="Hargreaves")
    page = log_in(make_person("Greta", *RIGHTS))
    page.goto("/customers/ALI001/")
    expect(page.get_by_text("Waits for a decision", exact=True)).to_be_visible()
    view_request(page)
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("row", name="Surname")).to_contain_text("Different")
    assert findings(page) == []
    dialog.get_by_role("button", name="Accept changes").click()
    expect(page.get_by_text("The changes are made.")).to_be_visible()
    expect(page.get_by_text("Nothing waits.")).to_be_visible()
    assert findings(page) == []
    alice.refresh_from_db()
    assert alice.name == "Alice Hargreaves"
    page.goto("/workflow/change-requests/")
    page.get_by_role("link", name="Alice Hargreaves", exact=False).first.wait_for()
    expect(page.get_by_role("row", name="Alice Hargreaves")).to_contain_text("Accepted")


def test_rejecting_asks_for_a_reason_and_a_stale_dialog_is_shown_anew(log_in: Callable[..., Page]) -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    ask_change(alice, surname="Hargreaves", phone="0821234567")
    page = log_in(make_person("Greta", *RIGHTS))
    view_request(page)
    dialog = page.get_by_role("dialog")
    Contact.objects.filter(customer=alice).update(phone="+27829998888")
    dialog.get_by_role("button", name="Accept changes").click()
    expect(dialog.get_by_text("Changed since you looked: Contact tel.")).to_be_visible()
    expect(dialog.get_by_role("row", name="Contact tel")).to_contain_text("Changed meanwhile")
    assert findings(page) == []
    dialog.get_by_role("button", name="Reject changes").click()
    expect(dialog.get_by_text("Say why; the customer reads it too.").first).to_be_visible()
    dialog.get_by_label("Reason").fill("Please send the certificate.")
    dialog.get_by_role("button", name="Reject changes").click()
    expect(page.get_by_text("The changes are rejected")).to_be_visible()
    one = ChangeRequest.objects.get()
    assert (one.state, one.why) == ("rejected", "Please send the certificate.")


def test_greta_enters_a_request_on_the_profile_on_her_phone(log_in: Callable[..., Page]) -> None:
    make_customer("Alice Liddel", "ALI001")
    page = log_in(make_person("Greta", *RIGHTS), size=PHONE)
    page.goto("/customers/ALI001/")
    page.get_by_role("button", name="Individual or company…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Company name").fill("Rabbit Holes")
    dialog.get_by_label("Shown by").fill("Letter of 21 November")
    dialog.get_by_role("button", name="Enter the request").click()
    expect(page.get_by_text("Waits for a decision: individual or company")).to_be_visible()
    page.goto(f"/workflow/change-requests/{ChangeRequest.objects.get().pk}/")
    expect(page.get_by_role("row", name="Company name")).to_contain_text("Rabbit Holes")
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

"""Alice signs up on her phone; Thabo finds her and merges her with the lead he had captured, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from tests.browser import PHONE, findings
from tests.factories import make_person
from tests.factories.workflow import make_lead
from workflow.forms import sign_up
from workflow.models import Area, Lead, SalesRules

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
RIGHTS = (
    "workflow.view_lead workflow.add_lead workflow.change_lead workflow.merge_leads workflow.lose_lead"
    " workflow.view_leadnote workflow.add_leadnote workflow.view_step"
).split()


def test_alice_signs_up_on_her_phone(open_page: Callable[..., Page], monkeypatch: pytest.MonkeyPatch) -> None:
    SalesRules.objects.update(sign_up_open=True)
    Area.objects.create(name="Winelands", towns="Paarl\nKlein Parys")
    opened = sign_up.new_stamp
    monkeypatch.setattr("workflow.views.sign_up.new_stamp", lambda now: opened(now - timedelta(minutes=1)))

    phone = open_page(size=PHONE)
    phone.goto("/sign-up/")
    assert findings(phone) == []
    assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    expect(phone.get_by_label("You may also send me offers")).not_to_be_checked()
    phone.get_by_label("Town or city").fill("Upington")
    phone.get_by_label("Town or city").press("Tab")
    expect(phone.get_by_text("We do not cover Upington yet")).to_be_visible()
    phone.get_by_label("Town or city").fill("Paarl")
    phone.get_by_label("Town or city").press("Tab")
    expect(phone.get_by_text("we cover Paarl")).to_be_visible()
    phone.get_by_label("First name").fill("Alice")
    phone.get_by_label("Surname").fill("Liddel")
    phone.get_by_label("Cell number").fill("12")
    phone.get_by_role("textbox", name="Email").fill("alice@example.com")
    phone.get_by_role("button", name="Sign up").click()
    expect(phone.get_by_text("cannot be a phone number").first).to_be_visible()
    expect(phone.get_by_label("Surname")).to_have_value("Liddel")
    assert findings(phone) == []
    phone.get_by_label("Cell number").fill("082 123 4567")
    phone.get_by_role("button", name="Sign up").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()

    alice = Lead.objects.get()
    assert (alice.name, alice.phone, alice.area.name if alice.area else "") == (
        "Alice Liddel",
        "+27821234567",
        "Winelands",
    )


def test_thabo_captures_a_lead_is_warned_and_says_where_it_is(log_in: Callable[..., Page]) -> None:
    make_lead("Carol Carter", phone="+27821234567")
    page = log_in(make_person("Thabo", *RIGHTS))
    page.context.grant_permissions(["geolocation"])
    page.context.set_geolocation({"latitude": -33.7318, "longitude": 18.9621, "accuracy": 12})
    page.goto("/workflow/leads/")
    page.get_by_role("link", name="Capture lead").or_(page.get_by_role("button", name="Capture lead")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Capture a lead")).to_be_visible()
    assert findings(page) == []
    dialog.get_by_label("First names").fill("Alice")
    dialog.get_by_label("Cell number").fill("082 123 4567")
    dialog.get_by_role("button", name="Use my position").click()
    expect(dialog.get_by_label("Latitude")).to_have_value("-33.731800")
    dialog.get_by_role("button", name="Capture lead").click()
    expect(dialog.get_by_text("Carol Carter")).to_be_visible()
    expect(dialog.get_by_label("First names")).to_have_value("Alice")
    assert findings(page) == []
    dialog.get_by_label("This is somebody else").check()
    dialog.get_by_role("button", name="Capture lead").click()
    expect(page.get_by_role("heading", name="Alice", exact=True)).to_be_visible()
    expect(page.get_by_text("-33.731800, 18.962100")).to_be_visible()
    assert findings(page) == []


def test_two_leads_become_one(log_in: Callable[..., Page]) -> None:
    alice = make_lead("Alice Liddel", phone="+27821234567")
    twin = make_lead(
        "Alice Hargreaves", phone="+27821234567", email="alice@example.com", step_since=timezone.now()
    )
    page = log_in(make_person("Thabo", *RIGHTS))
    page.goto(f"/workflow/leads/{alice.pk}/")
    page.get_by_role("button", name=re.compile("Merge Alice Hargreaves")).click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("This cannot be undone")).to_be_visible()
    assert findings(page) == []
    dialog.get_by_label("Alice Hargreaves").check()
    dialog.get_by_role("button", name="Merge the two leads").click()
    expect(page.get_by_role("heading", name="Alice Hargreaves", exact=True)).to_be_visible()
    expect(page.get_by_role("link", name="alice@example.com")).to_be_visible()
    page.get_by_role("button", name="Add", exact=True).click()
    page.get_by_role("dialog").get_by_label("Note").fill("Called twice")
    page.get_by_role("dialog").get_by_role("button", name="Add note").click()
    expect(page.get_by_text("Called twice")).to_be_visible()
    page.goto(f"/workflow/leads/{twin.pk}/")
    expect(page.get_by_text("Nothing more is done here")).to_be_visible()
    assert findings(page) == []

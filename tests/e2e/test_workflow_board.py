"""Mandla moves leads on the board, by mouse and by keyboard; Sipho works through a list at a desk and on a phone."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from tests.browser import PHONE, findings
from tests.factories.people import in_role
from tests.factories.workflow import make_lead
from workflow.gates import Gate, gates
from workflow.models import Lead, Step

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def gate() -> Iterator[None]:
    """Before Being worked on stands a gate that only leads with an email pass."""

    def lacking(leads):
        found = Lead.objects.filter(pk__in=leads, email="").values_list("pk", flat=True)
        return dict.fromkeys(found, "An email address is missing.")

    gates.register(Gate("test-email", "Has an email address", lacking))
    Step.objects.filter(pk="lead-worked").update(gates=["test-email"])
    yield
    gates.unregister("test-email")
    Step.objects.filter(pk="lead-worked").update(gates=[])


def column(page: Page, place: str) -> Locator:
    return page.locator(f"[data-place='{place}']")


def drag(page: Page, card: Locator, to: Locator) -> None:
    """Take a card by its words and let it go over a column."""
    card.locator(".mute").first.hover()
    page.mouse.down()
    box = to.bounding_box()
    assert box
    page.mouse.move(box["x"] + 60, box["y"] + 60)
    page.mouse.move(box["x"] + 70, box["y"] + 70)
    expect(to).to_have_class("board-column is-over")
    page.mouse.up()


def test_a_card_is_dragged_and_one_that_misses_something_goes_back(
    log_in: Callable[..., Page], gate: None
) -> None:
    alice = make_lead("Alice Liddel", email="alice@example.com")
    bob = make_lead("Bob Nkosi", step_since=timezone.now() - timedelta(days=5))
    page = log_in(in_role("Mandla", "manager"))
    page.goto("/workflow/")
    expect(page.get_by_role("heading", name="Workflow", exact=True)).to_be_visible()
    assert findings(page) == []

    drag(page, page.locator(f"#lead-{alice.pk}"), column(page, "lead-worked"))
    expect(page.get_by_text("Alice Liddel is in Leads: Being worked on now.")).to_be_visible()
    expect(column(page, "lead-worked").get_by_role("link", name="Alice Liddel")).to_be_visible()
    # Only the board that was shown anew says so.
    expect(page.locator(f"#lead-{alice.pk}")).to_have_attribute("data-from", "lead-worked")

    drag(page, page.locator(f"#lead-{bob.pk}"), column(page, "lead-worked"))
    expect(page.get_by_text("Bob Nkosi: An email address is missing.")).to_be_visible()
    expect(column(page, "lead-new").get_by_role("link", name="Bob Nkosi")).to_be_visible()
    expect(page.locator(f"#lead-{bob.pk}")).to_contain_text("too long")
    alice.refresh_from_db()
    bob.refresh_from_db()
    assert (alice.place, bob.place) == ("lead-worked", "lead-new")


def test_a_lead_is_moved_by_keyboard_alone(log_in: Callable[..., Page], gate: None) -> None:
    alice = make_lead("Alice Liddel", email="alice@example.com")
    page = log_in(in_role("Mandla", "manager"))
    page.goto("/workflow/")
    opener = page.get_by_role("button", name="Move Alice Liddel to…")
    opener.focus()
    page.keyboard.press("Enter")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("A lead comes here when its survey is scheduled.")).to_be_visible()
    assert findings(page) == []

    dialog.get_by_role("radio", name="Being worked on").focus()
    page.keyboard.press("Space")
    dialog.get_by_label("Why").fill("Spoke to her")
    page.keyboard.press("Enter")

    expect(column(page, "lead-worked").get_by_role("link", name="Alice Liddel")).to_be_visible()
    expect(opener).to_be_focused()
    move = alice.moves.get()
    assert (move.to_step, move.by.username, move.why) == ("lead-worked", "mandla", "Spoke to her")


def test_a_list_on_a_phone(log_in: Callable[..., Page]) -> None:
    make_lead("Alice Liddel", phone="+27820000001")
    page = log_in(in_role("Sipho", "sales"), size=PHONE)
    page.goto("/workflow/leads/new/?all=1")

    expect(page.get_by_role("heading", name="Leads: New")).to_be_visible()
    expect(page.get_by_role("link", name="Alice Liddel").first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert findings(page) == []


def test_the_board_on_a_phone_scrolls_within_itself(log_in: Callable[..., Page]) -> None:
    make_lead("Alice Liddel")
    page = log_in(in_role("Sipho", "sales"), size=PHONE)
    page.goto("/workflow/")

    expect(page.get_by_role("link", name="Alice Liddel")).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert findings(page) == []

"""Thandi works on a ticket in a real browser: she answers, notes, is told of Johan, closes and merges."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from helpdesk.models import CannedAnswer, Ticket
from helpdesk.services import presence, tickets
from tests.browser import PHONE, findings
from tests.factories import make_customer, make_person
from tests.factories.helpdesk import make_department, make_priority, make_reason, make_ticket

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
RIGHTS = [
    *(f"helpdesk.{deed}_ticket" for deed in ("view", "add", "change", "answer", "assign", "close", "merge")),
    "customers.view_customer",
]


def a_ticket(text: str = "No light on the radio") -> Ticket:
    alice = make_customer("Alice Liddel", f"ALI00{Ticket.objects.count() + 1}")
    return make_ticket(alice, text=text, now=timezone.now())


def test_thandi_answers_with_a_canned_answer_and_closes(log_in: Callable[..., Page]) -> None:
    ticket = a_ticket()
    CannedAnswer.objects.create(name="Power", text="Dear {customer}, please switch it off and on.")
    make_reason("Solved")
    page = log_in(make_person("Thandi", *RIGHTS))
    page.goto("/helpdesk/")
    page.get_by_role("link", name="No connection").click()
    expect(page.get_by_text("No light on the radio")).to_be_visible()
    assert findings(page) == []
    page.get_by_role("button", name="Take it").click()
    expect(page.get_by_text("Given to Thandi.")).to_be_visible()

    answer = page.get_by_role("textbox", name="Answer")
    answer.fill("Hello")
    page.get_by_label("Canned answer").select_option(label="Power")
    expect(answer).to_have_value("Hello\n\nDear Alice Liddel, please switch it off and on.")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("Waits for the customer").first).to_be_visible()
    expect(page.locator(".talk").get_by_text("please switch it off and on.")).to_be_visible()

    page.get_by_role("tab", name="Note for us").click()
    page.get_by_role("textbox", name="Note").fill("She sounded tired")
    page.get_by_role("button", name="Save note").click()
    expect(page.locator(".talk .is-note")).to_contain_text("She sounded tired")

    page.get_by_role("button", name="Close…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Close ticket").click()
    expect(dialog.get_by_role("alert")).to_be_visible()
    dialog.get_by_label("Reason").select_option(label="Solved")
    dialog.get_by_role("button", name="Close ticket").click()
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()
    assert findings(page) == []
    ticket.refresh_from_db()
    assert (ticket.state, ticket.posts.filter(kind="answer").count()) == ("closed", 1)


def test_thandi_is_told_that_johan_writes_and_that_he_answered(log_in: Callable[..., Page]) -> None:
    ticket, johan = a_ticket(), make_person("Johan", *RIGHTS)
    presence.here(ticket=ticket, user=johan, now=timezone.now(), writes=True)
    page = log_in(make_person("Thandi", *RIGHTS))
    page.goto(f"/helpdesk/tickets/{ticket.pk}/")
    expect(page.get_by_text("Johan is writing an answer.")).to_be_visible()

    tickets.answer(ticket=ticket, text="I have it", actor=johan, now=timezone.now())
    answer = page.get_by_role("textbox", name="Answer")
    answer.fill("Me too")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text("Johan answered meanwhile")).to_be_visible()
    expect(page.get_by_text("I have it")).to_be_visible()
    expect(page.get_by_role("textbox", name="Answer")).to_have_value("Me too")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_text(f"Ticket #{ticket.pk} is answered.")).to_be_visible()
    assert [one.text for one in ticket.posts.filter(kind="answer")] == ["I have it", "Me too"]


def test_a_ticket_fits_on_a_phone(log_in: Callable[..., Page]) -> None:
    ticket = a_ticket("x" * 300)
    phone = log_in(make_person("Thandi", *RIGHTS), size=PHONE)
    for address in (f"/helpdesk/tickets/{ticket.pk}/", "/helpdesk/", "/helpdesk/tickets/new/"):
        phone.goto(address)
        expect(phone.get_by_role("heading", level=1)).to_be_visible()
        assert phone.evaluate("document.documentElement.scrollWidth") <= PHONE["width"], address
        assert findings(phone) == []


def test_thandi_types_the_callers_name_and_gives_a_reason_only_when_she_closes(
    log_in: Callable[..., Page],
) -> None:
    make_customer("Alice Liddel", "ALI001")
    make_department()
    make_priority(answer_minutes=None, solve_minutes=None)
    make_reason("Solved")
    page = log_in(make_person("Thandi", *RIGHTS))
    page.goto("/helpdesk/tickets/new/")
    page.get_by_label("Customer", exact=True).fill("alice lid")
    page.get_by_label("Subject").fill("No light")
    page.get_by_role("textbox", name="Text").fill("Since noon")
    page.get_by_label("Department").select_option(label="Support")
    page.get_by_label("Priority").select_option(label="Normal")
    page.get_by_role("button", name="Open ticket").click()
    expect(page.get_by_role("link", name="Alice Liddel")).to_be_visible()

    reason = page.get_by_label("Reason for closing")
    expect(reason).to_be_hidden()
    page.get_by_role("textbox", name="Answer").fill("It is on again")
    page.get_by_label("Then the ticket").select_option(label="is closed")
    reason.select_option(label="Solved")
    page.get_by_role("button", name="Send answer").click()
    expect(page.get_by_role("button", name="Reopen")).to_be_visible()
    assert str(Ticket.objects.get().close_reason) == "Solved"

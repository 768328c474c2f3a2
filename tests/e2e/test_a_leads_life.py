"""Alice from the sign-up form to the draft of her first invoice, in a real browser: nobody writes to a table by hand."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import Document
from herotill.months import Month
from herotill.users.models import User
from tests.browser import PHONE, findings
from tests.factories.data import make_checked, make_package
from tests.factories.people import in_role
from tests.factories.workflow import link_of, sold
from tests.workflow.test_photos import picture
from workflow.forms import sign_up
from workflow.models import JobCard, Lead, Quote, SalesRules

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
Open = Callable[..., Page]


@pytest.fixture
def tumi() -> User:
    return in_role("Tumi", "technician")


def test_from_the_sign_up_form_to_the_first_invoice(
    log_in: Open, open_page: Open, tumi: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    SalesRules.objects.update(sign_up_open=True, terms="A month's notice.")
    make_package(price="454.00")
    sold("INST", "1500.00", name="Installation")
    _signs_up(open_page(size=PHONE), monkeypatch)
    lead = Lead.objects.get()
    desk = log_in(in_role("Mandla", "manager"))

    _is_surveyed(desk, lead)
    assert _place(lead) == "quote-new"
    _is_quoted(desk, lead)
    assert _place(lead) == "quote-sent"
    _accepts(open_page(size=PHONE), Quote.objects.get())
    assert _place(lead) == "customer-new"
    _becomes_a_customer(desk)
    assert _place(lead) == "customer-active"
    _gets_what_she_ordered(desk)
    assert _place(lead) == "job-new"
    customer = Lead.objects.get().customer
    assert customer
    make_checked(customer)
    _is_scheduled(desk, JobCard.objects.get())
    assert _place(lead) == "job-scheduled"
    _is_connected(log_in(tumi, size=PHONE), JobCard.objects.get())
    assert _place(lead) == "invoice-new"

    assert customer.data_accounts.get().state == "active"
    today = timezone.localdate()
    month = Month.of(today)
    share = Decimal("454.00") * ((month.last - today).days + 1) / month.length
    draft = Document.objects.get()
    lines = {line.text.split(",")[0].split(" (")[0]: line.incl for line in draft.lines.all()}
    assert draft.status == "draft"
    assert sorted(lines.values()) == sorted([Decimal("1500.00"), share.quantize(Decimal("0.01"))])

    desk.goto(f"/workflow/leads/{lead.pk}/")
    desk.get_by_role("button", name="Check invoice").click()
    expect(desk.get_by_role("dialog").get_by_role("cell", name="Installation")).to_be_visible()
    assert findings(desk) == []
    desk.get_by_role("dialog").get_by_role("button", name="Issue invoice").click()
    expect(desk.get_by_role("button", name="Check invoice")).to_be_hidden()
    assert _place(lead) == "won"
    desk.goto("/customers/ALI001/")
    expect(desk.get_by_role("heading", name="Alice Liddel")).to_be_visible()


def _place(lead: Lead) -> str:
    return Lead.objects.get(pk=lead.pk).place


def _signs_up(phone: Page, monkeypatch: pytest.MonkeyPatch) -> None:
    opened = sign_up.new_stamp
    monkeypatch.setattr("workflow.views.sign_up.new_stamp", lambda now: opened(now - timedelta(minutes=1)))
    phone.goto("/sign-up/")
    typed = {
        "first_names": "Alice",
        "surname": "Liddel",
        "phone": "082 123 4567",
        "email": "alice@example.com",
        "town": "Paarl",
    }
    for name, words in typed.items():
        phone.locator(f"[name={name}]").fill(words)
    phone.get_by_role("button", name="Sign up").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()


def _is_surveyed(desk: Page, lead: Lead) -> None:
    dialog = desk.get_by_role("dialog")
    desk.goto(f"/workflow/leads/{lead.pk}/")
    desk.get_by_role("button", name="Ask for survey").click()
    dialog.get_by_role("button", name="Ask for survey").click()
    desk.get_by_role("button", name="Schedule survey").click()
    dialog.get_by_label("Technician").select_option(label="Tumi")
    dialog.get_by_label("Day").fill((timezone.localdate() + timedelta(days=1)).isoformat())
    dialog.get_by_label("From").fill("09:00")
    dialog.get_by_label("Until").fill("10:00")
    _schedules(desk, "Schedule survey")
    desk.get_by_role("button", name="Write survey down").click()
    dialog.get_by_label("Feasible", exact=True).check()
    dialog.get_by_role("button", name="Write survey down").click()
    expect(dialog).to_be_hidden()
    expect(desk.locator("main")).to_contain_text("To quote")


def _is_quoted(desk: Page, lead: Lead) -> None:
    dialog = desk.get_by_role("dialog")
    desk.goto(f"/workflow/leads/{lead.pk}/")
    desk.get_by_role("button", name="Begin quote").click()
    dialog.get_by_label("Package").select_option(index=1)
    dialog.get_by_role("button", name="Begin quote").click()
    expect(desk.get_by_role("heading", name="QUO00001")).to_be_visible()
    desk.get_by_role("button", name="Product").click()
    dialog.get_by_label("Product").select_option(label="Installation")
    dialog.get_by_role("button", name="Add product").click()
    expect(desk.get_by_role("cell", name="R 1,500.00").first).to_be_visible()
    expect(dialog).to_be_hidden()
    desk.get_by_role("button", name="Send quote…").click()
    dialog.get_by_role("button", name="Send quote").click()
    expect(desk.get_by_role("button", name="New version…")).to_be_visible()


def _accepts(phone: Page, quote: Quote) -> None:
    phone.goto(f"/quotes/{link_of(quote)}/")
    phone.get_by_label("Street *").first.fill("12 Protea Street")
    phone.get_by_label("ID or passport number").fill("8001015009087")
    phone.get_by_label("Town").first.fill("Paarl")
    phone.get_by_label("Cell number").fill("082 123 4567")
    phone.locator("[name=email]").fill("alice@example.com")
    phone.get_by_label("EFT").check()
    phone.get_by_label("Sign with your full name").fill("Alice Liddel")
    phone.get_by_label("I accept this quote and its terms.").check()
    phone.get_by_role("button", name="Accept the quote").click()
    expect(phone.get_by_role("heading", name="Thank you")).to_be_visible()


def _becomes_a_customer(desk: Page) -> None:
    dialog = desk.locator("#dialog")
    desk.goto("/workflow/customers/new/")
    desk.get_by_role("link", name="Create customer: Alice Liddel").click()
    expect(dialog.locator("[name=code]")).to_have_value("ALI001")
    dialog.get_by_role("button", name="Add Customer").click()
    expect(desk.get_by_text("Alice Liddel (ALI001) added.")).to_be_visible()


def _gets_what_she_ordered(desk: Page) -> None:
    dialog = desk.locator("#dialog")
    desk.goto("/workflow/customers/active/")
    desk.get_by_role("link", name="Set up: Alice Liddel").click()
    dialog.get_by_role("button", name="Take over what is ticked").click()
    expect(desk.get_by_text("moved on to Job cards, New")).to_be_visible()


def _is_scheduled(desk: Page, job: JobCard) -> None:
    dialog = desk.get_by_role("dialog")
    desk.goto(f"/workflow/jobs/{job.pk}/")
    desk.get_by_role("button", name="Schedule").first.click()
    dialog.get_by_label("Technician").select_option(label="Tumi")
    dialog.get_by_label("Day").fill(timezone.localdate().isoformat())
    _schedules(desk, "Schedule job")


def _schedules(desk: Page, press: str) -> None:
    """Press it, and once more where the day is a Sunday or a holiday, of which the dialog warns."""
    dialog = desk.get_by_role("dialog")
    with desk.expect_response(lambda answer: answer.request.method == "POST") as first:
        dialog.get_by_role("button", name=press).click()
    if first.value.status == 422:
        dialog.get_by_label("Schedule it all the same").check()
        dialog.get_by_role("button", name=press).click()
    expect(dialog).to_be_hidden()


def _is_connected(phone: Page, job: JobCard) -> None:
    phone.goto(f"/workflow/my-jobs/jobs/{job.pk}/")
    expect(phone.locator("html[data-kept]")).to_be_attached()
    phone.get_by_role("button", name="Start job").click()
    for tick in ("Antenna mounted and earthed", "Cable run tidy and sealed", "Router placed"):
        phone.get_by_role("button", name=tick).click()
    phone.get_by_label("Signal at the antenna (dBm)", exact=False).first.fill("-61")
    phone.get_by_role("button", name="Keep: Signal at the antenna").click()
    phone.get_by_label("Photo: Photo of the antenna").set_input_files(
        {"name": "antenna.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    expect(phone.locator("[data-part] .photos img")).to_have_count(1)
    phone.get_by_label("Name of who signs").fill("Alice Liddel")
    phone.get_by_label("Signs with the name").check()
    phone.get_by_label("What was done").fill("Connected to the tower")
    phone.get_by_role("button", name="Complete job").click()
    expect(phone.locator("[data-state]")).to_contain_text("Completed")

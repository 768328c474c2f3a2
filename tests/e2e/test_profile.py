"""A clerk works on the profile, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from customers.models import Contact, Customer, CustomerNote
from herotill.users.models import User
from tests.browser import PHONE, findings
from tests.factories import make_customer, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

LogIn = Callable[..., Page]

CLERK = [
    f"customers.{right}"
    for right in (
        "view_customer change_customer add_customer see_customer_balance see_id_numbers change_id_numbers view_contact"
        " add_contact change_contact view_address add_address view_customernote add_customernote view_attachment"
        " add_attachment view_asset add_asset see_audit_trail"
    ).split()
]


@pytest.fixture
def alice() -> Customer:
    master = make_customer("Wonderland (Pty) Ltd", "WON001", kind="company")
    return make_customer("Alice Liddel", "ALI001", master=master)


@pytest.fixture
def sam() -> User:
    return make_person("Sam", *CLERK)


def test_a_clerk_finds_alice_by_slash_with_the_keyboard_alone(
    alice: Customer, sam: User, log_in: LogIn
) -> None:
    page = log_in(sam)

    page.keyboard.press("/")
    page.keyboard.type("liddel")
    expect(page.locator("#search-results [role=option]").first).to_contain_text("Alice Liddel")
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page).to_have_url(
        "**/customers/ALI001/".replace("**", page.url.split("/customers")[0].rstrip("/"))
    )
    expect(page.get_by_role("heading", level=1)).to_have_text("Alice Liddel")
    expect(page.get_by_text("This is a Sub-Account of")).to_be_visible()


def test_a_note_pops_up_in_red_for_everybody_who_opens_the_profile(
    alice: Customer, sam: User, log_in: LogIn
) -> None:
    page = log_in(sam)
    page.goto("/customers/ALI001/")

    page.get_by_role("button", name="Add: Customer notes").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Note").fill("Gate code 4471")
    dialog.get_by_label("pop up when the profile opens").check()
    dialog.get_by_role("button", name="Add note").click()

    expect(page.locator(".toast")).to_contain_text("Note added.")
    expect(page.locator(".pop")).to_contain_text("Gate code 4471")
    expect(page.locator("#card-customer-notes")).to_contain_text("Sam")
    expect(page.get_by_role("button", name="Add: Customer notes")).to_be_focused()

    page.locator(".pop").get_by_role("button", name="Dismiss for me").click()
    expect(page.locator(".pop")).to_have_count(0)
    assert CustomerNote.objects.get().pops_up


def test_a_refused_field_keeps_what_was_typed_and_the_summary_leads_to_it(
    alice: Customer, sam: User, log_in: LogIn
) -> None:
    page = log_in(sam)
    page.goto("/customers/ALI001/")

    page.get_by_role("button", name="Add: Contacts").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name", exact=False).first.fill("Dinah")
    dialog.get_by_label("Cell number").fill("12")
    dialog.get_by_role("button", name="Add contact").click()

    expect(dialog.locator(".errors")).to_contain_text("12 cannot be a phone number")
    dialog.locator(".errors a").click()
    expect(dialog.get_by_label("Cell number")).to_be_focused()
    expect(dialog.get_by_label("Name", exact=False).first).to_have_value("Dinah")

    dialog.get_by_label("Cell number").fill("082 000 0009")
    dialog.get_by_role("button", name="Add contact").click()
    expect(page.locator("#card-contacts")).to_contain_text("Dinah")
    assert Contact.objects.get(name="Dinah").phone == "+27820000009"


def test_a_customer_is_created_with_the_code_shown_while_the_name_is_typed(sam: User, log_in: LogIn) -> None:
    page = log_in(sam)
    page.goto("/customers/")
    page.get_by_role("link", name="New customer").click()
    dialog = page.get_by_role("dialog")

    dialog.get_by_role("button", name="Add Customer").click()
    expect(dialog.locator(".errors li")).to_have_count(4)

    dialog.get_by_label("First names").press_sequentially("Mickey", delay=20)
    dialog.get_by_label("Surname").press_sequentially("Mouse", delay=20)
    expect(dialog.get_by_label("Account code")).to_have_value("MIC001")
    dialog.get_by_label("Contact tel").fill("082 000 0000")
    dialog.get_by_label("Contact email").fill("mickey@example.com")
    dialog.get_by_role("button", name="Add Customer").click()

    expect(page.get_by_role("heading", level=1)).to_have_text("Mickey Mouse")
    assert Customer.objects.get().code == "MIC001"


def test_lazy_cards_come_in_one_answer_and_everything_settles_in_few_requests(
    alice: Customer, sam: User, log_in: LogIn
) -> None:
    page = log_in(sam)
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url) if "/static/" not in request.url else None)

    page.goto("/customers/ALI001/")
    page.locator("#card-audit-trail").evaluate("card => card.scrollIntoView()")
    expect(page.locator(".skeleton")).to_have_count(0)

    assert len(asked) <= 8, asked


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [{"width": 1440, "height": 900}, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_on_the_profile_and_its_dialogs(
    alice: Customer, sam: User, log_in: LogIn, dark: bool, size: dict[str, int]
) -> None:
    page = log_in(sam, dark=dark, size=size)
    page.goto("/customers/ALI001/")
    page.locator("#card-audit-trail").evaluate("card => card.scrollIntoView()")
    expect(page.locator(".skeleton")).to_have_count(0)
    found = findings(page)

    page.get_by_role("button", name="Edit: Account details").click()
    expect(page.get_by_role("dialog")).to_be_visible()
    found += findings(page)

    assert found == []

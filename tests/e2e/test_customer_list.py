"""A clerk works in the customer list, in a real browser."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer, CustomerGroup, Label
from herotill.users.models import User
from tests.browser import PHONE, findings
from tests.factories import make_customer, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

LogIn = Callable[..., Page]
RIGHTS = (
    "view_customer",
    "see_customer_balance",
    "label_customers",
    "group_customers",
    "view_label",
    "change_label",
)


@pytest.fixture
def sam() -> User:
    return make_person("Sam", *(f"customers.{right}" for right in RIGHTS))


@pytest.fixture
def crowd() -> None:
    estate = CustomerGroup.objects.create(name="Estate")
    green = Label.objects.create(name="Green", colour="green")
    for n in range(14):
        one = make_customer(f"Person Number{n:02}", f"PER0{n:02}", group=estate)
        if n % 2:
            Customer.objects.filter(pk=one.pk).update(status="suspended")
            one.labels.add(green)


def rows(page: Page) -> list[str]:
    return page.locator("tbody td.id:nth-child(4)").all_inner_texts()


@pytest.mark.usefixtures("crowd")
def test_filter_sort_page_and_back_without_leaving_the_page(sam: User, log_in: LogIn) -> None:
    page = log_in(sam)
    page.goto("/customers/")

    page.get_by_role("link", name="Filters").click()
    page.get_by_label("Suspended").check()
    page.get_by_role("button", name="Show customers").click()
    chip = page.locator(".filter-chip")
    expect(chip).to_contain_text("Status: Suspended")
    page.get_by_role("link", name="Filters").click()
    expect(page.locator("form.filters")).to_have_count(0)

    page.get_by_role("link", name="Account code").click()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Account code")
    expect(page.get_by_role("link", name="Account code")).to_be_focused()
    page.get_by_role("link", name="Account code").click()
    expect(page.locator("th[aria-sort=descending]")).to_have_text("Account code")
    assert rows(page)[0] == "PER013"
    expect(page).to_have_url(re.compile(r"status=suspended&sort=-code$"))

    page.go_back()
    expect(page.locator("th[aria-sort=ascending]")).to_have_text("Account code")
    assert rows(page)[0] == "PER001"
    page.reload()
    assert rows(page)[0] == "PER001"

    with page.expect_response(re.compile(r"/customers/\?status=suspended&sort=code$")):
        page.get_by_label("Rows").select_option("10")
    page.get_by_role("button", name="Remove Status: Suspended").click()
    expect(chip).to_have_count(0)
    page.get_by_role("link", name="Next").click()
    expect(page.get_by_role("link", name="Previous")).to_be_visible()
    assert rows(page) == ["PER010", "PER011", "PER012", "PER013"]


@pytest.mark.usefixtures("crowd")
def test_typing_into_the_search_box_narrows_the_list_and_keeps_the_cursor(sam: User, log_in: LogIn) -> None:
    page = log_in(sam)
    page.goto("/customers/?status=suspended")
    box = page.get_by_role("searchbox", name="Search customers by")

    box.press_sequentially("number07")
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(box).to_be_focused()
    expect(box).to_have_value("number07")
    expect(page).to_have_url(re.compile(r"q=number07.*status=suspended"))


@pytest.mark.usefixtures("crowd")
def test_many_get_a_label_and_lose_it_again_by_undo(sam: User, log_in: LogIn) -> None:
    page = log_in(sam)
    page.goto("/customers/?status=active")

    page.get_by_label("Choose all on this page").check()
    page.get_by_role("button", name="Add a label").click()
    page.locator("#dialog select[name=label]").select_option(label="Green")
    expect(page.locator("#dialog")).to_contain_text("7 customers will change")
    page.get_by_role("button", name="Label 7 customers").click()
    expect(page.locator(".toast")).to_contain_text("“Green” put on 7 customers.")
    expect(page.locator("tbody .tag--green")).to_have_count(7)

    page.locator(".toast").get_by_role("button", name="Undo").click()
    expect(page.locator(".toast")).to_contain_text("Undone for 7 customers.")
    expect(page.locator("tbody .tag--green")).to_have_count(0)


@pytest.mark.usefixtures("crowd")
def test_columns_are_moved_with_the_keyboard_and_saved_as_a_view(sam: User, log_in: LogIn) -> None:
    page = log_in(sam)
    page.goto("/customers/?status=suspended")

    page.get_by_role("link", name="Columns").click()
    up = page.get_by_role("button", name="Move Billing group up")
    up.focus()
    page.keyboard.press("Enter")
    expect(page.locator("#dialog li").first).to_contain_text("Billing group")
    page.get_by_role("checkbox", name="Email").uncheck()
    page.get_by_role("button", name="Show these columns").click()
    expect(page.locator("thead")).not_to_contain_text("Email")
    assert page.locator("thead th").nth(1).inner_text() == "Billing group"

    page.get_by_role("link", name="Save view").click()
    page.locator("#dialog [name=name]").fill("Late payers")
    page.get_by_role("button", name="Save view").click()
    expect(page.get_by_role("link", name="Late payers")).to_have_attribute("aria-current", "page")
    page.get_by_role("link", name="All", exact=True).click()
    expect(page.locator("tbody tr")).to_have_count(14)


@pytest.mark.usefixtures("crowd")
def test_a_row_of_setup_is_changed_in_a_dialog_over_its_list(sam: User, log_in: LogIn) -> None:
    page = log_in(sam)
    page.goto("/setup/labels/")

    page.get_by_role("link", name="Change Green").click()
    page.locator("#dialog [name=name]").fill("Paid up")
    page.get_by_role("button", name="Save label").click()
    expect(page.locator("tbody")).to_contain_text("Paid up")
    expect(page.get_by_role("link", name="Change Paid up")).to_be_focused()


@pytest.mark.usefixtures("crowd")
@pytest.mark.parametrize("dark", [False, True])
def test_axe_finds_nothing_on_the_list_its_panel_and_its_bulk_bar(
    sam: User, log_in: LogIn, dark: bool
) -> None:
    page = log_in(sam, dark=dark)
    page.goto("/customers/?status=active&panel=1")
    page.get_by_label("Choose all on this page").check()
    assert findings(page) == []
    page.get_by_role("link", name="Columns").click()
    expect(page.locator("#dialog")).to_be_visible()
    assert findings(page) == []


@pytest.mark.usefixtures("crowd")
def test_axe_finds_nothing_on_a_phone(sam: User, log_in: LogIn) -> None:
    page = log_in(sam, size=PHONE)
    page.goto("/customers/?status=active&panel=1")
    assert findings(page) == []

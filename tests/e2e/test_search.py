"""Finding somebody in a real browser: the box of every page, the page of all answers, the picker."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer
from herotill.users.models import User
from tests.browser import PHONE, findings
from tests.factories import make_customer, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

LogIn = Callable[..., Page]


@pytest.fixture
def customers() -> list[Customer]:
    contact = {"email": "alice@wonderland.example.com", "phone": "+27821234567"}
    alice = make_customer("Alice Liddel", "ALI001", contact=contact)
    won = make_customer("Wonderland (Pty) Ltd", "WON001", kind="company", contact={"name": "Lewis Carroll"})
    bob = make_customer("Bob Liddel-Stone", "BOB001", status="suspended")
    return [alice, won, bob]


@pytest.fixture
def sam() -> User:
    return make_person("Sam", "customers.view_customer", "house.view_run")


def test_a_code_and_enter_opens_the_profile_however_fast_one_types(
    customers, sam: User, log_in: LogIn
) -> None:
    page = log_in(sam)
    page.keyboard.press("/")
    page.keyboard.type("ali001")
    page.keyboard.press("Enter")

    page.wait_for_url("**/customers/ALI001/")


def test_answers_come_while_one_types_and_escape_closes_them(customers, sam: User, log_in: LogIn) -> None:
    page = log_in(sam)
    options = page.locator("#search-results [role=option]")
    page.keyboard.press("/")
    page.keyboard.type("liddel")
    expect(options).to_have_count(2)
    expect(options.nth(1)).to_contain_text("Suspended")
    page.keyboard.type(" al")
    expect(options).to_have_count(1)
    assert findings(page) == []

    page.keyboard.press("Escape")
    expect(page.locator("#search-results")).to_be_hidden()


def test_a_screen_is_found_by_its_name(customers, sam: User, log_in: LogIn) -> None:
    page = log_in(sam)
    page.keyboard.press("/")
    page.keyboard.type("runs")
    expect(page.locator("#search-results")).to_contain_text("Setup › Runs")
    page.keyboard.press("Enter")

    page.wait_for_url("**/setup/runs/")


@pytest.mark.parametrize(("size", "dark"), [(None, False), (PHONE, True)])
def test_the_page_of_all_answers(customers, sam: User, log_in: LogIn, size, dark: bool) -> None:
    page = log_in(sam, dark=dark, **({"size": size} if size else {}))
    page.goto("/search/?q=liddel")
    expect(page.get_by_role("link", name="Alice Liddel")).to_be_visible()
    assert findings(page) == []

    page.goto("/search/?q=nobody of that name")
    expect(page.get_by_text("Nothing found.")).to_be_visible()
    assert findings(page) == []


def test_the_picker_lists_whom_one_opened_last_and_finds_others(customers, sam: User, log_in: LogIn) -> None:
    page = log_in(sam)
    page.goto("/customers/WON001/")
    page.goto("/customers/edit/")
    page.get_by_role("button", name="Choose a customer").click()
    options = page.locator("#picker-results [role=option]")
    expect(options).to_have_count(1)
    expect(options).to_contain_text("Wonderland (Pty) Ltd (Lewis Carroll)")

    page.keyboard.type("4567")
    expect(options).to_contain_text("Alice Liddel")
    assert findings(page) == []
    page.keyboard.press("Enter")
    page.wait_for_url("**/customers/ALI001/")

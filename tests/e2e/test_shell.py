"""What stands around every page, in a real browser: colours, navigation, lock, order of the cards."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from playwright.sync_api import Page, expect

from customers.models import Customer, CustomerNote
from herotill.users.models import User
from tests.browser import PHONE, findings
from tests.factories import make_customer, make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

LogIn = Callable[..., Page]
PASSWORD = "rabbit-hole-4471"
RIGHTS = [
    "customers.view_customer",
    "customers.view_contact",
    "customers.view_customernote",
    "customers.add_customernote",
]


@pytest.fixture
def alice() -> Customer:
    return make_customer("Alice Liddel", "ALI001")


@pytest.fixture
def sam() -> User:
    return make_person("Sam", *RIGHTS)


def order(page: Page) -> list[str]:
    return [card.get_attribute("data-card") or "" for card in page.locator(".cards > .card").all()]


def write_a_note(page: Page, text: str) -> None:
    page.get_by_role("button", name="Add: Customer notes").click()
    page.locator("#dialog").get_by_label("Note").fill(text)


def test_dark_and_dense_are_kept_for_the_next_page(sam: User, log_in: LogIn) -> None:
    page = log_in(sam)
    root = page.locator("html")
    expect(root).to_have_attribute("data-theme", "auto")

    page.get_by_role("button", name="settings and log out").click()
    with page.expect_response("**/preferences/"):
        page.get_by_role("button", name="Dark").click()
    with page.expect_response("**/preferences/"):
        page.get_by_role("button", name="Compact").click()
    expect(root).to_have_attribute("data-theme", "dark")
    page.reload()

    expect(root).to_have_attribute("data-theme", "dark")
    expect(root).to_have_attribute("data-density", "compact")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(17, 20, 25)"


def test_a_narrow_navigation_still_names_its_entries(sam: User, log_in: LogIn) -> None:
    page = log_in(sam)

    with page.expect_response("**/preferences/"):
        page.get_by_role("button", name="Narrow or widen the navigation").click()
    page.reload()

    expect(page.locator("html")).to_have_attribute("data-nav", "icons")
    page.get_by_role("navigation", name="Main").get_by_role("link", name="Customers", exact=True).focus()
    expect(page.get_by_role("link", name="List customers")).to_be_visible()
    assert findings(page) == []


def test_on_a_phone_the_navigation_is_a_drawer_that_gives_the_focus_back(sam: User, log_in: LogIn) -> None:
    page = log_in(sam, size=PHONE)
    customers = page.locator("#nav").get_by_role("link", name="Customers", exact=True)
    expect(customers).not_to_be_visible()

    page.get_by_role("button", name="Navigation", exact=True).click()
    expect(customers).to_be_visible()
    assert findings(page) == []
    page.keyboard.press("Escape")

    expect(customers).not_to_be_visible()
    expect(page.get_by_role("button", name="Navigation", exact=True)).to_be_focused()


def test_the_lock_covers_the_page_and_keeps_what_was_typed(alice: Customer, sam: User, log_in: LogIn) -> None:
    page = log_in(sam)
    page.goto("/customers/ALI001/")
    write_a_note(page, "Gate code 4471")

    page.evaluate("document.querySelector('[data-lock-now]').click()")
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    page.keyboard.press("Escape")
    page.keyboard.press("Escape")
    expect(page.get_by_role("heading", name="Locked")).to_be_visible()
    page.locator("#lock-body [name=password]").fill("not this")
    page.keyboard.press("Enter")
    expect(page.locator("#lock-body .error").first).to_be_visible()
    assert findings(page) == []
    page.locator("#lock-body [name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.locator("#lock")).not_to_be_visible()
    expect(page.locator("#dialog").get_by_label("Note")).to_have_value("Gate code 4471")
    page.get_by_role("button", name="Add note").click()
    expect(page.locator(".toast")).to_contain_text("Note added.")
    assert CustomerNote.objects.get().text == "Gate code 4471"


def test_a_lock_in_one_tab_locks_the_other(alice: Customer, sam: User, log_in: LogIn) -> None:
    page = log_in(sam)
    other = page.context.new_page()
    other.goto("/customers/ALI001/")

    page.evaluate("document.querySelector('[data-lock-now]').click()")
    expect(other.get_by_role("heading", name="Locked")).to_be_visible()
    page.locator("#lock-body [name=password]").fill(PASSWORD)
    page.keyboard.press("Enter")

    expect(page.locator("#lock")).not_to_be_visible()
    expect(other.locator("#lock")).not_to_be_visible()


def test_an_idle_screen_locks_by_itself(sam: User, log_in: LogIn, settings) -> None:
    page = log_in(sam)
    settings.IDLE_LOCK_SECONDS = 2

    page.reload()

    expect(page.get_by_role("heading", name="Locked")).to_be_visible(timeout=10_000)


def test_a_dialog_asks_before_what_was_typed_is_lost(alice: Customer, sam: User, log_in: LogIn) -> None:
    page = log_in(sam)
    page.goto("/customers/ALI001/")
    write_a_note(page, "Half a thought")

    page.once("dialog", lambda question: question.dismiss())
    page.keyboard.press("Escape")
    expect(page.locator("#dialog").get_by_label("Note")).to_have_value("Half a thought")
    page.once("dialog", lambda question: question.accept())
    page.keyboard.press("Escape")

    expect(page.locator("#dialog")).not_to_be_visible()
    expect(page.get_by_role("button", name="Add: Customer notes")).to_be_focused()


def test_the_order_of_the_cards_is_the_persons_own(alice: Customer, sam: User, log_in: LogIn) -> None:
    page = log_in(sam)
    page.goto("/customers/ALI001/")
    before = order(page)
    assert len(before) > 1

    page.locator(f"#card-{before[1]} .card-grip").focus()
    with page.expect_response(lambda answer: answer.request.method == "POST"):
        page.keyboard.press("ArrowUp")
    expect(page.locator(f"#card-{before[1]} .card-grip")).to_be_focused()
    page.reload()

    assert order(page) == [before[1], before[0], *before[2:]]


def test_a_collapsed_card_stays_collapsed(alice: Customer, sam: User, log_in: LogIn) -> None:
    page = log_in(sam)
    page.goto("/customers/ALI001/")
    fold = page.locator("#fold-customer-notes")
    expect(fold).to_have_attribute("aria-expanded", "true")

    with page.expect_response(lambda answer: answer.request.method == "POST"):
        fold.click()
    page.reload()

    expect(fold).to_have_attribute("aria-expanded", "false")


def test_cards_stand_one_under_another_without_holes(alice: Customer, sam: User, log_in: LogIn) -> None:
    page = log_in(sam)
    page.goto("/customers/ALI001/")
    frames = [card.bounding_box() for card in page.locator(".cards > .card").all()]

    columns: dict[int, list] = {}
    for frame in frames:
        assert frame
        columns.setdefault(round(frame["x"]), []).append(frame)
    gaps = [
        round(below["y"] - above["y"] - above["height"])
        for column in columns.values()
        for above, below in pairwise(column)
    ]

    assert len(columns) > 1
    assert set(gaps) <= {12, 13}


def test_a_card_that_cannot_be_loaded_says_so_and_leaves_the_others_alone(
    alice: Customer, sam: User, log_in: LogIn
) -> None:
    page = log_in(sam)
    page.goto("/customers/ALI001/")
    page.route("**/widgets/customer-notes/", lambda route: route.abort())

    page.locator("#refresh-customer-notes").click()
    card = page.locator("#card-customer-notes")
    expect(card).to_contain_text("This card could not be loaded.")
    page.unroute("**/widgets/customer-notes/")
    card.get_by_role("button", name="Try again").click()

    expect(card).not_to_contain_text("This card could not be loaded.")
    expect(page.locator(".card--error")).to_have_count(0)

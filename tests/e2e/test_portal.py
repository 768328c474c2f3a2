"""The portal's frame on a phone: the navigation, one's log-in, a master's accounts, and staff who look."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from customers.models import Customer, PortalLook
from herotill.reference.models import Company
from tests.browser import DESK, PATIENCE, PHONE, findings
from tests.factories import make_customer
from tests.factories.people import in_role
from tests.portal.conftest import PASSWORD, alice, log_in_portal, login_of

__all__ = ["alice", "log_in_portal"]
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def master(alice: Customer) -> Customer:
    """Wonderland, of which Alice's account is one."""
    found = make_customer("Wonderland (Pty) Ltd", "WON001", kind="company")
    Customer.objects.filter(pk=alice.pk).update(master=found)
    return found


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("size", [PHONE, DESK], ids=["phone", "desk"])
def test_axe_finds_nothing_on_the_frames_pages(
    size: dict[str, int], dark: bool, alice: Customer, master: Customer, log_in_portal: Callable[..., Page]
) -> None:
    Company.objects.update(
        name="Karoo Wireless", accent="#ffd400", terms="Pay on the first.", phone="010 555 0100"
    )
    page = log_in_portal(alice, size=size, dark=dark)
    for path in ("", "security/", "security/password/", "security/second-step/", "sharing/", "terms/"):
        page.goto(f"/portal/{path}")
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert findings(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path


def test_the_keyboard_reaches_everything_also_behind_more(
    alice: Customer, log_in_portal: Callable[..., Page]
) -> None:
    page = log_in_portal(alice)
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Skip to the page")).to_be_focused()
    more = page.get_by_role("button", name="More")
    more.focus()
    page.keyboard.press("Enter")
    first = page.locator("#more a:visible").first
    expect(first).to_be_visible()
    assert findings(page) == []
    page.keyboard.press("Tab")
    expect(first).to_be_focused()
    page.keyboard.press("Escape")
    expect(first).to_be_hidden()
    page.get_by_role("button", name="your log-in").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Your log-in")).to_be_focused()
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="Where you are logged in")).to_be_visible()


def test_on_a_screen_only_the_page_itself_is_marked_not_more_beside_it(
    alice: Customer, log_in_portal: Callable[..., Page]
) -> None:
    page = log_in_portal(alice, size=DESK)
    page.get_by_role("link", name="My details").first.click()
    expect(page.get_by_role("heading", name="My details", level=1)).to_be_visible()
    weight = "element => getComputedStyle(element).fontWeight"
    assert page.locator(".portal-nav [aria-current]:visible").evaluate(weight) == "600"
    assert page.get_by_role("button", name="More").evaluate(weight) == "400"


def test_a_thumb_finds_every_button_and_no_notice_covers_the_navigation(
    alice: Customer, log_in_portal: Callable[..., Page]
) -> None:
    page = log_in_portal(alice)
    for button in page.locator(".card-foot .btn, .top-end > .btn, .portal-nav li > *:visible").all():
        box = button.bounding_box()
        assert box
        assert min(box["width"], box["height"]) >= 44, button.inner_text()
    page.goto("/portal/privacy/")
    page.get_by_role("button", name="Save choice").click()
    expect(page.locator(".toasts")).to_contain_text("Your choice is saved.")
    said, bar = page.locator(".toasts").bounding_box(), page.locator(".portal-nav").bounding_box()
    assert said
    assert bar
    assert said["y"] + said["height"] <= bar["y"]


def test_wonderland_goes_to_alices_account_and_back(
    alice: Customer, master: Customer, log_in_portal: Callable[..., Page]
) -> None:
    page = log_in_portal(master)
    page.get_by_role("button", name="your log-in").click()
    page.get_by_role("link", name="Change account").click()
    expect(page.get_by_role("heading", name="Change account")).to_be_visible()
    assert findings(page) == []
    page.get_by_role("button", name="Open Alice Liddel").click()
    expect(page.get_by_text("You are looking after the account of Alice Liddel")).to_be_visible()
    assert findings(page) == []
    page.get_by_role("button", name="Back to your own").click()
    expect(page.get_by_role("heading", name="Wonderland (Pty) Ltd")).to_be_visible()


def test_it_is_read_without_scripts(alice: Customer, master: Customer, browser: Browser, live_server) -> None:
    login_of(alice)
    context = browser.new_context(base_url=live_server.url, viewport=PHONE, java_script_enabled=False)
    context.set_default_timeout(PATIENCE)
    page = context.new_page()
    page.goto("/portal/login/")
    page.locator("[name=username]").fill("ALI001")
    page.locator("[name=password]").fill(PASSWORD)
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Alice Liddel")).to_be_visible()
    page.get_by_role("button", name="More").click()
    expect(page.locator("#more a:visible").first).to_be_visible()
    page.goto("/portal/sharing/")
    page.get_by_role("button", name="Let them see private things").click()
    expect(page.get_by_role("button", name="Stop showing them private things")).to_be_visible()
    context.close()


def test_sipho_looks_from_the_profile_and_ends_it(alice: Customer, log_in: Callable[..., Page]) -> None:
    page = log_in(in_role("Sipho", "support"))
    page.goto("/customers/ALI001/")
    page.locator("#look-at-portal").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Look at the portal").click()
    expect(dialog.get_by_text("This field is required.").first).to_be_visible()
    dialog.get_by_label("Why").fill("She asks where her bill is")
    dialog.get_by_role("button", name="Look at the portal").click()
    expect(page.get_by_text("You see the portal as Alice Liddel (ALI001)")).to_be_visible()
    assert findings(page) == []
    page.get_by_role("button", name="End", exact=True).click()
    page.wait_for_url("**/customers/ALI001/")
    assert PortalLook.objects.get().ended_at is not None

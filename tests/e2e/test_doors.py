"""The doors, the lock and the setup screens in a real browser, with axe on each page."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from django.core import mail
from playwright.sync_api import Page, expect

from herotill.users.models import Session, User
from herotill.users.services import links, rights
from tests.browser import PHONE, findings
from tests.factories import make_person
from tests.factories.people import in_role
from tests.users.conftest import portal_user, send_owed

pytestmark = pytest.mark.django_db(transaction=True)
Open = Callable[..., Page]


def test_carol_sets_her_password_by_the_mailed_link_and_comes_in(open_page: Open) -> None:
    carol = portal_user("CAR001", "Carol Petersen", "carol@example.com")
    links.owe(user=carol, email="carol@example.com", actor=None)
    send_owed()
    link = re.search(r"https?://[^/]+(/\S+)", str(mail.outbox[-1].body))
    assert link is not None
    page = open_page(size=PHONE)
    page.goto(link.group(1))
    assert findings(page) == []
    page.get_by_label("New password *", exact=True).fill("short")
    page.get_by_role("button", name="Set password").click()
    expect(page.get_by_text("This password is too short").first).to_be_visible()
    page.locator("[name=new]").fill("seven blue kettles")
    page.locator("[name=again]").fill("seven blue kettles")
    page.get_by_role("button", name="Set password").click()
    page.wait_for_url("**/portal/login/")
    page.locator("[name=username]").fill("carol@example.com")
    page.locator("[name=password]").fill("seven blue kettles")
    page.get_by_role("button", name="Log in").click()
    expect(page.get_by_role("heading", name="Carol Petersen")).to_be_visible()
    assert findings(page) == []
    page.goto(link.group(1))
    expect(page.get_by_text("This link no longer works")).to_be_visible()


def test_an_idle_screen_locks_and_keeps_what_was_typed(log_in: Callable[..., Page]) -> None:
    alice = in_role("Alice", "administrator")
    page = log_in(alice)
    page.goto("/setup/roles/add/")
    page.get_by_role("textbox", name="Name").fill("Night shift")
    Session.objects.update(locked=True)
    page.evaluate("htmx.ajax('GET', '/setup/roles/', {swap: 'none'})")
    lock = page.locator("#lock")
    expect(lock.get_by_label("Your password")).to_be_focused()
    assert findings(page) == []
    page.keyboard.type("wrong")
    page.keyboard.press("Enter")
    expect(lock.get_by_text("This is not right.").first).to_be_visible()
    lock.get_by_label("Your password").fill("rabbit-hole-4471")
    page.keyboard.press("Enter")
    expect(lock).to_be_hidden()
    expect(page.get_by_role("textbox", name="Name")).to_have_value("Night shift")
    page.get_by_role("button", name="Save role").click()
    expect(page.get_by_text("Night shift was added")).to_be_visible()


def test_naledi_gives_a_right_on_the_matrix(log_in: Callable[..., Page]) -> None:
    page = log_in(in_role("Naledi", "administrator"))
    page.goto("/setup/rights/customers/")
    assert findings(page) == []
    page.get_by_label("Sales: import opening balances").check()
    page.get_by_label("Technician: write notes").uncheck()
    page.get_by_role("button", name="Save rights").click()
    expect(page.get_by_text("1 money right wait")).to_be_visible()
    expect(page.get_by_label("Technician: write notes")).not_to_be_checked()
    expect(page.get_by_label("Sales: import opening balances (waits for a second person)")).to_be_disabled()


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("narrow", [False, True])
def test_axe_finds_nothing_on_the_pages_of_people_and_rights(
    log_in: Callable[..., Page], dark: bool, narrow: bool
) -> None:
    naledi, dora = in_role("Naledi", "administrator"), make_person("Dora")
    asker = User.objects.get(pk=in_role("Thabo", "administrator").pk)
    rights.set_roles(
        user=dora, roles=[each for each in rights.reading.roles() if each.name == "accounts"], actor=asker
    )
    page = log_in(naledi, dark=dark, **({"size": PHONE} if narrow else {}))
    for path in (
        "/password/",
        "/second-factor/",
        "/second-factor/set-up/",
        "/log-ins/",
        "/setup/people/",
        "/setup/people/add/",
        f"/setup/people/{dora.pk}/",
        "/setup/roles/",
        "/setup/roles/add/",
        "/setup/rights/customers/",
        "/setup/approvals/",
        "/nowhere/",
        "/password/forgot/",
    ):
        page.goto(path)
        assert findings(page) == [], path

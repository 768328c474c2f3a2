"""A technician notes an outage at a highsite, tells who hangs there and says that it is over, in a real browser."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Dialog, Page, expect

from dataaccounts.models import Sector
from herotill import runs
from herotill.messages.models import Message
from herotill.models import Run
from herotill.reference.models import Highsite
from tests.browser import PHONE, findings
from tests.factories import make_customer
from tests.factories.data import make_account
from tests.factories.people import in_role

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]

LogIn = Callable[..., Page]


@pytest.fixture
def koppie() -> Highsite:
    """Alice and Bob hang at Koppie."""
    highsite = Highsite.objects.create(name="Koppie")
    north = Sector.objects.create(highsite=highsite, name="North")
    make_account(make_customer("Alice Liddel", "ALI001"), "alice", sector=north)
    make_account(make_customer("Bob Hatter", "BOB001"), "bob", highsite=highsite)
    return highsite


def work() -> None:
    for run in Run.objects.filter(state="queued"):
        runs.work(run.pk)


def test_an_outage_is_noted_told_and_ended(log_in: LogIn, koppie: Highsite) -> None:
    page = log_in(in_role("Tumi", "technician"))
    page.goto("/data-accounts/outages/")
    page.get_by_role("link", name="New outage").or_(
        page.get_by_role("button", name="New outage")
    ).first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Where").select_option(label="Koppie")
    dialog.get_by_role("button", name="Note outage").click()
    expect(dialog.get_by_role("alert")).to_contain_text("2 things need your attention")
    dialog.get_by_label("Headline").fill("No service at Koppie")
    dialog.get_by_label("What customers read").fill("Lightning struck the tower. We are on the way.")
    assert findings(page) == []
    dialog.get_by_role("button", name="Note outage").click()
    expect(page.get_by_role("heading", name="No service at Koppie")).to_be_visible()
    expect(page.get_by_role("cell", name="alice")).to_be_visible()
    assert not Message.objects.exists()

    page.get_by_role("button", name="Tell customers").click()
    expect(dialog.locator(".letter")).to_contain_text("Lightning struck the tower.")
    assert findings(page) == []
    dialog.get_by_role("button", name="Tell customers").click()
    expect(page.get_by_text("Messages are on the way")).to_be_visible()
    work()
    assert Message.objects.filter(template="outage-begins").count() == 2

    page.goto("/customers/ALI001/")
    expect(page.locator(".banner", has_text="Outage at Koppie")).to_be_visible()
    page.locator(".banner", has_text="Outage at Koppie").get_by_role("link", name="Open").click()
    page.get_by_role("button", name="End").click()
    expect(dialog.get_by_label("Tell those who were told of it")).to_be_checked()
    dialog.get_by_role("button", name="End outage").click()
    expect(page.get_by_text("Those who were told are told that too.")).to_be_visible()
    work()
    assert Message.objects.filter(template="outage-ends").count() == 2


@pytest.mark.parametrize("look", [{}, {"dark": True}, {"size": PHONE}])
def test_the_page_of_an_outage_can_be_read(log_in: LogIn, koppie: Highsite, look: dict[str, object]) -> None:
    page = log_in(in_role("Tumi", "support"), **look)
    page.goto(f"/data-accounts/outages/new/?place=highsite-{koppie.pk}")
    page.get_by_label("Headline").fill("No service at Koppie")
    page.get_by_label("What customers read").fill("Lightning struck the tower.")
    page.get_by_role("button", name="Note outage").click()
    expect(page.get_by_role("heading", name="Who is affected")).to_be_visible()
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_what_was_saved_is_left_without_being_asked(log_in: LogIn, koppie: Highsite) -> None:
    page = log_in(in_role("Tumi", "technician"))
    asked: list[str] = []

    def leave(question: Dialog) -> None:
        asked.append(question.type)
        question.accept()

    page.on("dialog", leave)
    page.goto("/data-accounts/outages/")
    page.get_by_text("New outage").first.click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Where").select_option(label="Koppie")
    dialog.get_by_label("Headline").press_sequentially("No service at Koppie")
    dialog.get_by_label("What customers read").press_sequentially("We are on the way.")
    dialog.get_by_role("button", name="Note outage").click()
    expect(page.get_by_role("heading", name="No service at Koppie")).to_be_visible()
    assert asked == []

    page.get_by_role("button", name="Change").click()
    dialog.get_by_label("Headline").press_sequentially("!")
    page.goto("/data-accounts/outages/")
    assert asked == ["beforeunload"]

"""Alice rates a visit on her phone, without scripts; Naledi reads it at her desk and acknowledges it."""

from __future__ import annotations

from collections.abc import Callable
from unittest.mock import Mock

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, Page, expect

from helpdesk.models import Rating
from helpdesk.services import ratings
from tests.browser import PHONE, findings
from tests.factories import make_customer, make_person

pytestmark = pytest.mark.django_db(transaction=True)


def mailed() -> str:
    """The path of a link that asks Alice for a rating."""
    alice = make_customer("Alice Liddel", "ALI001", contact={"email": "alice@example.com"})
    sipho, now = make_person("Sipho"), timezone.now()
    rating = ratings.ask(kind="job", subject_id=7, customer=alice, about=sipho, what="Repair", now=now)
    assert rating
    token = ratings.seal(Mock(subject_id=rating.pk), now)["link"].rstrip("/").rpartition("/")[2]
    return f"/rate/{token}/"


def test_s24_a_rating_is_given_without_scripts(browser: Browser, live_server: Mock) -> None:
    path = mailed()
    context = browser.new_context(base_url=live_server.url, viewport=PHONE, java_script_enabled=False)
    page = context.new_page()
    page.goto(path)
    expect(page.get_by_text("The visit of Sipho")).to_be_visible()
    page.get_by_label("2 – Poor").check()
    page.get_by_label("What should we know?").fill("He came late.")
    page.get_by_role("button", name="Send rating").click()
    expect(page.get_by_role("heading", name="Thank you")).to_be_visible()
    page.goto(path)
    expect(page.get_by_role("heading", name="This link is over")).to_be_visible()
    context.close()
    assert Rating.objects.get().stars == 2


@pytest.mark.parametrize("dark", [False, True])
def test_the_page_of_a_rating_is_for_everybody(open_page: Callable[..., Page], dark: bool) -> None:
    page = open_page(size=PHONE, dark=dark)
    page.goto(mailed())
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]


def test_naledi_reads_a_rating_and_acknowledges_it(log_in: Callable[..., Page]) -> None:
    mailed()
    alice, now = Rating.objects.get().customer, timezone.now()
    assert alice
    ratings.give_asked(
        rating=Rating.objects.get().pk, customer=alice, stars=2, comment="He came late.", now=now
    )
    page = log_in(
        make_person("Naledi", "helpdesk.view_rating", "helpdesk.acknowledge_rating", "helpdesk.view_ticket")
    )
    page.goto("/helpdesk/ratings/")
    assert findings(page) == []
    page.get_by_role("link", name="Open the rating of Alice Liddel").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("He came late.")).to_be_visible()
    assert findings(page) == []
    dialog.get_by_role("button", name="Acknowledge rating").click()
    expect(page.get_by_text("Rating acknowledged.")).to_be_visible()
    expect(dialog).not_to_be_visible()
    assert Rating.objects.filter(acknowledged_by__name="Naledi").exists()

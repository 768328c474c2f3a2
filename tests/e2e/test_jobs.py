"""Mandla drags a job onto a day, schedules another by keyboard, and completes one from the desk, in a real browser."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Page, expect

from billing.models import Document
from herotill.users.models import User
from tests.browser import PHONE, findings
from tests.factories import make_customer
from tests.factories.data import make_checked
from tests.factories.people import in_role
from tests.factories.workflow import make_job, make_lead
from tests.workflow.conftest import gates_of_jobs
from tests.workflow.test_first_invoice import ordered
from workflow.models import JobCard
from workflow.selectors.calendar import monday
from workflow.services import jobs

__all__ = ["gates_of_jobs"]
pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.browser,
    pytest.mark.usefixtures("gates_of_jobs"),
]


@pytest.fixture
def tumi() -> User:
    return in_role("Tumi", "technician")


def next_week() -> str:
    return (monday(timezone.localdate()) + timedelta(days=8)).isoformat()  # a Tuesday, which has not gone by


def test_a_job_is_dragged_onto_a_day_and_another_scheduled_by_keyboard(
    log_in: Callable[..., Page], tumi: User
) -> None:
    alice, bob = make_job(make_customer("Alice Liddel")), make_job(make_customer("Bob Owes"))
    page, tuesday = log_in(in_role("Mandla", "manager")), next_week()
    page.goto(f"/workflow/calendar/?week={tuesday}")
    expect(page.get_by_role("heading", name="To schedule")).to_be_visible()
    assert findings(page) == []

    slot = page.locator(f"td[data-day='{tuesday}'][data-technician='{tumi.pk}']")
    block = page.locator(".cal-waiting li").filter(has_text="Alice Liddel")
    block.locator(".mute").hover()
    page.mouse.down()
    box = slot.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 10)
    page.mouse.move(box["x"] + 30, box["y"] + 20)
    page.mouse.up()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Day")).to_have_value(tuesday)
    expect(dialog.get_by_label("From", exact=False).first).to_have_value("08:00")
    dialog.get_by_role("button", name="Schedule job").click()
    expect(slot.get_by_role("link", name="Alice Liddel")).to_be_visible()
    expect(dialog).to_be_hidden()
    assert findings(page) == []

    opener = page.get_by_role("button", name="Schedule Repair at Bob Owes")
    expect(opener).to_be_enabled()
    opener.press("Enter")
    expect(dialog.get_by_label("Technician")).to_be_visible()
    dialog.get_by_label("Technician").select_option(label="Tumi")
    dialog.get_by_label("Day").fill(tuesday)
    dialog.get_by_role("button", name="Schedule job").click()
    expect(dialog.get_by_text("Tumi has Repair at Alice Liddel from 08:00 to 09:30.")).to_be_visible()
    dialog.get_by_label("Schedule it all the same").check()
    dialog.get_by_role("button", name="Schedule job").click()
    expect(slot.get_by_text("At the same time as Repair at Alice Liddel")).to_be_visible()
    assert findings(page) == []
    for job in (alice, bob):
        job.refresh_from_db()
        assert job.state == "scheduled"


def test_the_week_is_a_list_of_days_on_a_phone(log_in: Callable[..., Page], tumi: User) -> None:
    at = timezone.make_aware(datetime.combine(timezone.localdate(), time(9)))
    make_job(make_customer("Alice Liddel"), state="scheduled", technician=tumi, starts_at=at)
    page = log_in(in_role("Mandla", "manager"), size=PHONE)
    page.goto("/workflow/calendar/")
    expect(page.locator(".cal-days").get_by_role("link", name="Alice Liddel")).to_be_visible()
    expect(page.locator(".cal-week")).to_be_hidden()
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]
    assert findings(page) == []


def test_a_job_is_completed_from_the_desk_and_its_invoice_issued(
    log_in: Callable[..., Page], tumi: User
) -> None:
    alice = make_customer("Alice Liddel", "ALI001")
    make_checked(alice)
    lead = make_lead(step_id="job-new", customer=alice)
    ordered(alice)
    job, now = make_job(lead=lead), timezone.now()
    jobs.schedule(job, tumi, now, now + timedelta(hours=2), None, now)
    page = log_in(in_role("Mandla", "manager"))
    page.goto(f"/workflow/jobs/{job.pk}/")
    page.get_by_role("button", name="Start…").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("button", name="Start job").click()
    expect(page.get_by_text("In progress").first).to_be_visible()
    expect(dialog).to_be_hidden()
    assert findings(page) == []
    page.get_by_role("button", name="Tick: Antenna mounted and earthed").click()
    expect(page.get_by_role("button", name="Take back: Antenna mounted and earthed")).to_be_visible()
    page.get_by_role("button", name="Write down: Signal at the antenna (dBm)").click()
    dialog.get_by_label("Signal at the antenna (dBm)").fill("-58")
    dialog.get_by_role("button", name="Save answer").click()
    expect(page.get_by_text("-58")).to_be_visible()
    expect(dialog).to_be_hidden()
    assert findings(page) == []

    page.get_by_role("button", name="Complete…").click()
    expect(dialog.get_by_text("The customer has not signed.")).to_be_visible()
    dialog.get_by_role("button", name="Complete job").click()
    expect(dialog.get_by_role("alert")).to_contain_text("is not done")
    dialog.get_by_label("Complete it without, because").fill("Signed on paper, photos follow")
    dialog.get_by_role("button", name="Complete job").click()
    expect(page.get_by_text("Signed on paper, photos follow").first).to_be_visible()

    page.goto(f"/workflow/leads/{lead.pk}/")
    page.get_by_role("button", name="Check invoice").click()
    expect(dialog.get_by_role("cell", name="Installation")).to_be_visible()
    dialog.get_by_role("button", name="Issue invoice").click()
    expect(page.get_by_role("button", name="Check invoice")).to_be_hidden()
    lead.refresh_from_db()
    assert (lead.place, Document.objects.get().status, JobCard.objects.get().state) == (
        "won",
        "issued",
        "completed",
    )

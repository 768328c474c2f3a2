"""Thabo's day on a phone in a real browser: a whole job without a signal, and everything arrives once."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, time, timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import APIResponse, Page, Route, expect

from customers.models import Asset
from herotill.users.models import User
from tests.browser import PHONE, findings
from tests.factories.customers import make_customer
from tests.factories.data import make_account, make_nas, make_session
from tests.factories.people import in_role
from tests.factories.workflow import make_lead
from tests.workflow.test_photos import picture
from workflow.models import JobCard, JobCheck, JobSending, JobType, Photo, Survey
from workflow.services import jobs, surveys

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]
LogIn = Callable[..., Page]


def today_at(hour: int) -> datetime:
    return timezone.make_aware(datetime.combine(timezone.localdate(), time(hour)))


def repair(technician: User, name: str = "Alice Liddel", hour: int = 9) -> JobCard:
    customer = make_customer(name)
    account = make_account(customer, f"{name.split()[0].lower()}@isp.example")
    card = jobs.open_card(
        customer=customer,
        job_type=JobType.objects.get(name="Repair"),
        account=account,
        address="1 Rose St\nRobertson",
        instructions="The radio has no light.",
        actor=None,
        now=today_at(0),
    )
    JobCheck.objects.create(job=card, position=2, text="Signal (dBm)", kind="text", compulsory=True)
    begins = today_at(hour)
    return jobs.schedule(card, technician, begins, begins + timedelta(hours=1), None, today_at(0))


def survey_of(technician: User) -> Survey:
    survey = surveys.ask(lead=make_lead("Bob Baker", lines="2 Hill Rd"), actor=technician, now=today_at(0))
    surveys.schedule(
        survey=survey,
        technician=technician,
        starts_at=today_at(14),
        ends_at=today_at(15),
        actor=technician,
        now=today_at(0),
    )
    survey.refresh_from_db()
    return survey


def phone_of(log_in: LogIn, person: User, **options: object) -> Page:
    """The day's list, with all its pages on the phone."""
    page = log_in(person, size=PHONE, **options)
    page.goto("/workflow/my-jobs/")
    on_the_phone(page)
    return page


def on_the_phone(page: Page) -> None:
    expect(page.locator("html[data-kept]")).to_be_attached()
    page.wait_for_function("navigator.serviceWorker.controller !== null")


def sign(page: Page) -> None:
    glass = page.locator("[data-glass]")
    glass.scroll_into_view_if_needed()
    box = glass.bounding_box()
    assert box
    page.mouse.move(box["x"] + 20, box["y"] + 40)
    page.mouse.down()
    for step in range(1, 8):
        page.mouse.move(box["x"] + 20 + step * 30, box["y"] + 40 + (step % 2) * 60)
    page.mouse.up()


def do_all(page: Page) -> None:
    """Start, check, radio, cable, photo, signature and the end."""
    page.get_by_role("button", name="Start job").click()
    page.get_by_role("button", name="Fault found and mended").click()
    page.get_by_label("Signal (dBm)", exact=False).first.fill("-61")
    page.get_by_role("button", name="Keep: Signal (dBm)").click()
    page.locator("summary", has_text="Add equipment").click()
    page.get_by_label("Serial number", exact=True).fill("F09FC2")
    page.get_by_role("button", name="Add equipment").click()
    page.locator("summary", has_text="Add material").click()
    page.get_by_label("What", exact=True).fill("Cable CAT5")
    page.get_by_label("How many").fill("20")
    page.get_by_role("button", name="Add material").click()
    page.locator("#photos input[type=file]").set_input_files(
        {"name": "IMG_1.jpg", "mimeType": "image/jpeg", "buffer": picture()}
    )
    page.get_by_label("What was done").fill("New power supply")
    page.get_by_label("Name of who signs").fill("Alice Liddel")
    sign(page)
    page.get_by_role("button", name="Complete job").click()


def test_a_whole_job_without_a_signal_is_all_there_once_when_it_is_back(log_in: LogIn) -> None:
    thabo = in_role("Thabo", "technician")
    card = repair(thabo)
    page = phone_of(log_in, thabo)
    page.context.set_offline(True)
    page.get_by_role("link", name="Alice Liddel").click()
    expect(page.get_by_role("heading", name="Alice Liddel")).to_be_visible()
    expect(page.locator("#line")).to_contain_text("No signal")
    do_all(page)
    expect(page.locator("#line")).to_contain_text("7 waiting to be sent")
    expect(page.locator("[data-state]")).to_contain_text("Complete: waiting to be sent")
    card.refresh_from_db()
    assert card.state == "scheduled"

    page.reload()
    expect(page.locator("#line")).to_contain_text("7 waiting to be sent")
    page.context.set_offline(False)
    expect(page.locator("[data-state]")).to_contain_text("Completed")
    expect(page.locator("#line")).to_be_hidden()
    card.refresh_from_db()
    assert (card.state, card.signed_by, card.report) == ("completed", "Alice Liddel", "New power supply")
    assert card.signature
    assert Asset.objects.get(customer=card.customer).serial_number == "F09FC2"
    assert card.materials.get().text == "Cable CAT5"
    assert Photo.objects.filter(job=card).count() == 1
    assert JobSending.objects.filter(job=card).count() == 7


def test_what_waits_outlives_the_page_and_is_sent_when_it_opens_again(log_in: LogIn) -> None:
    thabo = in_role("Thabo", "technician")
    card = repair(thabo)
    page = phone_of(log_in, thabo)
    page.goto(f"/workflow/my-jobs/jobs/{card.pk}/")
    on_the_phone(page)
    page.context.set_offline(True)
    page.get_by_role("button", name="Start job").click()
    expect(page.locator("#line")).to_contain_text("1 waiting to be sent")
    context = page.context
    page.close()
    context.set_offline(False)
    again = context.new_page()
    again.goto(f"/workflow/my-jobs/jobs/{card.pk}/")
    expect(again.locator("[data-state]")).to_contain_text("In progress")
    card.refresh_from_db()
    assert card.state == "started"


def test_a_job_called_off_meanwhile_is_said_and_nothing_typed_is_lost(log_in: LogIn) -> None:
    thabo = in_role("Thabo", "technician")
    card = repair(thabo)
    page = phone_of(log_in, thabo)
    page.goto(f"/workflow/my-jobs/jobs/{card.pk}/")
    on_the_phone(page)
    page.context.set_offline(True)
    page.locator("summary", has_text="Add material").click()
    page.get_by_label("What", exact=True).fill("20 m of cable")
    page.get_by_role("button", name="Add material").click()
    expect(page.locator("#line")).to_contain_text("1 waiting to be sent")
    jobs.call_off(card, "Customer moved", None, timezone.now())
    page.context.set_offline(False)
    refused = page.get_by_role("list", name="Not taken by the office")
    expect(refused).to_contain_text("called off")
    expect(refused).to_contain_text("20 m of cable")
    refused.get_by_role("button", name="Put away").click()
    expect(refused).to_be_hidden()
    assert not JobSending.objects.exists()


def test_what_is_missing_is_said_at_once_without_a_signal(log_in: LogIn) -> None:
    thabo = in_role("Thabo", "technician")
    card = repair(thabo)
    page = phone_of(log_in, thabo)
    page.goto(f"/workflow/my-jobs/jobs/{card.pk}/")
    on_the_phone(page)
    page.context.set_offline(True)
    page.get_by_label("What was done").fill("New power supply")
    page.get_by_role("button", name="Complete job").click()
    said = page.locator("[data-lacks]")
    expect(said).to_contain_text("“Fault found and mended” is not done.")
    expect(said).to_contain_text("The customer has not signed.")
    expect(page.get_by_label("What was done")).to_have_value("New power supply")


def test_an_old_answer_that_comes_late_does_not_undo_what_was_done_since(log_in: LogIn) -> None:
    thabo = in_role("Thabo", "technician")
    card = repair(thabo)
    page = phone_of(log_in, thabo)
    page.goto(f"/workflow/my-jobs/jobs/{card.pk}/")
    on_the_phone(page)
    late: list[tuple[Route, APIResponse]] = []
    in_time: list[Route] = []
    no_more: list[bool] = []

    def hold_the_first(route: Route) -> None:
        if no_more:
            route.abort()
        elif not late:
            late.append((route, route.fetch()))
        else:
            route.fulfill(response=route.fetch())
            in_time.append(route)

    page.route(f"**/jobs/{card.pk}/", hold_the_first)
    page.get_by_role("button", name="Start job").click()
    _until(page, lambda: bool(late))
    page.get_by_role("button", name="Fault found and mended").click()
    _until(page, lambda: bool(in_time))
    expect(page.locator("[data-check][data-was=yes]")).to_have_count(1)
    no_more.append(True)
    late[0][0].fulfill(response=late[0][1])
    page.wait_for_timeout(300)
    assert page.locator("[data-check][data-was=yes]").count() == 1


def test_a_job_is_completed_at_once_after_its_last_tick_though_the_page_is_not_anew_yet(
    log_in: LogIn,
) -> None:
    thabo = in_role("Thabo", "technician")
    card = repair(thabo)
    page = phone_of(log_in, thabo)
    page.goto(f"/workflow/my-jobs/jobs/{card.pk}/")
    on_the_phone(page)
    page.route(f"**/jobs/{card.pk}/", lambda route: route.abort())
    page.get_by_role("button", name="Start job").click()
    page.get_by_label("Signal (dBm)", exact=False).first.fill("-61")
    page.get_by_role("button", name="Keep: Signal (dBm)").click()
    page.get_by_role("button", name="Fault found and mended").click()
    _until(page, lambda: not JobCheck.objects.filter(job=card, compulsory=True, done_at=None).exists())
    expect(page.locator("#line")).to_have_attribute("data-count", "0")
    page.get_by_label("What was done").fill("New power supply")
    page.get_by_label("Name of who signs").fill("Alice Liddel")
    page.get_by_label("Signs with the name").check()
    page.get_by_role("button", name="Complete job").click()
    _until(page, lambda: JobCard.objects.filter(pk=card.pk, state=JobCard.State.COMPLETED).exists())


def _until(page: Page, happened: Callable[[], bool]) -> None:
    for _ in range(400):
        if happened():
            return
        page.wait_for_timeout(50)
    pytest.fail("It did not happen.")


def test_a_survey_is_written_down_without_a_signal(log_in: LogIn) -> None:
    thabo = in_role("Thabo", "technician")
    survey = survey_of(thabo)
    page = phone_of(log_in, thabo)
    page.context.set_offline(True)
    page.get_by_role("link", name="Bob Baker").click()
    page.get_by_label("Not feasible").check()
    page.get_by_label("Signal (dBm)").fill("-88")
    page.get_by_role("button", name="Write survey down").click()
    expect(page.locator("#line")).to_contain_text("1 waiting to be sent")
    page.context.set_offline(False)
    expect(page.locator("[data-state]")).to_contain_text("Not feasible")
    survey.refresh_from_db()
    assert (survey.outcome, survey.signal) == ("not_feasible", -88)


def test_what_the_office_refuses_is_in_its_form_again_and_put_right_there(log_in: LogIn) -> None:
    thabo = in_role("Thabo", "technician")
    survey, card = survey_of(thabo), repair(thabo)
    page = phone_of(log_in, thabo)
    page.get_by_role("link", name="Bob Baker").click()
    expect(page.get_by_role("heading", name="Bob Baker")).to_be_visible()
    on_the_phone(page)
    page.get_by_label("Feasible with extra work").check()
    page.get_by_label("Signal (dBm)").fill("-62")
    page.get_by_role("button", name="Write survey down").click()

    refused = page.get_by_role("list", name="Not taken by the office")
    expect(refused).to_contain_text("Say what extra work it takes.")
    expect(refused).to_be_in_viewport()
    expect(page.get_by_label("Signal (dBm)")).to_have_value("-62")
    expect(page.get_by_label("Feasible with extra work")).to_be_checked()
    refused.get_by_role("button", name="Change it").click()
    page.get_by_label("Extra work", exact=True).fill("A mast")
    page.get_by_label("Extra work", exact=True).press("Enter")
    expect(page.locator("[data-state]")).to_contain_text("Feasible with extra work")
    expect(refused).to_be_hidden()
    survey.refresh_from_db()
    assert (survey.extra, survey.signal) == ("A mast", -62)

    page.goto(f"/workflow/my-jobs/jobs/{card.pk}/")
    on_the_phone(page)
    page.locator("summary", has_text="Add equipment").click()
    page.get_by_label("Serial number", exact=True).fill("F09FC2")
    page.get_by_label("MAC address", exact=True).fill("zz:zz")
    page.get_by_role("button", name="Add equipment").click()
    expect(refused).to_contain_text("A MAC address has twelve digits")
    refused.get_by_role("button", name="Change it").click()
    expect(page.get_by_label("Serial number", exact=True)).to_have_value("F09FC2")
    page.get_by_label("MAC address", exact=True).fill("00:0C:42:1F:65:E9")
    page.get_by_role("button", name="Add equipment").click()
    _until(page, lambda: Asset.objects.filter(serial_number="F09FC2").exists())
    expect(refused).to_be_hidden()


def test_s23_who_logs_in_next_finds_nothing_of_the_one_before(log_in: LogIn) -> None:
    thabo = in_role("Thabo", "technician")
    card = repair(thabo)
    page = phone_of(log_in, thabo)
    page.get_by_role("button", name="Log out").click()
    expect(page.get_by_role("button", name="Log in")).to_be_visible()
    page.wait_for_function(
        "caches.keys().then((names) => names.every((name) => !name.startsWith('my-jobs-')))"
    )
    page.context.set_offline(True)
    page.goto(f"/workflow/my-jobs/jobs/{card.pk}/")
    expect(page.get_by_role("heading", name="No signal")).to_be_visible()
    assert "Alice" not in page.content()


def test_the_signature_and_the_checklist_work_by_keyboard(log_in: LogIn) -> None:
    thabo = in_role("Thabo", "technician")
    card = repair(thabo)
    JobCheck.objects.filter(job=card, kind="text").delete()
    page = phone_of(log_in, thabo)
    page.goto(f"/workflow/my-jobs/jobs/{card.pk}/")
    on_the_phone(page)
    tick = page.get_by_role("button", name="Fault found and mended")
    tick.focus()
    page.keyboard.press("Enter")
    expect(tick).to_have_attribute("aria-pressed", "true")
    page.get_by_label("Name of who signs").fill("Alice Liddel")
    page.get_by_label("Signs with the name").focus()
    page.keyboard.press("Space")
    page.get_by_role("button", name="Complete job").focus()
    page.keyboard.press("Enter")
    expect(page.locator("[data-state]")).to_contain_text("Completed")
    card.refresh_from_db()
    assert card.signature == {"typed": True}


def test_the_account_is_tested_on_the_phone(log_in: LogIn) -> None:
    thabo = in_role("Thabo", "technician")
    card = repair(thabo)
    page = phone_of(log_in, thabo)
    page.goto(f"/workflow/my-jobs/jobs/{card.pk}/")
    on_the_phone(page)
    page.get_by_role("button", name="Test the account").click()
    expect(page.get_by_role("list", name="Not taken by the office")).to_contain_text("is not online")
    assert card.account
    make_session(card.account, make_nas())
    page.get_by_role("button", name="Try again").click()
    expect(page.locator("#account")).to_contain_text("100.64.0.10")


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("path", ["", "later/", "jobs/", "surveys/"])
def test_axe_finds_nothing_and_nothing_hangs_out(log_in: LogIn, dark: bool, path: str) -> None:
    thabo = in_role("Thabo", "technician")
    card, survey = repair(thabo), survey_of(thabo)
    numbers = {"jobs/": f"{card.pk}/", "surveys/": f"{survey.pk}/"}
    page = phone_of(log_in, thabo, dark=dark)
    page.goto(f"/workflow/my-jobs/{path}{numbers.get(path, '')}")
    on_the_phone(page)
    for summary in page.locator("summary").all():
        summary.click()
    assert findings(page) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= PHONE["width"]

"""Job cards at the desk: pages, dialogs and who may do what."""

from __future__ import annotations

from datetime import timedelta

import pytest

from herotill.messages.models import Message
from tests.factories.customers import make_customer
from tests.factories.people import client_of, in_role, make_person
from tests.factories.products import make_product
from tests.factories.workflow import NOON, make_job, make_lead
from workflow.models import FailReason, JobCard, JobType

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gates_of_jobs")]
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture
def tech():
    return in_role("Tumi", "technician")


@pytest.fixture
def desk():
    return client_of(in_role("Mandla", "manager"))


@pytest.fixture
def job(tech):
    return make_job(make_customer("Alice Liddel", "ALI001"), state="scheduled", technician=tech)


def schedule(desk, job, tech, **more):
    data = {"technician": tech.pk, "day": "2018-08-23", "starts": "08:00", "ends": "10:00", "tell": "on"}
    return desk.post(f"/workflow/jobs/{job.pk}/schedule/", data | more, **HTMX)


def test_the_page_shows_what_is_to_be_done_and_what_may_be_done_about_it(desk, job):
    page = desk.get(f"/workflow/jobs/{job.pk}/").content.decode()
    assert all(
        word in page for word in ("Fault found and mended", "Alice Liddel", "Start…", "Reschedule…", "Tumi")
    )
    assert "Book again" not in page


def test_a_technician_starts_their_own_job_and_nobody_elses(job, tech):
    other = in_role("Riaan", "technician")
    url = f"/workflow/jobs/{job.pk}/start/"
    assert client_of(other).post(url, **HTMX).status_code == 403
    assert client_of(tech).post(url, **HTMX).status_code == 204
    job.refresh_from_db()
    assert job.state == "started"


def test_who_only_sees_jobs_schedules_none(job, tech):
    dora = client_of(make_person("Dora", "workflow.view_jobcard"))
    assert dora.get(f"/workflow/jobs/{job.pk}/").status_code == 200
    assert schedule(dora, job, tech).status_code == 403
    assert client_of(make_person("Nomsa")).get(f"/workflow/jobs/{job.pk}/").status_code == 403


def test_scheduling_tells_the_customer_and_again_at_another_time(desk, tech):
    job = make_job(make_customer("Alice Liddel", "ALI001"))
    assert schedule(desk, job, tech).status_code == 204
    assert schedule(desk, job, tech, day="2018-08-24").status_code == 204
    found = list(Message.objects.order_by("id").values_list("template", flat=True))
    assert found == ["job_scheduled", "job_rescheduled"]
    context = Message.objects.latest("id").context
    assert (context["day"], context["from"], context["until"]) == ("Friday, 24 August 2018", "08:00", "10:00")


def test_nobody_is_told_where_the_tick_is_taken_away(desk, tech):
    job = make_job(make_customer("Alice Liddel", "ALI001"))
    schedule(desk, job, tech, tell="")
    assert not Message.objects.exists()


def test_what_stands_against_a_time_is_told_before_and_meant_with_a_tick(desk, job, tech):
    other = make_job(make_customer("Bob Owes", "BOB001"))
    clash = {"day": "2018-08-22", "starts": "12:30", "ends": "13:00"}
    refused = schedule(desk, other, tech, **clash)
    assert (refused.status_code, "at Alice Liddel from 12:00 to 13:30" in refused.content.decode()) == (
        422,
        True,
    )
    assert "Schedule it all the same" in refused.content.decode()
    assert schedule(desk, other, tech, **clash, anyway="on").status_code == 204
    shown = desk.get(f"/workflow/jobs/{other.pk}/").content.decode()
    assert "at Alice Liddel from 12:00" in shown


def test_an_end_before_the_beginning_is_said_before_what_stands_against_it(desk, job, tech):
    refused = schedule(desk, job, tech, day="2018-08-09", starts="19:00", ends="17:00").content.decode()
    assert "It ends before it begins." in refused
    assert "public holiday" not in refused


def test_holidays_and_nights_warn_too(desk, tech):
    job = make_job(make_customer("Bob Owes", "BOB001"))
    refused = schedule(desk, job, tech, day="2018-08-09", starts="17:00", ends="19:00").content.decode()
    assert "public holiday" in refused
    assert "outside working hours" in refused


def test_a_slot_it_was_dropped_on_fills_the_dialog(desk, job, tech):
    asked = f"/workflow/jobs/{job.pk}/schedule/?technician={tech.pk}&day=2018-08-24&starts=14:00"
    dialog = desk.get(asked, **HTMX).content.decode()
    assert all(f'value="{value}"' in dialog for value in ("2018-08-24", "14:00", "15:30"))


def test_completing_from_the_desk_says_what_is_missing_and_lets_the_manager_override(desk, job):
    url = f"/workflow/jobs/{job.pk}/complete/"
    dialog = desk.get(url, **HTMX).content.decode()
    assert "“Fault found and mended” is not done." in dialog
    assert desk.post(url, {"report": "Done"}, **HTMX).status_code == 422
    assert desk.post(url, {"report": "Done", "override": "Paper card"}, **HTMX).status_code == 204
    job.refresh_from_db()
    assert (job.state, job.overridden) == ("completed", "Paper card")
    paper = desk.get(f"/workflow/jobs/{job.pk}/paper/")
    assert (paper["Content-Type"], paper.content[:4]) == ("application/pdf", b"%PDF")


def test_failing_and_booking_again_from_the_desk(desk, job):
    reason = FailReason.objects.get(name="Nobody at home")
    assert desk.post(f"/workflow/jobs/{job.pk}/fail/", {"reason": reason.pk}, **HTMX).status_code == 204
    desk.post(f"/workflow/jobs/{job.pk}/again/", **HTMX)
    again = JobCard.objects.get(instead_of=job)
    assert "goes on instead" in desk.get(f"/workflow/jobs/{job.pk}/").content.decode()
    assert again.state == "new"


def test_materials_equipment_and_ticks_are_written_down(desk, job):
    make_product("MAST", "800.00", name="Mast")
    item = job.checks.get()
    assert desk.post(f"/workflow/jobs/checks/{item.pk}/", **HTMX).status_code == 204
    item.refresh_from_db()
    assert item.done_at is not None
    refused = desk.post(
        f"/workflow/jobs/{job.pk}/material/", {"text": "Mast", "quantity": "1", "billed": "on"}, **HTMX
    )
    assert refused.status_code == 422
    added = desk.post(f"/workflow/jobs/{job.pk}/material/", {"text": "Cable", "quantity": "12.5"}, **HTMX)
    assert added.status_code == 204
    put_in = {"description": "Radio", "serial_number": "SN-1", "owner": "isp"}
    assert desk.post(f"/workflow/jobs/{job.pk}/equipment/", put_in, **HTMX).status_code == 204
    assert job.customer.assets.get().serial_number == "SN-1"


def test_s19_names_are_shown_as_they_are_and_never_as_markup(desk, tech):
    eve = make_customer("<img src=http://evil>{{ x }} Eve", "EVE001")
    job = make_job(eve, state="scheduled", technician=tech)
    JobCard.objects.filter(pk=job.pk).update(
        address="{{ y }}<script>", signed_by="<b>Eve</b>", signature=[[["a"], [1, 2]]]
    )
    for url in (f"/workflow/jobs/{job.pk}/", "/workflow/jobs/all/", "/workflow/calendar/?week=2018-08-22"):
        page = desk.get(url).content.decode()
        assert "<img src=http" not in page
        assert "<script>{" not in page
        assert "&lt;img src=http://evil&gt;{{ x }} Eve" in page
    assert schedule(desk, job, tech).status_code == 204
    assert desk.get(f"/workflow/jobs/{job.pk}/paper/").content[:4] == b"%PDF"


def test_the_list_finds_filters_and_exports(desk, job):
    make_job(make_customer("Bob Owes", "BOB001"))
    listed = desk.get("/workflow/jobs/all/?state=scheduled").content.decode()
    assert ("Alice Liddel" in listed, "Bob Owes" in listed) == (True, False)
    found = desk.get(f"/workflow/jobs/all/?q=JOB{job.pk:05d}").content.decode()
    assert ("Alice Liddel" in found, "Bob Owes" in found) == (True, False)
    exported = desk.post("/workflow/jobs/all/list/export/?all=1", {"format": "csv"})
    assert exported.status_code in (200, 302)


def test_a_type_of_job_keeps_its_checklist_as_lines(desk):
    kind = JobType.objects.get(name="Repair")
    url = f"/setup/job-types/{kind.pk}/"
    data = {
        "name": "Repair",
        "minutes": "60",
        "checklist": "Fault found\nwrite: Signal (optional)\nphoto: Antenna",
    }
    assert desk.post(url, data, **HTMX).status_code == 204
    assert [(one.text, one.kind, one.compulsory) for one in kind.checklist.all()] == [
        ("Fault found", "tick", True),
        ("Signal", "text", False),
        ("Antenna", "photo", True),
    ]
    shown = desk.get(url, **HTMX).content.decode()
    assert "write: Signal (optional)" in shown


def test_the_last_type_of_job_that_installs_is_not_given_up(desk):
    kind = JobType.objects.get(installs=True)
    url = f"/setup/job-types/{kind.pk}/"
    data = {"name": "Installation", "minutes": "180", "checklist": "Antenna mounted"}
    for sent in ({"retire": "1"}, data):
        answer = desk.post(url, sent, **HTMX)
        assert "No other type of job installs a service" in answer.content.decode() + str(answer.headers)
    kind.refresh_from_db()
    assert (kind.retired, kind.installs) == (False, True)

    JobType.objects.create(name="Fibre", installs=True, minutes=60)
    assert "no longer offered" in str(desk.post(url, {"retire": "1"}, **HTMX).headers)


def test_a_job_is_opened_from_the_profile(desk):
    alice = make_customer("Alice Liddel", "ALI001")
    kind = JobType.objects.get(name="Repair")
    desk.post("/workflow/jobs/new-for/ALI001/", {"job_type": kind.pk, "instructions": "No link"}, **HTMX)
    assert alice.jobs.get().instructions == "No link"
    assert "Repair" in desk.get("/customers/ALI001/widgets/customer-jobs/", **HTMX).content.decode()


def test_the_first_invoice_is_looked_at_and_issued_in_the_dialog(desk):
    from tests.factories.data import make_checked
    from tests.workflow.test_first_invoice import connect, noon, ordered

    alice = make_customer("Alice Liddel", "ALI001")
    make_checked(alice)
    lead = make_lead(step_id="job-new", customer=alice)
    ordered(alice)
    day = noon(NOON.date() - timedelta(days=0)).date()
    connect(lead, day)
    dora = client_of(make_person("Dora", "workflow.view_lead"))
    assert dora.get(f"/workflow/leads/{lead.pk}/first-invoice/", **HTMX).status_code == 403
    dialog = desk.get(f"/workflow/leads/{lead.pk}/first-invoice/", **HTMX).content.decode()
    assert "R 1,646.45" in dialog
    assert desk.post(f"/workflow/leads/{lead.pk}/first-invoice/", **HTMX).status_code == 204
    lead.refresh_from_db()
    assert lead.place == "won"

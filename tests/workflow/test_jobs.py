"""Job cards go their way, and lead and card go together."""

from __future__ import annotations

from datetime import timedelta

import pytest

from herotill.errors import DomainError
from herotill.models import Fact
from tests.factories.customers import make_customer
from tests.factories.data import make_account, make_checked, make_nas, make_session
from tests.factories.people import make_person
from tests.factories.workflow import NOON, all_done, make_job, make_lead
from tests.workflow.test_first_invoice import ordered
from workflow.gates import Gate, gates
from workflow.models import FailReason, JobCard, JobType, LostReason, Step
from workflow.services import job_blanking, job_things, jobs, leads, moving, photos

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("gates_of_jobs")]
END = NOON + timedelta(hours=2)
SIGNED = {"signed_by": "Alice Liddel", "signature": [[[0, 0], [500, 500]]]}


@pytest.fixture
def tech():
    return make_person("Tumi", "workflow.do_jobcard")


@pytest.fixture
def lead():
    return make_lead(
        step_id="job-new",
        customer=make_customer("Alice Liddel", "ALI001"),
        lines="1 Rose St",
        town="Robertson",
    )


def place(lead):
    lead.refresh_from_db()
    return lead.place


def tick(job, actor=None):
    for item in job.checks.exclude(kind="photo"):
        jobs.check(item, "yes", actor, NOON)
    all_done(job)


def test_a_lead_that_comes_to_new_jobs_gets_its_installation_with_the_checklist():
    lead = make_lead(
        step_id="job-failed", customer=make_customer("Alice Liddel", "ALI001"), lines="1 Rose St"
    )
    moving.move(leads=[lead.pk], to="job-new", actor=None, now=NOON)

    job = lead.jobs.get()
    assert (job.state, job.job_type.installs, job.address) == ("new", True, "1 Rose St")
    assert next(check.text for check in job.checks.all()) == "Antenna mounted and earthed"


def test_a_lead_has_one_open_card_however_often_it_is_asked_for(lead):
    assert len(jobs.open_for([lead.pk], NOON)) == 1
    assert jobs.open_for([lead.pk], NOON) == []
    assert lead.jobs.count() == 1


def test_a_job_is_scheduled_started_and_completed_and_its_lead_with_it(lead, tech):
    job = make_job(lead=lead)
    jobs.schedule(job, tech, NOON, END, None, NOON)
    assert place(lead) == "job-scheduled"
    jobs.start(job, tech, NOON)
    assert place(lead) == "job-started"
    tick(job, tech)
    done = jobs.complete(job, SIGNED | {"report": "All good"}, tech, END)

    assert place(lead) == "invoice-new"
    assert (done.state, done.ended_by, done.report, done.starts_service_on) == (
        "completed",
        tech,
        "All good",
        NOON.date(),
    )
    assert Fact.objects.get(kind="job.completed").subject_id == job.pk


def test_only_a_technician_is_sent_and_only_forward_in_time(lead, tech):
    job = make_job(lead=lead)
    with pytest.raises(DomainError, match="Dora cannot be sent"):
        jobs.schedule(job, make_person("Dora"), NOON, END, None, NOON)
    with pytest.raises(DomainError, match="ends before it begins"):
        jobs.schedule(job, tech, END, NOON, None, NOON)
    assert place(lead) == "job-new"


def test_what_is_compulsory_is_done_or_overridden_with_a_right_and_a_reason(lead, tech):
    job = make_job(lead=lead)
    jobs.schedule(job, tech, NOON, END, None, NOON)
    with pytest.raises(DomainError, match=r"Antenna mounted.*not signed"):
        jobs.complete(job, {}, tech, END)
    with pytest.raises(DomainError, match="takes a right"):
        jobs.complete(job, {"override": "In a hurry"}, tech, END)
    assert place(lead) == "job-scheduled"

    chief = make_person("Cleo", "workflow.override_jobcard")
    done = jobs.complete(job, {"override": "Photos are on paper"}, chief, END)
    assert (done.state, done.overridden) == ("completed", "Photos are on paper")


def test_a_compulsory_photo_is_a_photo_and_no_word(lead, tech):
    job = make_job(lead=lead)
    jobs.schedule(job, tech, NOON, END, None, NOON)
    tick(job, tech)
    item = job.checks.get(kind="photo")
    with pytest.raises(DomainError, match="answered by a photo"):
        jobs.check(item, "later", tech, NOON)
    photos.remove(photo=item.photos.get(), actor=tech)
    with pytest.raises(DomainError, match="“Photo of the antenna” is not done"):
        jobs.complete(job, SIGNED, tech, END)


def test_a_failed_job_stays_and_a_new_card_goes_on_instead(lead, tech):
    job = make_job(lead=lead)
    jobs.schedule(job, tech, NOON, END, None, NOON)
    jobs.fail(job, FailReason.objects.get(name="Nobody at home"), "Gate locked", tech, END)
    assert place(lead) == "job-failed"

    again = jobs.book_again(job, None, END)
    assert (again.instead_of, again.state, place(lead)) == (job, "new", "job-new")
    assert again.checks.count() == job.checks.count()
    with pytest.raises(DomainError, match="booked again already"):
        jobs.book_again(job, None, END)
    assert lead.jobs.count() == 2


def test_a_job_is_called_off_with_a_reason_and_not_twice(lead, tech):
    job = make_job(lead=lead)
    with pytest.raises(DomainError, match="Say why"):
        jobs.call_off(job, " ", None, NOON)
    jobs.call_off(job, "They travel until May", None, NOON)
    assert place(lead) == "job-failed"
    with pytest.raises(DomainError, match="called off; it cannot be called off"):
        jobs.call_off(job, "Again", None, NOON)


@pytest.mark.parametrize(
    ("state", "refused"),
    [
        ("new", {"start", "fail", "complete"}),
        ("scheduled", set()),
        ("started", {"schedule", "start"}),
        ("completed", {"schedule", "start", "complete", "fail", "call_off"}),
        ("failed", {"schedule", "start", "complete", "fail", "call_off"}),
        ("called_off", {"schedule", "start", "complete", "fail", "call_off"}),
    ],
)
def test_a_repair_goes_from_a_state_only_where_it_may(state, refused, tech):
    reason = FailReason.objects.get(name="Weather")
    deeds = {
        "schedule": lambda job: jobs.schedule(job, tech, NOON, END, None, NOON),
        "start": lambda job: jobs.start(job, tech, NOON),
        "complete": lambda job: jobs.complete(job, SIGNED, tech, NOON),
        "fail": lambda job: jobs.fail(job, reason, "", tech, NOON),
        "call_off": lambda job: jobs.call_off(job, "No need", None, NOON),
    }
    found = set()
    for name, deed in deeds.items():
        more = {"fail_reason": reason} if state == "failed" else {}
        sent = {} if state == "new" else {"technician": tech}
        job = make_job(make_customer("Bob Owes"), state=state, **sent, **more)
        job.checks.update(done_at=NOON, answer="yes")
        try:
            deed(job)
        except DomainError:
            found.add(name)
    assert found == refused


@pytest.fixture
def mandate_that_ended():
    """A gate of Setup before Job cards which nobody passes any more."""
    gates.register(Gate("test-mandate", "Mandate", lambda leads: dict.fromkeys(leads, "No mandate.")))
    Step.objects.filter(pk="job-new").update(gates=["test-mandate"])
    yield
    gates.unregister("test-mandate")


@pytest.mark.usefixtures("mandate_that_ended")
def test_what_ended_since_the_job_was_opened_stops_no_deed_on_site(lead, tech):
    job = make_job(lead=lead)
    jobs.schedule(job, tech, NOON, END, None, NOON)
    jobs.start(job, tech, NOON)
    tick(job, tech)
    jobs.complete(job, SIGNED, tech, END)
    assert place(lead) == "invoice-new"


@pytest.mark.usefixtures("mandate_that_ended")
def test_a_job_fails_or_is_called_off_whatever_is_missing_before_that_list(lead, tech):
    Step.objects.filter(pk="job-started").update(gates=["test-mandate"])
    job = make_job(lead=lead)
    jobs.schedule(job, tech, NOON, END, None, NOON)
    jobs.fail(job, FailReason.objects.get(name="Weather"), "", tech, NOON)
    assert place(lead) == "job-failed"
    again = jobs.book_again(job, None, NOON)
    jobs.call_off(again, "They moved away", None, NOON)
    assert place(lead) == "job-failed"


def test_a_gate_between_is_asked_of_a_deed_too(lead, tech):
    gates.register(Gate("test-weather", "Weather", lambda leads: dict.fromkeys(leads, "It rains.")))
    Step.objects.filter(pk="job-started").update(gates=["test-weather"])
    job = make_job(lead=lead)
    jobs.schedule(job, tech, NOON, END, None, NOON)
    with pytest.raises(DomainError, match="It rains"):
        jobs.start(job, tech, NOON)
    gates.unregister("test-weather")
    assert place(lead) == "job-scheduled"


def test_a_lead_comes_to_invoicing_only_with_a_completed_job(lead, tech):
    make_job(lead=lead)
    with pytest.raises(DomainError, match="The job is new, not completed"):
        moving.move(leads=[lead.pk], to="invoice-new", actor=None, now=NOON)
    JobCard.objects.filter(lead=lead).update(state="completed", ended_at=NOON)
    assert moving.move(leads=[lead.pk], to="invoice-new", actor=None, now=NOON) == 1


def test_a_former_customers_jobs_keep_that_they_were_and_lose_what_was_written(tech):
    bob = make_customer("Bob Owes")
    job = make_job(bob, state="completed", technician=tech, address="1 Rose St", report="All good", **SIGNED)
    job.checks.create(text="Signal", kind="text", answer="-58", done_at=NOON)
    job_blanking.blank([bob.pk], NOON)
    job.refresh_from_db()
    assert (job.state, job.technician, job.address, job.report, job.signed_by, job.signature) == (
        "completed",
        tech,
        "",
        "",
        "",
        None,
    )
    assert job.checks.get(text="Signal").answer == "•••"


def test_who_has_an_open_job_is_not_forgotten_yet(tech):
    bob, carol = make_customer("Bob Owes"), make_customer("Carol Waits")
    make_job(bob)
    make_job(carol, state="completed", technician=tech)
    assert job_blanking.who_waits([bob.pk, carol.pk], NOON.date()) == {bob.pk: "A job is not done."}


def test_accounts_let_in_to_be_tested_are_billed_from_that_day_and_wait_again_when_the_job_fails(lead, tech):
    make_checked(lead.customer)
    account = ordered(lead.customer)
    job = make_job(lead=lead)
    jobs.schedule(job, tech, NOON, END, None, NOON)
    jobs.connect(job, tech, NOON)
    account.refresh_from_db()
    assert (account.state, account.starts_on) == ("active", NOON.date())
    assert job_things.test_account(job=job, actor=tech, now=NOON)["online"] is False

    jobs.fail(job, FailReason.objects.get(name="Weather"), "", tech, NOON)
    account.refresh_from_db()
    assert (account.state, JobCard.objects.get(pk=job.pk).begun) == ("waiting", [])


def test_a_test_where_the_type_asks_for_one_counts_once_the_account_was_online(tech):
    JobType.objects.filter(name="Repair").update(tests=True)
    bob = make_customer("Bob Owes")
    job = make_job(bob, state="started", technician=tech, account=make_account(bob, "bob@isp.example"))
    tick(job)
    with pytest.raises(DomainError, match="was not tested"):
        jobs.complete(job, SIGNED, tech, NOON)
    make_session(job.account, make_nas())
    assert job_things.test_account(job=job, actor=tech, now=NOON)["online"] is True
    assert jobs.complete(job, SIGNED, tech, NOON).state == "completed"


def test_a_card_is_changed_by_who_saw_it_as_it_is(tech):
    job, mandla = make_job(make_customer("Bob Owes")), make_person("Mandla")
    values = {"instructions": "Beware of the dog"}
    job_things.change_card(job=job, values=values, seen=job.version, actor=mandla)
    with pytest.raises(DomainError, match="Somebody else changed"):
        job_things.change_card(job=job, values=values, seen=job.version, actor=mandla)


def test_nobody_takes_a_lead_back_from_under_its_job(lead, tech):
    job = make_job(lead=lead)
    jobs.schedule(job, tech, NOON, END, None, NOON)
    mandla = make_person("Mandla", "workflow.move_lead")
    back = {"leads": [lead.pk], "to": "quote-new", "actor": mandla, "now": NOON}
    with pytest.raises(DomainError, match="Alice Liddel: A job of this lead is open; call it off first"):
        moving.by_hand(**back)
    assert place(lead) == "job-scheduled"
    jobs.call_off(job, "They move house", None, NOON)
    assert moving.by_hand(**back) == 1


def test_a_lead_whose_job_is_completed_gets_no_second_installation(lead, tech):
    job = make_job(lead=lead)
    jobs.schedule(job, tech, NOON, END, None, NOON)
    tick(job, tech)
    jobs.complete(job, SIGNED, tech, END)
    mandla = make_person("Mandla", "workflow.move_lead")
    with pytest.raises(DomainError, match="services have begun"):
        moving.by_hand(leads=[lead.pk], to="job-new", actor=mandla, now=NOON)
    assert (place(lead), lead.jobs.count()) == ("invoice-new", 1)


def test_a_lead_lost_with_its_job_scheduled_comes_back_with_a_new_card(lead, tech):
    job = make_job(lead=lead)
    jobs.schedule(job, tech, NOON, END, None, NOON)
    leads.lose(leads=[lead.pk], reason=LostReason.objects.first(), words="", actor=tech, now=NOON)
    leads.bring_back(leads=[lead.pk], actor=tech, now=END)
    assert place(lead) == "job-new"
    assert list(lead.jobs.order_by("pk").values_list("state", flat=True)) == ["called_off", "new"]


@pytest.mark.parametrize(
    ("was", "back"),
    [
        ("survey-scheduled", "survey-new"),
        ("quote-sent", "quote-new"),
        ("quote-declined", "quote-new"),
        ("survey-done", "survey-done"),
    ],
)
def test_a_lost_lead_comes_back_where_its_thing_is_begun_anew(was, back, tech):
    bob = make_lead("Bob Owes", step_id=was)
    leads.lose(leads=[bob.pk], reason=LostReason.objects.first(), words="", actor=tech, now=NOON)
    leads.bring_back(leads=[bob.pk], actor=tech, now=END)
    assert place(bob) == back


def test_the_open_card_of_a_lost_lead_is_called_off(lead, tech):
    job = make_job(lead=lead)
    assert jobs.call_off_of(leads=[lead.pk], why="The lead came to nothing.", actor=None, now=NOON) == 1
    job.refresh_from_db()
    assert (job.state, place(lead)) == ("called_off", "job-new")

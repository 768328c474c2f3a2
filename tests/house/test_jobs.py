"""The timetable: jobs that apps register, called in their queues, paused by a person, recorded."""

import logging
import os
from datetime import UTC, datetime, timedelta

import pytest
from kombu.exceptions import OperationalError

from herotill import jobs, schedules
from herotill.celery import app, send
from herotill.errors import DomainError
from herotill.models import AuditEvent, JobCall, JobSetting, JobState
from herotill.timetable import calls, setting
from tests.factories.people import make_person
from tests.sampleapp.models import Mark, Safe

HALF_PAST_TWO = datetime(2026, 11, 21, 0, 30, tzinfo=UTC)  # 02:30 in Johannesburg


def due_after(words: str, last: datetime, hours: float) -> bool:
    """Whether a job last called at `last` is due some hours later."""
    schedule = schedules.parse(words)
    assert schedule is not None
    schedule.app = app
    schedule.nowfun = lambda: last + timedelta(hours=hours)
    return schedule.is_due(last).is_due


@pytest.mark.parametrize(
    ("words", "not_yet", "then"),
    [
        ("every minute", 0.001, 0.02),
        ("every 5 minutes", 0.05, 0.1),
        ("every hour", 0.4, 0.6),
        ("every hour at :15", 0.5, 0.8),
        ("daily at 02:30", 23.9, 24),
        ("weekdays at 02:30", 24, 48),
        ("mondays at 02:30", 24, 48),
        ("monthly on day 1 at 03:00", 200, 241),
    ],
)
def test_times_in_words_mean_what_they_say_in_johannesburg(words, not_yet, then):
    """The last call was on Saturday 21 November 2026 at 02:30."""
    assert not due_after(words, HALF_PAST_TWO, not_yet)
    assert due_after(words, HALF_PAST_TWO, then)


@pytest.mark.parametrize(
    "words", ["often", "daily at 25:00", "every 0 minutes", "monthly on day 31 at 03:00", ""]
)
def test_words_that_mean_nothing_are_refused(words):
    with pytest.raises(ValueError, match=r"no schedule|more than"):
        schedules.parse(words)


def test_a_job_may_be_for_nudges_only():
    assert schedules.parse(schedules.NEVER) is None


def test_every_registered_job_has_a_queue_that_workers_know():
    assert {queue.name for queue in app.conf.task_queues} == {str(queue) for queue in jobs.Queue}
    assert {str(job.queue) for job in jobs.jobs} <= {queue.name for queue in app.conf.task_queues}


def test_workers_take_one_message_at_a_time_and_answer_for_it_late():
    assert app.conf.task_acks_late is True
    assert app.conf.worker_prefetch_multiplier == 1


@pytest.mark.django_db
def test_a_job_is_carried_out_and_recorded():
    assert jobs.carry_out("sample-tick", now=HALF_PAST_TWO) == "Left a mark."

    state = JobState.objects.get(name="sample-tick")
    assert (state.started_at, state.failed, state.said) == (HALF_PAST_TWO, False, "Left a mark.")
    call = JobCall.objects.get()
    assert (call.name, call.state, call.said) == ("sample-tick", "done", "Left a mark.")
    assert call.worker.endswith(str(os.getpid()))
    assert Mark.objects.count() == 1


@pytest.mark.django_db
def test_what_a_job_writes_is_put_down_to_the_job(registered):
    registered(lambda now: str(Safe.objects.create(name="Office", combination="1234")))
    jobs.carry_out("sample-other", now=HALF_PAST_TWO)

    assert AuditEvent.objects.get(model="sampleapp.safe").source == "job: sample-other"


@pytest.fixture
def registered():
    """Registers a job of the test's own."""

    def register(task, **more) -> None:
        made = jobs.Job("sample-other", "Other", jobs.Queue.MONEY, task, schedules.NEVER, **more)
        jobs.jobs.register(made)

    yield register
    jobs.jobs.unregister("sample-other")


@pytest.mark.django_db
def test_trouble_is_recorded_in_words_and_raised(registered):
    def refuse(now: datetime) -> None:
        raise DomainError("The bank is closed.")

    registered(refuse)
    with pytest.raises(DomainError):
        jobs.carry_out("sample-other", now=HALF_PAST_TWO)

    assert (JobState.objects.get().failed, JobState.objects.get().said) == (True, "The bank is closed.")
    assert (JobCall.objects.get().state, JobCall.objects.get().said) == ("failed", "The bank is closed.")


@pytest.mark.django_db
def test_what_an_error_of_the_program_holds_is_not_shown(registered):
    def stumble(now: datetime) -> None:
        raise ValueError("password=1234")

    registered(stumble)
    with pytest.raises(ValueError, match="1234"):
        jobs.carry_out("sample-other", now=HALF_PAST_TWO)

    call = JobCall.objects.get()
    assert "1234" not in JobState.objects.get().said + call.said + call.error
    assert "ValueError" in JobState.objects.get().said
    assert call.error.endswith("in stumble\nValueError")


@pytest.mark.django_db
def test_what_a_job_notes_and_counts_stands_with_its_call(registered):
    def work(now: datetime) -> None:
        jobs.note("Began with Alice.")
        jobs.count(made=2)
        jobs.count(made=1, left=4)

    registered(work)
    jobs.carry_out("sample-other", now=HALF_PAST_TWO)

    call = JobCall.objects.get()
    assert call.counts == {"made": 3, "left": 4}
    assert [line["says"] for line in call.log] == ["Began with Alice."]
    jobs.note("Nobody listens.")


@pytest.mark.django_db
def test_what_our_programs_warn_of_stands_in_the_log_of_the_call_without_a_secret(registered):
    def work(now: datetime) -> None:
        logging.getLogger("billing.cards").warning("Notice %s: token=%s", 7, "planted-canary")
        logging.getLogger("billing.cards").info("Nothing new.")
        logging.getLogger("urllib3").warning("Another's words.")

    registered(work)
    jobs.carry_out("sample-other", now=HALF_PAST_TWO)
    logging.getLogger("billing.cards").warning("Nobody's call.")

    assert [line["says"] for line in JobCall.objects.get().log] == ["Notice 7: token=[secret]"]


@pytest.mark.django_db
def test_a_warning_whose_values_do_not_fit_ends_no_work(registered, monkeypatch, caplog):
    monkeypatch.setattr(type(caplog.handler), "handleError", lambda *_: None)  # that of tests raises

    def work(now: datetime) -> None:
        logging.getLogger("billing.cards").warning("Notice %s of %s", 7)
        jobs.note("It went on.")

    registered(work)
    jobs.carry_out("sample-other", now=HALF_PAST_TWO)

    call = JobCall.objects.get()
    assert (call.state, [line["says"] for line in call.log]) == ("done", ["Notice %s of %s", "It went on."])


@pytest.mark.django_db
def test_what_one_worker_does_at_a_time_is_left_to_it_and_done_once_more(
    registered, django_capture_on_commit_callbacks
):
    """Bob's worker comes in the middle: it leaves, and who is at it begins again, so nothing is passed over."""
    said, answers = iter([True, False]), []

    def work(now: datetime) -> None:
        if next(said):
            answers.append(jobs.carry_out("sample-other", now=now))

    registered(work, alone=True)
    with django_capture_on_commit_callbacks(execute=True):
        jobs.carry_out("sample-other", now=HALF_PAST_TWO)

    assert answers == [jobs.AT_WORK]
    assert next(said, "done twice") == "done twice"
    assert [call.state for call in JobCall.objects.all()] == ["done", "done"]


@pytest.mark.django_db
def test_work_that_can_be_shared_is_done_by_two_at_once(registered):
    said, answers = iter([True, False]), []

    def work(now: datetime) -> str:
        if next(said):
            answers.append(jobs.carry_out("sample-other", now=now))
        return "Shared."

    registered(work)
    jobs.carry_out("sample-other", now=HALF_PAST_TWO)

    assert answers == ["Shared."]


@pytest.mark.django_db
def test_asked_twice_is_done_once_and_says_who_asked(django_capture_on_commit_callbacks):
    alice = make_person("Alice")
    with django_capture_on_commit_callbacks(execute=True):
        jobs.ask(name="sample-tick", actor=alice)
        jobs.ask(name="sample-tick", actor=make_person("Bob"))
        assert JobCall.objects.get().state == "waiting"

    assert (JobCall.objects.get().asked_by, JobCall.objects.get().state) == (alice, "done")
    assert Mark.objects.count() == 1


@pytest.mark.django_db
def test_old_calls_go_and_those_that_had_nothing_to_do_go_sooner(registered):
    words = iter(["", "0 sent, 0 refused.", "10 sent, 0 refused."])
    registered(lambda now: next(words))
    for _ in range(3):
        jobs.carry_out("sample-other", now=HALF_PAST_TWO)
    calls.owe("sample-tick")
    now = JobCall.objects.latest("asked_at").asked_at

    assert calls.forget(now + timedelta(days=1)) == ""
    assert calls.forget(now + timedelta(days=3)) == "2 calls."
    assert JobCall.objects.filter(said="10 sent, 0 refused.").exists()
    assert calls.forget(now + timedelta(days=91)) == "1 calls."
    assert JobCall.objects.get().state == "waiting"


@pytest.mark.django_db
def test_a_paused_job_is_left_until_somebody_lets_it_go_on():
    alice = make_person("Alice")
    setting.pause(name="sample-tick", actor=alice, paused=True, now=HALF_PAST_TWO)
    assert jobs.carry_out("sample-tick", now=HALF_PAST_TWO) == "Paused."
    assert JobSetting.objects.get().set_by == alice
    assert not Mark.objects.exists()
    assert not JobCall.objects.exists()
    with pytest.raises(DomainError, match="is paused"):
        jobs.ask(name="sample-tick", actor=alice)

    setting.pause(name="sample-tick", actor=alice, paused=False, now=HALF_PAST_TWO)
    jobs.carry_out("sample-tick", now=HALF_PAST_TWO)
    assert Mark.objects.exists()


def test_a_broker_that_is_away_costs_nothing_but_the_wait(monkeypatch, caplog):
    def away(**options: object) -> None:
        raise OperationalError("no answer from redis://:secret@host")

    monkeypatch.setattr("herotill.tasks.job.apply_async", away)
    send("job", "sample-tick", queue="network", shadow="sample-tick")

    assert "could not be reached for sample-tick" in caplog.text
    assert "secret" not in caplog.text

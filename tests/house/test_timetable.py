"""When jobs are carried out: beat's rows, what a person sets, what is late, who is told."""

from datetime import UTC, datetime, timedelta
from io import StringIO
from typing import Any

import psycopg
import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, transaction
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from herotill import health, jobs, schedules
from herotill.celery import app
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.models import AuditEvent, JobCall, JobSetting, JobState
from herotill.timetable import beat, calls, locks, setting, watching
from tests.factories.people import in_role, make_person
from tests.sampleapp.models import Mark

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 11, 21, 10, 0, tzinfo=UTC)  # Saturday, 12:00 in Johannesburg
HOUR = timedelta(hours=1)


@pytest.fixture(autouse=True)
def _kept_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """Beat closes old connections, and with it would go this test's transaction."""
    monkeypatch.setattr("django_celery_beat.schedulers.close_old_connections", lambda: None)


def row(name: str = "sample-tick") -> PeriodicTask:
    return PeriodicTask.objects.select_related("crontab").get(name=name)


def test_beats_rows_are_the_registered_jobs_each_in_its_queue():
    PeriodicTask.objects.all().delete()
    beat.write(now=NOON)

    timed = {job.name for job in jobs.jobs if job.schedule != schedules.NEVER}
    assert set(PeriodicTask.objects.values_list("name", flat=True)) == timed
    tick, often = row(), row("runs-sweep")
    assert (tick.queue, tick.args, tick.expire_seconds) == ("network", '["sample-tick"]', None)
    assert (tick.crontab.hour, tick.crontab.minute) == ("2", "30")
    assert str(tick.crontab.timezone) == "Africa/Johannesburg"
    assert often.expire_seconds == 300


def test_written_again_the_rows_keep_when_they_were_called_and_lose_what_is_registered_no_more():
    beat.write(now=NOON)
    PeriodicTask.objects.filter(name="runs-sweep").update(name="gone", args='["gone"]')
    PeriodicTask.objects.filter(name="sample-tick").update(last_run_at=NOON + HOUR)
    beat.write(now=NOON + 2 * HOUR)

    assert row().last_run_at == NOON + HOUR
    assert row("runs-sweep").last_run_at == NOON + 2 * HOUR
    assert not PeriodicTask.objects.filter(name="gone").exists()


def test_beat_calls_what_it_missed_at_any_hour_and_once():
    """Three days ago is due now, whatever the hour; then it waits for its time."""
    beat.write(now=timezone.now() - timedelta(days=3))
    scheduler = beat.Timetable(app)
    entry = scheduler.schedule["sample-tick"]

    assert entry.is_due().is_due
    called = scheduler.reserve(entry)
    assert not called.is_due().is_due
    scheduler.sync()
    assert row().last_run_at > timezone.now() - HOUR


def test_beat_that_writes_late_does_not_undo_a_change_of_time():
    beat.write(now=NOON)
    scheduler = beat.Timetable(app)
    entry = scheduler.schedule["sample-tick"]
    entry.model.last_run_at = NOON + HOUR
    setting.retime(name="sample-tick", schedule="daily at 11:00", now=NOON + 2 * HOUR, actor=None)
    entry.save()

    assert row().last_run_at == NOON + 2 * HOUR


def test_of_two_beats_one_calls_and_the_other_takes_its_place():
    first, second = beat.Timetable(app), beat.Timetable(app)
    try:
        assert first.only.is_us() == (True, True)
        assert first.only.is_us() == (True, False)
        assert second.tick() == beat.WAITS
        assert second._schedule is None
        first.only.end()
        assert second.only.is_us() == (True, True)
        assert first.tick() == beat.WAITS
    finally:
        first.only.end()
        second.only.end()


def test_whoever_cannot_ask_for_its_lock_leaves_no_line_open(monkeypatch: pytest.MonkeyPatch):
    opened: list[psycopg.Connection] = []
    connect = psycopg.connect

    def keeps(**address: Any) -> psycopg.Connection:
        opened.append(connect(**address))
        return opened[-1]

    monkeypatch.setattr(psycopg, "connect", keeps)
    monkeypatch.setattr(locks, "NOTICES", "SET nonsense = 1")
    with pytest.raises(psycopg.Error):
        locks.OnlyOne().is_us()
    monkeypatch.setattr(locks, "NOTICES", "SELECT 1")
    monkeypatch.setattr(locks, "BEAT", "no number")
    with pytest.raises(psycopg.Error):
        locks.OnlyOne().is_us()
    assert [line.closed for line in opened] == [True, True]


def test_beat_learns_of_a_change_without_a_restart():
    scheduler = beat.Timetable(app)
    assert not scheduler.schedule_changed()
    setting.pause(name="sample-tick", paused=True, now=NOON, actor=None)

    assert scheduler.schedule_changed()
    assert "sample-tick" not in scheduler.all_as_schedule()
    assert "runs-sweep" in scheduler.all_as_schedule()


def test_alice_sets_another_time_which_counts_from_now_on_and_is_in_the_audit():
    alice = make_person("Alice")
    beat.write(now=NOON - timedelta(days=1))
    setting.retime(name="sample-tick", schedule="Weekdays  at 06:15", now=NOON, actor=alice)

    assert (row().crontab.hour, row().crontab.minute, row().crontab.day_of_week) == ("6", "15", "1-5")
    assert row().last_run_at == NOON
    assert JobSetting.objects.get().schedule == "weekdays at 06:15"
    assert AuditEvent.objects.filter(model="house.jobsetting").exists()

    setting.retime(name="sample-tick", schedule="", now=NOON + HOUR, actor=alice)
    assert row().crontab.hour == "2"


@pytest.mark.parametrize("words", ["often", "daily at 25:00", "only when asked", "* * * * *"])
def test_words_that_are_no_time_are_refused(words):
    with pytest.raises(DomainError):
        setting.retime(name="sample-tick", schedule=words, now=NOON, actor=None)
    assert not JobSetting.objects.exists()


def test_what_the_screens_rely_on_has_a_fixed_time():
    with pytest.raises(DomainError, match="fixed"):
        setting.retime(name="jobs-watch", schedule="daily at 02:30", now=NOON, actor=None)


@pytest.mark.parametrize("name", ["jobs-watch", "runs-sweep", "pulse-money"])
def test_what_tells_when_others_stop_cannot_be_paused(name):
    with pytest.raises(DomainError, match="cannot be paused"):
        setting.pause(name=name, paused=True, now=NOON, actor=None)
    assert not JobSetting.objects.exists()


def test_a_pause_that_was_forgotten_is_told_once_a_week():
    in_charge()
    setting.pause(name="sample-tick", paused=True, now=NOON, actor=None)
    told = Message.objects.filter(template="job-in-trouble", context__what="paused")
    for days, count in ((6, 0), (7, 1), (8, 1), (13, 1), (14, 2)):
        watching.watch(NOON + timedelta(days=days))
        watching.watch(NOON + timedelta(days=days, hours=1))
        assert told.count() == count
    assert "2026-11-21" in told[0].context["says"]


def test_a_pause_is_no_time_that_was_missed():
    setting.pause(name="sample-tick", paused=True, now=NOON, actor=None)
    assert not row().enabled
    late = watching.late_jobs(NOON + timedelta(days=4))
    assert "sample-tick" not in [job.name for job, _ in late]
    setting.pause(name="sample-tick", paused=False, now=NOON + timedelta(days=5), actor=None)

    assert (row().enabled, row().last_run_at) == (True, NOON + timedelta(days=5))


@pytest.mark.parametrize(
    "values",
    [
        {"task": "celery.backend_cleanup"},
        {"args": '["sample-tick"]'},
        {"kwargs": '{"now": 1}'},
        {"crontab": None},
    ],
)
def test_s21_beats_rows_call_registered_jobs_and_nothing_else_whoever_writes_them(values):
    beat.write(now=NOON)
    with pytest.raises(IntegrityError), transaction.atomic():
        PeriodicTask.objects.filter(name="runs-sweep").update(**values)


def in_charge() -> None:
    """Thandi administers, and reads her mail."""
    thandi = in_role("Thandi", "administrator")
    thandi.email = "thandi@isp.example"
    thandi.save(update_fields=["email"])


def begun(name: str, at: datetime) -> None:
    JobState.objects.update_or_create(name=name, defaults={"started_at": at, "known_since": at})


def test_a_job_that_nobody_began_is_late_called_again_and_told_to_the_administrators_once_a_day():
    in_charge()
    begun("sample-tick", NOON)
    morning = datetime(2026, 11, 22, 0, 40, tzinfo=UTC)  # ten minutes after its time

    assert watching.late_jobs(morning) == []
    later = morning + timedelta(minutes=30)
    assert [(job.name, due) for job, due in watching.late_jobs(later)] == [
        ("sample-tick", morning - timedelta(minutes=10))
    ]
    for minutes in range(3):
        watching.watch(later + timedelta(minutes=minutes))
    assert Message.objects.filter(template="job-in-trouble").count() == 1
    assert "2026-11-22 at 02:30" in Message.objects.get(template="job-in-trouble").context["says"]
    assert JobCall.objects.get(name="sample-tick").state == "waiting"
    watching.watch(later + timedelta(days=1))
    assert Message.objects.filter(template="job-in-trouble").count() == 2


def test_a_daily_job_that_failed_is_told_at_once_one_that_comes_soon_again_after_three_times():
    in_charge()
    JobState.objects.create(
        name="sample-tick", failed=True, failures=1, said="The bank is closed.", started_at=NOON
    )
    JobState.objects.create(name="messages-sms", failed=True, failures=2, said="Busy.", started_at=NOON)
    watching.watch(NOON)
    told = Message.objects.filter(template="job-in-trouble")

    assert [message.context["says"] for message in told] == ["The bank is closed."]
    JobState.objects.filter(name="messages-sms").update(failures=3)
    watching.watch(NOON)
    assert told.all().count() == 2


def test_failures_are_counted_in_a_row():
    def stumble(now: datetime) -> None:
        raise DomainError("No.")

    jobs.jobs.register(jobs.Job("sample-other", "Other", jobs.Queue.MONEY, stumble, schedules.NEVER))
    try:
        for _ in range(2):
            with pytest.raises(DomainError):
                jobs.carry_out("sample-other", now=NOON)
    finally:
        jobs.jobs.unregister("sample-other")

    assert JobState.objects.get().failures == 2


def test_a_call_whose_worker_is_gone_is_called_again_and_given_up_after_three(
    django_capture_on_commit_callbacks,
):
    for tries in range(3):
        JobCall.objects.filter(name="sample-tick").delete()
        JobCall.objects.create(
            name="sample-tick", started_at=NOON, lock=-1, worker="there 1", tries=tries, state="running"
        )
        watching.watch(NOON)
        waiting = list(JobCall.objects.filter(state="waiting").values_list("tries", flat=True))
        assert waiting == ([tries + 1] if tries < 2 else [])
        assert JobCall.objects.get(state="lost").said.startswith("Its worker was lost.")


def test_the_server_notices_a_machine_that_is_gone_without_a_word():
    """Over a socket file there is nothing to notice, and it says 0."""
    with locks.hold() as hold:
        line = hold._beside
        asked = [
            line.execute(f"SHOW tcp_keepalives_{name}").fetchone() for name in ("idle", "interval", "count")
        ]
        here = str(line.info.host).startswith("/")
    assert asked == ([("0",)] * 3 if here else [("60",), ("10",), ("6",)])


def test_a_call_whose_worker_lives_is_left_alone():
    with locks.hold() as hold:
        JobCall.objects.create(name="sample-tick", started_at=NOON, lock=hold.number, state="running")
        watching.watch(NOON)
        assert JobCall.objects.get().state == "running"
    watching.watch(NOON)
    assert JobCall.objects.filter(state="lost").exists()


def test_what_nobody_took_is_called_again(django_capture_on_commit_callbacks):
    """The broker lost the message; the row says that it is owed."""
    calls.owe("sample-tick")
    asked = JobCall.objects.get().nudged_at
    with django_capture_on_commit_callbacks(execute=True):
        watching.watch(asked + timedelta(minutes=4))
    assert JobCall.objects.get().state == "waiting"
    with django_capture_on_commit_callbacks(execute=True):
        watching.watch(asked + timedelta(minutes=6))

    assert JobCall.objects.get().state == "done"
    assert Mark.objects.count() == 1


def printed(*words: str) -> str:
    out = StringIO()
    call_command(*words, stdout=out)
    return out.getvalue()


def test_every_job_is_a_command_for_cron_and_the_timetable_prints_itself():
    setting.retime(name="sample-tick", schedule="mondays at 06:05", now=NOON, actor=None)

    assert printed("job", "sample-tick") == "Left a mark.\n"
    assert JobCall.objects.get().state == "done"
    lines = printed("timetable").splitlines()
    assert any(
        line.startswith("sample-tick") and "mondays at 06:05" in line and "Done" in line for line in lines
    )
    cron = printed("timetable", "--cron").splitlines()
    assert cron[0] == "CRON_TZ=Africa/Johannesburg"
    assert any(
        line.startswith("5 6 * * 1 cd ") and line.endswith(" manage.py job sample-tick") for line in cron
    )
    assert not any("sample-pays" in line for line in cron)
    assert "5 6 * * 1 herotill job sample-tick" in printed("timetable", "--cron", "--command", "herotill")


def test_cron_that_calls_for_a_sign_of_the_workers_is_none_itself(monkeypatch: pytest.MonkeyPatch):
    asked: list[str] = []
    monkeypatch.setattr("herotill.management.commands.job.nudge", asked.append)
    assert printed("job", "pulse-money") == "A worker is asked.\n"
    assert asked == ["pulse-money"]
    assert not JobCall.objects.exists()
    assert not health.workers(timezone.now())["money"].ok


def test_a_command_for_a_job_that_is_none_or_that_fails_says_so():
    with pytest.raises(CommandError, match="no job 'nonsense'"):
        call_command("job", "nonsense")


def test_times_after_a_moment():
    assert schedules.next_after("daily at 02:30", NOON) == datetime(2026, 11, 22, 0, 30, tzinfo=UTC)
    assert schedules.next_after("every 5 minutes", NOON) == NOON + timedelta(minutes=5)
    assert schedules.next_after("monthly on day 1 at 03:00", NOON) == datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
    assert schedules.next_after(schedules.NEVER, NOON) is None

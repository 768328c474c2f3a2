"""Long jobs: Alice starts them, sees how far they are, and finds the truth in the row whatever happens."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models.functions import Now
from django.utils import timezone

from herotill import runs
from herotill.errors import DomainError
from herotill.models import AuditEvent, Run, RunCheckpoint
from herotill.progress import LINES, claim, lease
from tests.factories.people import make_person
from tests.sampleapp.models import Mark

pytestmark = pytest.mark.django_db
State = Run.State


@pytest.fixture
def alice():
    return make_person("Alice", "house.view_run")


def started(alice, kind="sample-count", **params) -> Run:
    return runs.start(kind=kind, params={"to": 30} | params, actor=alice)


def again(run: Run) -> Run:
    return Run.objects.get(pk=run.pk)


def taken_by_another(run: Run):
    """What a worker holds that claimed the run and then fell silent."""
    with transaction.atomic():
        return claim(again(run), RunCheckpoint.objects.get(pk=run.pk))


def fell_silent(run: Run) -> None:
    Run.objects.filter(pk=run.pk).update(lease_until=Now() - lease(), nudged_at=Now() - 2 * lease())


@transaction.atomic
def leave_mark(progress: runs.Progress, text: str) -> None:
    Mark.objects.create(text=text)
    progress.checkpoint(number=99)


def test_a_title_with_the_longest_name_of_a_file_is_cut(alice):
    run = runs.start(kind="sample-count", params={"to": 1}, actor=alice, title=f"Import of {'x' * 200}")
    assert again(run).title == f"Import of {'x' * 190}"


def test_alice_starts_a_run_and_its_row_tells_how_it_went(alice):
    run = started(alice)
    assert again(run).state == State.QUEUED

    runs.work(run.pk)

    done = again(run)
    assert (done.state, done.done, done.total, done.counts) == (State.DONE, 30, 30, {"made": 30})
    assert done.started_by == alice
    assert done.started_at <= done.finished_at
    assert done.lease_until is None
    assert Mark.objects.count() == 30


def test_a_run_that_ended_is_not_worked_on_again(alice):
    run = started(alice)
    runs.work(run.pk)
    runs.work(run.pk)

    assert Mark.objects.count() == 30
    assert again(run).token == 1


def test_a_run_somebody_works_on_is_not_claimed_by_another(alice):
    run = started(alice)
    taken_by_another(run)

    runs.work(run.pk)

    assert again(run).state == State.RUNNING
    assert not Mark.objects.exists()


def test_a_run_whose_worker_fell_silent_goes_on_from_its_checkpoint(alice):
    run = started(alice)
    lost = taken_by_another(run)
    with transaction.atomic():
        Mark.objects.bulk_create([Mark(text=str(number)) for number in range(10)])
        lost.advance(10, made=10)
        lost.checkpoint(number=10)
    fell_silent(run)

    runs.work(run.pk)

    done = again(run)
    assert (done.state, done.done, done.counts) == (State.DONE, 30, {"made": 30})
    assert sorted(int(mark.text) for mark in Mark.objects.all()) == list(range(30))
    assert [line["says"] for line in done.log] == ["Taken up again where it was left."]


def test_a_worker_that_wakes_up_late_can_commit_nothing_more(alice):
    run = started(alice)
    late = taken_by_another(run)
    fell_silent(run)
    runs.work(run.pk)

    with pytest.raises(runs.RunLost):
        leave_mark(late, "late")
    late.write()
    with pytest.raises(runs.RunLost):
        late.advance()

    assert not Mark.objects.filter(text="late").exists()
    assert again(run).state == State.DONE


@pytest.mark.django_db(transaction=True)
def test_a_checkpoint_outside_a_transaction_is_refused(alice):
    run = Run.objects.create(kind="sample-count", title="Count", started_by=alice)
    RunCheckpoint.objects.create(run=run)
    working = taken_by_another(run)

    with pytest.raises(RuntimeError, match="transaction"):
        working.checkpoint(number=1)


def test_a_business_no_is_read_to_the_person_and_counts_nothing(alice):
    run = started(alice, kind="sample-refuse")
    runs.work(run.pk)

    failed = again(run)
    assert (failed.state, failed.error) == (State.FAILED, "The file has no column for the code.")
    assert failed.counts == {}


def test_an_error_of_the_program_says_where_to_look_and_nothing_else(alice, caplog):
    run = started(alice, kind="sample-stumble")
    runs.work(run.pk)

    assert again(run).state == State.FAILED
    assert f"run {run.pk}" in again(run).error
    assert "secret" not in again(run).error
    assert "ZeroDivisionError" in caplog.text


def test_a_waiting_run_is_cancelled_at_once(alice):
    run = started(alice)
    runs.cancel(run_id=run.pk, actor=alice)
    runs.work(run.pk)

    assert again(run).state == State.CANCELLED
    assert again(run).cancelled_by == alice
    assert not Mark.objects.exists()


def test_a_running_one_ends_at_its_next_step_and_takes_back_what_was_open(alice):
    run = started(alice)
    working = taken_by_another(run)
    runs.cancel(run_id=run.pk, actor=alice)
    assert again(run).state == State.CANCELLING

    working.write()
    with pytest.raises(runs.RunCancelled):
        leave_mark(working, "open")

    assert not Mark.objects.exists()


def test_a_cancelled_run_whose_worker_is_gone_is_closed_and_not_done_again(alice):
    run = started(alice)
    taken_by_another(run)
    runs.cancel(run_id=run.pk, actor=alice)
    fell_silent(run)

    runs.work(run.pk)

    assert again(run).state == State.CANCELLED
    assert not Mark.objects.exists()


def test_what_cannot_be_cancelled_says_so_and_what_has_ended_too(alice):
    firm = started(alice, kind="sample-firm")
    taken_by_another(firm)
    with pytest.raises(DomainError, match="once it has begun"):
        runs.cancel(run_id=firm.pk, actor=alice)

    done = runs.perform(kind="sample-count", params={"to": 10}, actor=alice)
    with pytest.raises(DomainError, match="already ended"):
        runs.cancel(run_id=done.pk, actor=alice)


def test_pressing_twice_starts_once_until_it_has_ended(alice):
    first = runs.start(kind="sample-count", params={"to": 10}, actor=alice, once="november")
    second = runs.start(kind="sample-count", params={"to": 10}, actor=alice, once="november")
    other = runs.start(kind="sample-count", params={"to": 10}, actor=alice, once="december")
    assert first == second != other

    runs.work(first.pk)

    assert runs.start(kind="sample-count", params={"to": 10}, actor=alice, once="november") != first


def test_a_run_that_ends_its_worker_each_time_is_given_up(alice):
    run = started(alice)
    for _ in range(runs.CLAIMS):
        taken_by_another(run)
    fell_silent(run)

    runs.work(run.pk)

    assert again(run).state == State.FAILED
    assert "lost 5 times" in again(run).error


def test_the_sweep_calls_for_lost_runs_and_leaves_the_others(
    alice, monkeypatch, django_capture_on_commit_callbacks
):
    called = []
    monkeypatch.setattr(runs, "send", lambda task, pk, **where: called.append((task, pk, where["queue"])))
    silent, fresh, forgotten, ended = (started(alice) for _ in range(4))
    taken_by_another(silent)
    fell_silent(silent)
    taken_by_another(fresh)
    Run.objects.filter(pk=forgotten.pk).update(nudged_at=Now() - 2 * lease())
    runs.work(ended.pk)

    with django_capture_on_commit_callbacks(execute=True):
        runs.sweep(timezone.now())
    with django_capture_on_commit_callbacks(execute=True):
        runs.sweep(timezone.now())

    assert sorted(called) == [("run", silent.pk, "reports"), ("run", forgotten.pk, "reports")]


def test_the_log_keeps_its_newest_lines(alice):
    working = taken_by_another(started(alice))
    for number in range(LINES + 5):
        working.say(f"line {number}")

    assert len(working.figures()["log"]) == LINES
    assert working.figures()["log"][-1]["says"] == f"line {LINES + 4}"


def test_only_a_finished_run_can_be_taken_back(alice):
    run = started(alice)
    with pytest.raises(DomainError, match="finished"):
        runs.mark_rolled_back(run_id=run.pk)
    runs.work(run.pk)
    runs.mark_rolled_back(run_id=run.pk)

    assert again(run).state == State.ROLLED_BACK


def test_what_a_run_writes_is_put_down_to_who_started_it(alice):
    bought = runs.perform(kind="sample-safe", params={"name": "Office"}, actor=alice)

    written = AuditEvent.objects.get(model="sampleapp.safe")
    assert (written.name, written.actor_id, written.run_id) == ("Office", alice.pk, bought.pk)
    assert written.source == "run: sample-safe"


def test_time_left_follows_the_pace_so_far(alice):
    run = started(alice)
    working = taken_by_another(run)
    working.expect(100)
    working.advance(25)
    working.write()
    run = again(run)

    shown = runs.shown(run, user=alice, now=run.started_at + timedelta(seconds=30))

    assert shown.percent == 25
    assert shown.left == "1 minute"
    assert shown.may_cancel
    assert shown.result_url == ""

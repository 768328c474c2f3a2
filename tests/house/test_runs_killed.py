"""A run survives the worst: its worker gets SIGKILL in the middle, and another does the rest, once."""

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone
from django_celery_beat.models import PeriodicTask

from herotill import runs
from herotill.models import JobState, Run
from herotill.timetable import beat
from tests.factories.people import make_person
from tests.house.workers import Workers, workers
from tests.sampleapp.models import Mark

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def house(tmp_path: Path) -> Iterator[Workers]:
    (tmp_path / "logs").mkdir()
    with workers(tmp_path / "logs") as started:
        yield started


def ask_for(house: Workers, **params: object) -> Run:
    """Alice starts a run, by a process that speaks to the real broker."""
    alice = make_person("Alice")
    call = f"runs.start(kind='sample-count', params={params!r}, actor=User.objects.get(pk={alice.pk}))"
    house.call(f"from herotill import runs; from herotill.users.models import User; {call}")
    return Run.objects.get()


def test_a_worker_killed_in_the_middle_loses_nothing_and_doubles_nothing(house: Workers, tmp_path: Path):
    say = tmp_path / "in-the-middle"
    run = ask_for(house, to=50, wait_at=20, say=str(say))
    first = house.worker()
    house.wait(say.exists)

    house.wait(lambda: Run.objects.get().done == 21)
    assert not Mark.objects.filter(text="never").exists()
    assert Run.objects.get().counts == {"made": 21}
    house.kill(first)

    house.worker()
    house.wait(lambda: not Run.objects.get().is_open, meanwhile=house.sweep)

    done = Run.objects.get()
    assert (done.state, done.done, done.counts, done.token) == (Run.State.DONE, 50, {"made": 50}, 2)
    assert sorted(int(mark.text) for mark in Mark.objects.all()) == list(range(50))
    assert done.pk == run.pk


def test_two_workers_and_doubled_calls_do_a_run_once(house: Workers):
    house.worker()
    house.worker()
    run = ask_for(house, to=200)
    again = f"[send('run', {run.pk}, queue='reports', shadow='again') for _ in range(3)]"
    house.call(f"from herotill.celery import send; {again}")
    house.wait(lambda: not Run.objects.get().is_open)

    assert Run.objects.get().token == 1
    assert Mark.objects.count() == 200


def test_a_run_at_work_ends_soon_after_it_is_cancelled(house: Workers, tmp_path: Path):
    say = tmp_path / "in-the-middle"
    run = ask_for(house, to=50, wait_at=20, say=str(say))
    house.worker()
    house.wait(say.exists)

    runs.cancel(run_id=run.pk, actor=run.started_by)
    house.wait(lambda: not Run.objects.get().is_open)

    ended = Run.objects.get()
    assert (ended.state, ended.counts) == (Run.State.CANCELLED, {"made": 20})
    assert Mark.objects.count() == 20


def test_beat_calls_once_what_was_missed_while_it_was_away_and_a_worker_does_it(
    house: Workers, tmp_path: Path
):
    """Also at an hour far from the one at which it should have been called."""
    beat.write(now=timezone.now() - timedelta(days=2))
    PeriodicTask.objects.exclude(name__in=["sample-tick", "runs-sweep"]).update(enabled=False)

    house.start("beat", f"--schedule={tmp_path / 'sign'}", "--pidfile=")
    house.worker()
    house.wait(lambda: JobState.objects.filter(name="sample-tick", finished_at__isnull=False).exists())

    assert JobState.objects.get(name="sample-tick").said == "Left a mark."
    assert Mark.objects.count() == 1
    assert (tmp_path / "sign").exists()
    assert PeriodicTask.objects.get(name="sample-tick").last_run_at > timezone.now() - timedelta(hours=1)

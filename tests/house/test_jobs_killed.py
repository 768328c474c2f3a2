"""Two workers on one broker; one gets SIGKILL in the middle of a job of each queue, and the other does the rest."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from django.utils import timezone

from herotill import jobs
from herotill.jobs import Queue
from herotill.models import JobCall
from herotill.timetable import watching
from tests.factories.people import make_person
from tests.house.workers import Workers, workers
from tests.sampleapp.models import Mark

pytestmark = pytest.mark.django_db(transaction=True)
OWED = 6


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workers]:
    (tmp_path / "logs").mkdir()
    with workers(tmp_path / "logs") as started:
        monkeypatch.setattr("herotill.jobs.send", started.send)
        yield started


def watch() -> None:
    """What beat has called each minute."""
    watching.watch(timezone.now())


def paid(queue: Queue) -> list[str]:
    return sorted(Mark.objects.filter(text__startswith=f"paid:{queue}:").values_list("text", flat=True))


def test_a_worker_killed_in_the_middle_of_each_kind_of_job_loses_nothing_and_doubles_nothing(
    house: Workers, tmp_path: Path
):
    alice = make_person("Alice")
    for _ in range(2):
        house.worker()
    for queue in Queue:
        say = tmp_path / queue
        Mark.objects.create(text=f"wait:{queue}:{say}")
        Mark.objects.bulk_create(Mark(text=f"owed:{queue}:{number}") for number in range(OWED))
        jobs.ask(name=f"sample-pays-{queue}", actor=alice)
        house.wait(lambda say=say: say.exists() and bool(say.read_text()))

        assert len(paid(queue)) == 2
        watch()
        assert JobCall.objects.get(name=f"sample-pays-{queue}").state == "running"
        house.kill(house.of(int(say.read_text())))
        house.worker()
        house.wait(lambda queue=queue: len(paid(queue)) == OWED, meanwhile=watch)

        assert paid(queue) == [f"paid:{queue}:{number}" for number in range(OWED)]
        done = JobCall.objects.filter(name=f"sample-pays-{queue}", state="done")
        house.wait(done.exists)
        theirs = JobCall.objects.filter(name=f"sample-pays-{queue}").order_by("pk")
        assert [(call.state, call.tries, call.asked_by) for call in theirs] == [
            ("lost", 0, alice),
            ("done", 1, alice),
        ]
    assert not Mark.objects.filter(text__startswith="owed").exists()

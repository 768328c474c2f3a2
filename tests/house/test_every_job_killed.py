"""Every job loses its worker in the middle: another does the rest, nothing is lost, nothing twice.

Two worker processes on one broker for the jobs of a queue; the one that is at a job is killed, and another takes
its place. A job that is registered without a story is missed by the first test.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone

from herotill import jobs
from herotill.jobs import Queue
from herotill.models import JobCall, JobState, Run
from herotill.timetable import locks, watching
from herotill.users.models import User
from tests.factories.people import make_person
from tests.house.killed import messages, money, network, reports
from tests.house.killed.forking import Forks
from tests.house.killed.story import Story, World
from tests.house.workers import Workers, workers

TOLD = {Queue.MONEY: money, Queue.NETWORK: network, Queue.MESSAGES: messages, Queue.REPORTS: reports}


def of_the_product() -> list[jobs.Job]:
    return [job for job in jobs.jobs if not job.name.startswith("sample-")]


@pytest.mark.parametrize("queue", Queue)
def test_every_registered_job_has_a_story_and_every_story_a_job(queue: Queue) -> None:
    known = {job.name for job in of_the_product() if job.queue == queue}
    assert known == set(TOLD[queue].STORIES)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    with ExitStack() as open_ones:
        yield World(folder=tmp_path, open=open_ones)


@pytest.fixture
def began(
    world: World, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Callable[[Queue], tuple[Workers, Forks]]]:
    """Makes what is owed to the jobs of a queue, with nobody at work, and begins two workers."""
    settings.MEDIA_ROOT = str(world.folder / "media")
    (world.folder / "logs").mkdir()
    ends = ExitStack()

    def begin(queue: Queue) -> tuple[Workers, Forks]:
        monkeypatch.setattr("herotill.jobs.send", lambda *words, **more: None)
        monkeypatch.setattr("herotill.runs.send", lambda *words, **more: None)
        TOLD[queue].prepare(world, settings)
        for story in TOLD[queue].STORIES.values():
            story.owe(world)
        house = ends.enter_context(workers(world.folder / "logs"))
        house.environment |= {"MEDIA_ROOT": settings.MEDIA_ROOT} | world.environment
        forks = Forks(house, world.folder / "held")
        ends.callback(forks.end)
        monkeypatch.setattr("herotill.jobs.send", house.send)
        monkeypatch.setattr("herotill.runs.send", house.send)
        for _ in range(2):
            forks.worker()
        return house, forks

    with ends:
        yield begin


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("queue", Queue)
def test_a_worker_killed_in_the_middle_of_any_job_loses_nothing_and_doubles_nothing(
    queue: Queue, world: World, began: Callable[[Queue], tuple[Workers, Forks]]
) -> None:
    house, forks = began(queue)
    alice = make_person("Alice Asks")
    for name, story in TOLD[queue].STORIES.items():
        killed(name, story, world, house, forks, alice)


def killed(name: str, story: Story, world: World, house: Workers, forks: Forks, alice: User) -> None:
    """One job: asked for, its worker killed in the middle, and done by another."""
    with pytest.MonkeyPatch.context() as nobody_is_called:
        nobody_is_called.setattr("herotill.jobs.send", lambda *words, **more: None)
        nobody_is_called.setattr("herotill.runs.send", lambda *words, **more: None)
        story.comes(world)
    assert story.seen(world) != story.done, f"{name}: there is nothing to do"
    theirs = JobCall.objects.filter(name=name).order_by("pk")
    forks.hold(name, story.at, before=story.before)
    jobs.ask(name=name, actor=alice)
    ended = theirs.filter(state__in=("done", "failed"))
    house.wait(lambda: forks.held(name) or ended.exists())
    assert forks.held(name), f"{name} ended before it was held: {ended.values('said', 'error')}"

    watch()
    assert [call.state for call in theirs.all()] == ["running"], f"{name}: its worker lives"
    forks.kill(name)
    forks.worker()
    story.passes(world)
    house.wait(ended.exists, meanwhile=watch)

    told = [(call.state, call.tries, call.asked_by) for call in theirs.all()]
    assert told == [("lost", 0, alice), ("done", 1, alice)], f"{name}: {told!r}"
    house.wait(lambda: story.seen(world) == story.done or not is_any_at_work(), meanwhile=watch)
    assert story.seen(world) == story.done, name
    state = JobState.objects.get(name=name)
    assert (state.failed, state.failures, state.said) == (False, 0, theirs.last().said), name
    house.wait(lambda: not locks.held())


def watch() -> None:
    """What beat has called each minute."""
    watching.watch(timezone.now())


def is_any_at_work() -> bool:
    """Whether a run or another job has still to do."""
    open_calls = JobCall.objects.filter(state__in=("waiting", "running"))
    return open_calls.exists() or Run.objects.filter(state__in=Run.OPEN).exists()

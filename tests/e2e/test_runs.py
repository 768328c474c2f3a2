"""Alice watches a long job in her browser, leaves, comes back, and cancels it."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import connections
from playwright.sync_api import Page, expect

from herotill import runs
from herotill.models import Run
from herotill.users.models import User
from tests.browser import PHONE, findings
from tests.factories.people import make_person

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.browser]


@pytest.fixture
def alice() -> User:
    return make_person("Alice", "house.view_run", "house.see_jobs", "house.pause_jobs")


@pytest.fixture
def at_work(alice: User, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Run]:
    """A run that a worker's thread does, and that waits in the middle until somebody cancels it."""
    workers: list[threading.Thread] = []

    def work(pk: int) -> None:
        try:
            runs.work(pk)
        finally:
            connections.close_all()

    def begin(task: str, pk: int, **where: str) -> None:
        workers.append(threading.Thread(target=work, args=[pk]))
        workers[-1].start()

    monkeypatch.setattr(runs, "send", begin)
    params = {"to": 50, "wait_at": 20, "say": str(tmp_path / "waits")}
    run = runs.start(kind="sample-count", params=params, actor=alice, title="Count to fifty")
    yield run
    if Run.objects.get(pk=run.pk).state == Run.State.RUNNING:
        runs.cancel(run_id=run.pk, actor=alice)
    for worker in workers:
        worker.join()


def test_alice_watches_leaves_comes_back_and_cancels(
    log_in: Callable[..., Page], alice: User, at_work: Run
) -> None:
    page = log_in(alice)
    page.goto(f"/runs/{at_work.pk}/")
    progress = page.locator(f"#run-{at_work.pk}-progress")
    expect(progress).to_contain_text("21 of 50")
    expect(page.get_by_role("progressbar")).to_have_attribute("value", "42")
    assert findings(page) == []

    page.goto("/")
    page.get_by_role("link", name="In progress").click()
    page.get_by_role("link", name="Count to fifty").click()
    page.get_by_role("button", name="Cancel: Count to fifty").click()

    expect(progress).to_contain_text("Cancelled by Alice")
    expect(progress).not_to_have_attribute("hx-trigger", "every 1s")
    expect(page.get_by_role("button", name="Cancel: Count to fifty")).to_have_count(0)
    expect(progress).to_contain_text("20")


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
@pytest.mark.parametrize("size", [None, PHONE], ids=["desk", "phone"])
def test_axe_finds_nothing_on_the_houses_pages(
    log_in: Callable[..., Page], alice: User, dark: bool, size: dict[str, int] | None
) -> None:
    done = runs.perform(kind="sample-count", params={"to": 1200}, actor=alice)
    failed = runs.perform(kind="sample-refuse", params={}, actor=alice)
    page = log_in(alice, dark=dark, **({"size": size} if size else {}))

    for path in (
        "/",
        "/setup/",
        "/setup/runs/",
        "/setup/timetable/",
        f"/runs/{done.pk}/",
        f"/runs/{failed.pk}/",
    ):
        page.goto(path)
        assert findings(page) == [], path

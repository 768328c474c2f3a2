"""Files of calls that are given by hand: once each, whatever breaks off, and kept no longer than needed."""

from __future__ import annotations

from datetime import timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import File
from django.core.files.storage import FileSystemStorage, default_storage
from django.test import Client
from django.utils import timezone

from dataaccounts.models import Call, CallFile
from dataaccounts.services import call_uploads
from herotill import runs
from herotill.models import Run, RunCheckpoint
from tests.factories import make_person
from tests.factories.calls import make_deck, make_line, make_profile

pytestmark = pytest.mark.django_db
HEAD = "Account,Start,From,To,Seconds,Cost,Direction,ID\n"
ROW = "x,2018-08-02 10:00:00,27878201234,0821234567,60,0.50,out,1\n"


@pytest.fixture
def asked(settings: Any, tmp_path: Path) -> dict[str, Any]:
    settings.MEDIA_ROOT = tmp_path
    make_deck("sell", [("2782", "Mobile", "mobile", "1.20")])
    profile = make_profile(make_line("27878201234").source)
    profile.line_match = ["From"]
    profile.save()
    return {"profile": profile, "actor": make_person("Thabo")}


def a_file() -> File:
    return File(BytesIO((HEAD + ROW).encode()), name="calls.csv")


def test_a_worker_lost_after_the_calls_are_there_takes_them_in_once(asked: dict[str, Any]) -> None:
    run = call_uploads.give(**asked, file=a_file(), only_say=False)
    runs.work(run.pk)
    Run.objects.filter(pk=run.pk).update(  # as if its worker had gone before it could say that it is done
        state="running", finished_at=None, lease_until=timezone.now() - timedelta(hours=1)
    )
    runs.work(run.pk)
    run.refresh_from_db()
    assert (run.state, CallFile.objects.count(), Call.objects.count()) == ("done", 1, 1)
    assert run.counts == {"billable": 1}
    assert not default_storage.exists(run.params["stored"])


def test_a_worker_lost_before_leaves_nothing_and_the_next_does_it(
    asked: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    run = call_uploads.give(**asked, file=a_file(), only_say=False)
    with monkeypatch.context() as patch:
        patch.setattr(runs.Progress, "checkpoint", _lost)
        runs.work(run.pk)
    assert not CallFile.objects.exists()
    Run.objects.filter(pk=run.pk).update(lease_until=timezone.now() - timedelta(hours=1))
    runs.work(run.pk)
    assert (CallFile.objects.count(), Call.objects.count()) == (1, 1)


def _lost(*_: object, **__: object) -> None:
    raise runs.RunLost


def test_one_press_or_two_is_one_run(asked: dict[str, Any]) -> None:
    look = call_uploads.give(**asked, file=a_file(), only_say=True)
    runs.work(look.pk)
    both = {call_uploads.take_in(looked=look, actor=asked["actor"]).pk for _ in range(2)}
    assert len(both) == 1
    assert not CallFile.objects.exists()


def test_what_nobody_takes_in_goes_after_a_day(asked: dict[str, Any]) -> None:
    look = call_uploads.give(**asked, file=a_file(), only_say=True)
    waits = call_uploads.give(**asked, file=a_file(), only_say=False)
    runs.work(look.pk)
    assert call_uploads.sweep(timezone.now()) == 0
    assert call_uploads.sweep(timezone.now() + timedelta(days=2)) == 1
    assert not default_storage.exists(look.params["stored"])
    assert default_storage.exists(waits.params["stored"])
    runs.work(waits.pk)
    assert Call.objects.count() == 1


def test_what_a_worker_takes_in_while_it_is_looked_for_stops_nobody(
    asked: dict[str, Any], tmp_path: Path
) -> None:
    look = call_uploads.give(**asked, file=a_file(), only_say=True)
    runs.work(look.pk)
    (tmp_path / "calls" / "a-gone").symlink_to(tmp_path / "gone")  # it is listed, and is there no more
    assert call_uploads.sweep(timezone.now() + timedelta(days=2)) == 1
    assert not default_storage.exists(look.params["stored"])


class ReadOnly(FileSystemStorage):
    """A folder that takes files and lets none go."""

    def delete(self, name: str) -> None:
        raise PermissionError(13, "Permission denied", name)


def test_a_file_that_cannot_be_deleted_is_taken_in_all_the_same(asked: dict[str, Any], settings: Any) -> None:
    settings.STORAGES = settings.STORAGES | {
        "default": {"BACKEND": f"{ReadOnly.__module__}.{ReadOnly.__qualname__}"}
    }
    run = call_uploads.give(**asked, file=a_file(), only_say=False)
    runs.work(run.pk)
    run.refresh_from_db()
    assert (run.state, Call.objects.count()) == ("done", 1)
    assert call_uploads.sweep(timezone.now() + timedelta(days=2)) == 0
    assert default_storage.exists(run.params["stored"])


def test_what_is_no_file_of_calls_is_refused_in_words(asked: dict[str, Any]) -> None:
    run = call_uploads.give(**asked, file=File(BytesIO(b"\xff\xfe\x00"), name="x.csv"), only_say=False)
    runs.work(run.pk)
    run.refresh_from_db()
    assert run.state == "failed"
    assert run.error
    assert "administrator" not in run.error
    assert RunCheckpoint.objects.get(run=run).cursor == {}


def test_the_list_of_runs_asks_no_more_for_more_of_them(
    asked: dict[str, Any], client: Client, django_assert_max_num_queries: Any
) -> None:
    for _ in range(12):
        runs.work(call_uploads.give(**asked, file=a_file(), only_say=False).pk)
    client.force_login(make_person("Sam", "house.view_run", "dataaccounts.add_callfile"))
    client.get("/")
    with django_assert_max_num_queries(10):
        page = client.get("/setup/runs/").content.decode()
    assert page.count("/data-accounts/calls/") >= 12

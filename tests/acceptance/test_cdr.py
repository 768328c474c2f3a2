"""A month of call records in every format, against what each row and each line must come to.

ACCEPTANCE_DATA names a folder with cdr/profiles.json, the record files, lines, decks and bundles, expected.json and
expected_calls.csv; where there is none, this runs on the repository's own small set, and says so.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dataaccounts.models import Call, CallFile, CallRow
from dataaccounts.services import calls
from tests.acceptance import cdr

pytestmark = [pytest.mark.django_db, pytest.mark.filterwarnings("default:No .*own small set")]


def insist(there: Path) -> None:
    """Every row's outcome, every call, every sum."""
    expected = json.loads((there / "expected.json").read_text())
    names = [file.name for file in CallFile.objects.filter(state="done").order_by("pk")]
    for name in names:
        found = cdr.outcomes(CallFile.objects.get(name=name, state="done"))
        assert (name, found) == (name, expected["files"][name])
    assert names == list(expected["files"])
    order = {name: place for place, name in enumerate(names)}
    known = sorted(
        cdr.table(there / "expected_calls.csv"), key=lambda one: (order[one["file"]], int(one["row"]))
    )
    assert [cdr.told(call) for call in cdr.everything()] == known
    assert cdr.periods() == expected["periods"]


def test_a_month_in_every_format_comes_to_what_it_must(tmp_path: Path) -> None:
    there = cdr.folder(tmp_path)
    for name, profile in cdr.furnish(there):
        cdr.take_in(there, name, profile)
    insist(there)


def test_files_taken_in_again_and_taken_back_leave_everything_as_it_was(tmp_path: Path) -> None:
    there = cdr.folder(tmp_path)
    files = cdr.furnish(there)
    for name, profile in files:
        cdr.take_in(there, name, profile)
    last = cdr.take_in(there, *files[-1])
    assert set(last.outcomes) <= {"duplicate", "refused"}
    calls.take_back(file=last.file, actor=None, now=cdr.NOW)
    first = CallFile.objects.order_by("pk").first()
    assert first is not None
    calls.take_back(file=CallFile.objects.filter(state="done").latest("pk"), actor=None, now=cdr.NOW)
    cdr.take_in(there, *files[-1])
    insist(there)
    for file in CallFile.objects.filter(state="done"):
        calls.take_back(file=file, actor=None, now=cdr.NOW)
    assert not Call.objects.exists()
    assert not CallRow.objects.exists()


def test_the_small_set_of_the_repository_is_right_too(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("ACCEPTANCE_DATA", str(tmp_path / "nowhere"))
    there = cdr.folder(tmp_path)
    for name, profile in cdr.furnish(there):
        cdr.take_in(there, name, profile)
    insist(there)

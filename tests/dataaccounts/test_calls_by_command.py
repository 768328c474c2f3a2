"""`import_csv cdrs`: a file of calls by the format that a map names or describes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command

from dataaccounts.models import Call, CallFile, CallProfile
from tests.acceptance import makecdr
from tests.dataaccounts.callfiles import made
from tests.factories.calls import make_deck, make_line, make_profile

pytestmark = pytest.mark.django_db
ROW = "alice,2026-03-02 08:00:00,0821234567,60,a1"


def run(*words: object) -> str:
    said = io.StringIO()
    call_command("import_csv", *map(str, words), stdout=said)
    return said.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    make_deck("sell", [("2782", "Mobile", "mobile", "1.2")])
    make_profile(make_line("27871110001", account="alice").source)
    there = tmp_path / "march.csv"
    there.write_bytes(made(ROW).read())
    return there


def test_a_file_is_tried_taken_in_reported_and_taken_back(file: Path, tmp_path: Path) -> None:
    report = tmp_path / "report.csv"
    said = run("cdrs", file, "--dry-run", "--report", report)
    assert said == "march.csv: 1 rows: 1 billable.\nDry run: nothing has been written.\n"
    assert not CallFile.objects.exists()
    run("cdrs", file)
    assert f"{Call.objects.get().price:.2f}" == "1.20"
    back = run("cdrs", "--roll-back", CallFile.objects.get().pk)
    assert back.strip() == "march.csv taken back: 1 calls went."
    with report.open(newline="") as found:
        assert list(csv.reader(found)) == [["line", "outcome", "reason"], ["1", "billable", ""]]


def test_a_map_names_a_format_or_is_one(file: Path, tmp_path: Path) -> None:
    chosen = tmp_path / "map.json"
    chosen.write_text(json.dumps({"profile": "wholesaler"}))
    assert "1 billable" in run("cdrs", file, "--map", chosen)
    makecdr.make(tmp_path)
    for profile in makecdr.PROFILES:
        chosen.write_text(json.dumps(profile))
        run("cdrs", tmp_path / "cdr" / profile["file"], "--map", chosen)
    assert CallProfile.objects.count() == 2
    assert CallProfile.objects.get(kind="asterisk_master").source.name == "Asterisk"


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"profile": "nobody's"}, "no format nobody's"),
        ({"kind": "mapped"}, "says its source"),
        ({"source": "New", "colour": "red"}, "has no colour"),
        ({"source": "New", "kind": "telex", "line_match": ["a"]}, "kind"),
        ({"source": "New", "kind": "asterisk_master", "line_match": ["src"]}, "Only the channels say"),
        ([], "JSON object"),
    ],
)
def test_a_map_that_is_none_is_refused(file: Path, tmp_path: Path, given: object, says: str) -> None:
    chosen = tmp_path / "map.json"
    chosen.write_text(json.dumps(given))
    with pytest.raises(CommandError, match=says):
        run("cdrs", file, "--map", chosen)
    assert not CallFile.objects.exists()


def test_with_two_formats_one_has_to_be_named(file: Path) -> None:
    profile = CallProfile.objects.get()
    make_profile(profile.source, name="Another")
    with pytest.raises(CommandError, match="which format"):
        run("cdrs", file)

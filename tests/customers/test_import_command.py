"""`import_csv`: what it asks for, what it says, and when it says no."""

from __future__ import annotations

import csv
import json
from datetime import date
from pathlib import Path

import pytest
from django.core.management import CommandError

from customers.models import Customer, OpeningBalance
from herotill.models import Import, ImportPreset, Run
from tests.customers.importing.files import file_of, person
from tests.customers.importing.stories import import_csv
from tests.factories import make_person

pytestmark = pytest.mark.django_db

ALICE = person("Liddel, Alice", code="ALI001", balance="R 120.50")
NO_MAIL = person("Petersen, Carol", code="CAR001", email="")
STRANGE = b"Klant;Naam;Sel;Pos;Skuld\nALI001;Liddel, Alice;0820001234;alice@example.com;99.00\n"
MEANS = {"klant": "code", "Naam": "person", "Sel": "cell", "Pos": "emails", "Skuld": "balance"}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "old system.csv"
    path.write_bytes(file_of(ALICE, NO_MAIL))
    return path


@pytest.fixture
def strange(tmp_path: Path) -> Path:
    path = tmp_path / "klante.csv"
    path.write_bytes(STRANGE)
    return path


def test_it_says_in_short_what_it_did_and_how_to_take_it_back(file: Path) -> None:
    said = import_csv("customers", file, "--as-at", "2018-04-01")

    run = Run.objects.get()
    assert said.splitlines() == [
        "old system.csv: 2 records: 1 created, 0 updated, 1 refused, 0 skipped.",
        "        1 missing_email: It has no email address.",
        "Opening balances: R 120.50",
        f"Run {run.pk}. To take it back: import_csv --roll-back {run.pk}",
    ]
    assert OpeningBalance.objects.get().as_at == date(2018, 4, 1)
    assert import_csv("--roll-back", run.pk) == "old system.csv rolled back: 1 removed.\n"
    assert not Customer.objects.exists()


def test_what_a_roll_back_leaves_is_listed(file: Path) -> None:
    import_csv("customers", file)
    Customer.objects.update(vat_number="4012345678")
    said = import_csv("--roll-back", Run.objects.get().pk)
    assert said.splitlines() == [
        "old system.csv rolled back: 1 stays.",
        "  line 2, ALI001: stays: It has been changed since.",
    ]


def test_a_map_says_what_headings_mean(strange: Path, tmp_path: Path) -> None:
    means = tmp_path / "map.json"
    means.write_text(json.dumps(MEANS))
    with pytest.raises(CommandError, match="headings are not known"):
        import_csv("customers", strange)

    import_csv("customers", strange, "--map", means)

    assert Customer.objects.get().contact_email == "alice@example.com"
    assert str(OpeningBalance.objects.get().amount) == "99.00"
    assert Import.objects.get().mapping["Klant"] == "code"


def test_a_mapping_that_somebody_saved_is_taken_too(strange: Path) -> None:
    ImportPreset.objects.create(kind="customers", name="Klante", mapping=MEANS, owner=make_person("Sam"))
    import_csv("customers", strange)
    assert Customer.objects.get().code == "ALI001"


def test_the_report_has_a_line_for_each_record(file: Path, tmp_path: Path) -> None:
    for extra in (["--dry-run"], []):
        report = tmp_path / "report.csv"
        import_csv("customers", file, "--report", report, *extra)
        with report.open(encoding="utf-8", newline="") as opened:
            rows = list(csv.DictReader(opened))
        assert [(row["line"], row["outcome"], row["reason"], row["code"]) for row in rows] == [
            ("2", "create", "", "ALI001"),
            ("3", "refuse", "missing_email", ""),
        ]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["hats", "{file}"], "There is no import of kind hats. There is: groups, customers"),
        (["customers"], "Say what to import and from which file"),
        (["customers", "{folder}/nowhere.csv"], "No such file"),
        (["customers", "{file}", "--map", "{file}"], "is no JSON"),
        (["customers", "{file}", "--map", "{list}"], "must be a JSON object"),
        (["customers", "{file}", "--map", "{wrong}"], "No such field: hat."),
        (["customers", "{empty}"], "must hold the headings"),
        (["--roll-back", "999"], "Run 999 is no import."),
    ],
)
def test_it_says_no_in_words(file: Path, tmp_path: Path, words: list[str], sentence: str) -> None:
    places = {"file": file, "folder": tmp_path}
    for name, text in (("list", "[1]"), ("wrong", '{"Cust No": "hat"}'), ("empty", "")):
        places[name] = tmp_path / name
        places[name].write_text(text)
    with pytest.raises(CommandError, match=sentence):
        import_csv(*(word.format(**places) for word in words))
    assert not Import.objects.exists()


def test_a_file_that_breaks_off_fails_and_writes_nothing(file: Path) -> None:
    file.write_bytes(file_of(ALICE) + b'BOB001;"never closed ' + b"x\n" * 100_000)
    with pytest.raises(CommandError, match="quotation mark is never closed"):
        import_csv("customers", file)
    assert not Customer.objects.exists()
    assert Import.objects.get().state == Import.State.FAILED

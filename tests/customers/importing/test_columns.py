"""Mappings of headings to fields, and which rows are records (mapping and rule 3)."""

from __future__ import annotations

import pytest

from customers.policies.importing.fields import FIELDS
from customers.policies.importing.outcome import Action
from customers.policies.importing.preset import BACK_OFFICE, SHIPPED
from customers.policies.importing.triage import Triage
from herotill.imports.columns import MappingError, lay
from herotill.imports.presets import preset_for

HEADINGS = ["Cust No", "Trading As", "Surname, Names", "Notes", "Region"]
MAP = {"cust no": "code", "Trading As": "company_name", " Surname,\u00a0Names": "person", "Notes": "note"}


def test_columns_are_known_by_their_heading_in_any_order() -> None:
    headings = [f" {heading.upper()} " for heading in reversed(list(BACK_OFFICE.fields))]
    preset = preset_for(headings, SHIPPED)
    assert preset is BACK_OFFICE
    columns = lay(preset.fields, headings, FIELDS)
    assert [field.name for field in columns.fields if field] == list(BACK_OFFICE.fields.values())[::-1]


def test_a_file_of_another_make_fits_no_preset() -> None:
    assert preset_for(["Account", "Name"], SHIPPED) is None
    assert preset_for(list(BACK_OFFICE.fields)[1:], SHIPPED) is None


def test_a_preset_names_only_fields_that_there_are() -> None:
    assert set(BACK_OFFICE.fields.values()) <= set(FIELDS)


def test_a_column_that_means_nothing_to_us_is_left_out() -> None:
    columns = lay(MAP, HEADINGS, FIELDS)
    read = columns.read(["ALI001", "", "Liddel,\nAlice", "one\ntwo", "North"])
    assert read.texts == ("ALI001", "", "Liddel, Alice", "one\ntwo", "North")
    assert columns.by_field(read.texts) == {
        "code": "ALI001",
        "company_name": "",
        "person": "Liddel, Alice",
        "note": "one\ntwo",
    }


def test_a_formula_is_told_in_any_column_but_a_sign_only_in_free_text() -> None:
    columns = lay(MAP, HEADINGS, FIELDS)
    assert columns.read(['="ALI001"', "", "", "", ""]).formula
    assert columns.read(["", "", "", "- dogs", ""]).formula
    assert not columns.read(["=1+1", "", "", "", "=1+1"]).formula


@pytest.mark.parametrize(
    ("fields", "headings", "sentence"),
    [
        ({"Cust No": "klant"}, ["Cust No"], "No such field: klant."),
        ({"A": "code", "B": "code"}, ["A", "B"], "Two columns are mapped to: code."),
        ({"Cust No": "code"}, ["Klant"], "The file has no column: Cust No."),
        ({"Notes": "note"}, ["Notes", "NOTES "], "The file has two columns: Notes."),
    ],
)
def test_a_mapping_that_does_not_fit_is_refused_in_words(
    fields: dict[str, str], headings: list[str], sentence: str
) -> None:
    with pytest.raises(MappingError, match=sentence):
        lay(fields, headings, FIELDS)


@pytest.mark.parametrize(
    ("texts", "verdict"),
    [
        ([], "blank_row"),
        (["", ""], "blank_row"),
        ([""] * 9, "blank_row"),
        (["Total"], "totals_row"),
        (["TOTALS:", "", "", "5 records", ""], "totals_row"),
        (["Grand total:", "", "", "", "", "", "x"], "totals_row"),
        (["Total", "Total Security", "", "", ""], None),
        (["Subtotal", "", "", "", ""], None),
        (["ALI001", "", "Liddel"], "wrong_columns"),
        (["ALI001", "", "Liddel", "", "", ""], "wrong_columns"),
    ],
)
def test_rows_that_are_no_records(texts: list[str], verdict: str | None) -> None:
    judged = Triage(lay(MAP, HEADINGS, FIELDS)).judge(texts)
    assert (judged[1] if judged else None) == verdict


def test_a_record_that_came_before_is_skipped_each_time() -> None:
    triage = Triage(lay(MAP, HEADINGS, FIELDS))
    alice, bob = ["ALI001", "", "Liddel", "", ""], ["BOB001", "", "Liddel", "", ""]
    assert [triage.judge(texts) for texts in (alice, bob, alice, alice)] == [
        None,
        None,
        (Action.SKIP, "duplicate_row"),
        (Action.SKIP, "duplicate_row"),
    ]

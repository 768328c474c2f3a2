"""XLSX workbooks give the same rows as text files, and nothing in them can harm."""

from __future__ import annotations

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest
from defusedxml import EntitiesForbidden

from herotill.imports.reading import UnreadableFile
from herotill.imports.sheets import open_sheet
from herotill.imports.workbooks import read_xlsx

HEADINGS = ["Cust No", "Name", "Opened"]


def workbook(*rows: list[Any]) -> bytes:
    book = openpyxl.Workbook()
    sheet: Any = book.active
    for row in [HEADINGS, *rows]:
        sheet.append(row)
    return saved(book)


def saved(book: openpyxl.Workbook) -> bytes:
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def repacked(data: bytes, **parts: bytes) -> bytes:
    """The same package with `parts` replaced or added."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            if name not in parts:
                new.writestr(name, old.read(name))
        for name, content in parts.items():
            new.writestr(name, content)
    return file.getvalue()


def test_numbers_dates_and_formulas_are_texts_as_a_text_file_would_have_them() -> None:
    data = workbook(
        ["ALI001", 27820001234.0, date(2018, 3, 26)],
        ['="BOB001"', 12.5, datetime(2018, 3, 26, 14, 30)],  # noqa: DTZ001 - a workbook knows no zones
        [True, "=1+1", None],
        [1.1 + 2.2, 57.4885, 454.0000000000001],
    )
    assert [tuple(row) for row in open_sheet(data).rows()] == [
        (2, ("ALI001", "27820001234", "2018-03-26")),
        (3, ('="BOB001"', "12.5", "2018-03-26 14:30:00")),
        (4, ("TRUE", "=1+1", "")),
        (5, ("3.3", "57.4885", "454")),
    ]


def test_a_row_has_as_many_cells_as_headings_unless_it_says_more() -> None:
    sheet = open_sheet(workbook(["ALI001"], ["BOB001", "", "", "", ""], ["CAR001", "", "", "", "more"], []))
    assert [len(row.cells) for row in sheet.rows()] == [3, 3, 5]
    assert sheet.headings == ("Cust No", "Name", "Opened")


def test_rows_left_out_of_a_workbook_keep_the_numbers_of_the_others() -> None:
    book = openpyxl.load_workbook(io.BytesIO(workbook()))
    book["Sheet"]["A5"] = "ALI001"
    rows = list(open_sheet(saved(book)).rows())
    assert [row.line for row in rows] == [2, 3, 4, 5]
    assert rows[-1].cells == ("ALI001", "", "")


def test_s22_a_workbook_with_macros_is_refused() -> None:
    with pytest.raises(UnreadableFile, match="macros"):
        open_sheet(repacked(workbook(), **{"xl/vbaProject.bin": b"\xd0\xcf"}))


def test_s22_a_workbook_too_large_when_unpacked_is_refused_before_it_is() -> None:
    with pytest.raises(UnreadableFile, match="too large"):
        read_xlsx(workbook(["ALI001", "x" * 10_000, ""]), largest_unpacked=5_000)


def test_s22_xml_entities_are_not_read() -> None:
    honest = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
        <row r="1"><c r="A1" t="inlineStr"><is><t>Cust No</t></is></c></row></sheetData></worksheet>"""
    bomb = b'<!DOCTYPE x [<!ENTITY a "Cust"><!ENTITY b "&a;&a;">]>' + honest.replace(b"Cust No", b"&b;")
    assert open_sheet(repacked(workbook(), **{"xl/worksheets/sheet1.xml": honest})).headings == ("Cust No",)
    with pytest.raises(UnreadableFile, match="entities") as refusal:
        open_sheet(repacked(workbook(), **{"xl/worksheets/sheet1.xml": bomb}))
    assert EntitiesForbidden in causes(refusal.value)


def causes(error: BaseException | None) -> list[type[BaseException]]:
    return [type(error), *causes(error.__cause__ or error.__context__)] if error else []


def test_s22_one_cell_far_away_does_not_make_rows_without_end() -> None:
    far = b"""<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>
        <row r="1"><c r="A1" t="inlineStr"><is><t>Cust No</t></is></c></row>
        <row r="900000000"><c r="A900000000"><v>1</v></c></row></sheetData></worksheet>"""
    sheet = open_sheet(repacked(workbook(), **{"xl/worksheets/sheet1.xml": far}))
    with pytest.raises(UnreadableFile, match="too many"):
        sum(1 for _row in sheet.rows())


@pytest.mark.parametrize("data", [b"PK\x03\x04 and nothing", workbook()[:-400]])
def test_a_damaged_workbook_is_refused_in_words(data: bytes) -> None:
    with pytest.raises(UnreadableFile):
        open_sheet(data)


def test_a_package_that_is_no_workbook_is_refused_in_words() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as package:
        package.writestr("letter.txt", "Dear Alice")
    with pytest.raises(UnreadableFile, match="damaged"):
        open_sheet(file.getvalue())

"""Files as rows: encoding, delimiter, quoting, line numbers."""

from __future__ import annotations

import pytest

from herotill.imports.reading import UnreadableFile, delimiter_of, encoding_of, read_csv
from herotill.imports.sheets import open_sheet


@pytest.mark.parametrize(
    ("data", "encoding"),
    [
        ("Zoë".encode("utf-8-sig"), "utf-8-sig"),
        ("Zoë".encode(), "utf-8"),
        (b"Zoe", "utf-8"),
        ("Zoë".encode("cp1252"), "cp1252"),
        ("Zoë".encode("utf-16"), "utf-16"),
        (b"\xfe\xff\x00Z", "utf-16"),
    ],
)
def test_valid_utf8_is_utf8_what_has_a_mark_is_that_and_anything_else_windows_1252(
    data: bytes, encoding: str
) -> None:
    assert encoding_of(data) == encoding


def test_windows_1252_is_read_with_its_own_dashes_and_quotes() -> None:
    sheet = read_csv("Name;Note\r\nZoë;€ 5 – “later”…\r\n".encode("cp1252"))
    assert [row.cells for row in sheet.rows()] == [("Zoë", "€ 5 – “later”…")]


@pytest.mark.parametrize(
    ("heading", "delimiter"),
    [
        ("Cust No;Surname, Names;Cell", ";"),
        ('Cust No,"Surname; Names; Titles; All",Cell', ","),
        ('Cust No\t"Surname, Names"\tCell;Home', "\t"),
        ('"Cust\nNo",Cell,Tel\n;;;;;;', ","),
        ("Name", ";"),
    ],
)
def test_the_delimiter_is_the_commonest_outside_quotes_in_the_heading(heading: str, delimiter: str) -> None:
    assert delimiter_of(heading) == delimiter


def test_a_record_is_known_by_the_line_on_which_it_begins() -> None:
    data = b'Name;Note\r\nAlice;"one\ntwo\r\nthree"\r\n\r\nBob;"said ""no"""\r\nCarol;19" rack\r\n'
    assert [tuple(row) for row in read_csv(data).rows()] == [
        (2, ("Alice", "one\ntwo\r\nthree")),
        (5, ()),
        (6, ("Bob", 'said "no"')),
        (7, ("Carol", '19" rack')),
    ]


def test_a_sheet_can_be_gone_through_again() -> None:
    sheet = read_csv(b"Name;Note\nAlice;x\n")
    assert list(sheet.rows()) == list(sheet.rows())
    assert sheet.headings == ("Name", "Note")


@pytest.mark.parametrize("data", [b"", b"\r\nAlice;Bob", b"\xef\xbb\xbf", b" ; ;\r\n"])
def test_a_file_without_headings_is_refused(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="headings"):
        open_sheet(data)


def test_a_quotation_mark_that_is_never_closed_is_named_with_its_line() -> None:
    data = b'Name;Note\nAlice;x\nBob;"' + b"lost " * 40_000
    with pytest.raises(UnreadableFile, match="line 3"):
        list(open_sheet(data).rows())


@pytest.mark.parametrize(
    "data",
    [b'Name;Note\nAlice;x\nBob;"19 inch\nCarol;y\nDora;z\n', b'Name;"Note\nAlice;x\n', b'Name\nAlice\n"'],
)
def test_a_last_record_that_has_swallowed_what_followed_is_named_too(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match="never closed"):
        list(open_sheet(data).rows())


def test_the_unicode_text_of_a_spreadsheet_is_read() -> None:
    sheet = open_sheet("Name\tNote\r\nZoë\tone, two\r\n".encode("utf-16"))
    assert [row.cells for row in sheet.rows()] == [("Zoë", "one, two")]


def test_an_old_workbook_is_refused_in_words() -> None:
    with pytest.raises(UnreadableFile, match="Save it as XLSX"):
        open_sheet(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")

"""What a printed document says, to the law, to the customer and to the machine that stores it."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from billing.pdf import documents, receipts, statements
from billing.pdf.sheets import (
    Correction,
    Kind,
    Party,
    ReceiptSheet,
    Settlement,
    StatementEntry,
    StatementSheet,
    Transaction,
    TransactionSheet,
)
from herotill.errors import DomainError
from herotill.pdf import fonts, logos
from herotill.pdf.letterhead import Letterhead
from tests.billing.sheets import ALICE, PLAIN, letterhead, line, ordinary, sheet, words

TEN_KB = 10 * 1024
D = Decimal


def test_a_tax_invoice_says_what_the_law_asks():
    [page] = words(documents.render(ordinary()))
    for said in (
        "Tax Invoice",
        "INV00699",
        "2018-08-21",
        "Karoo Net (Pty) Ltd",
        "14 Loop Street",
        "VAT number 4123456789",
        "Alice Liddel",
        "3 Wonderland Way",
        "VAT number 4987654321",
        "Home Uncapped 50/10",
        "2018-08-01 to 2018-08-31",
        "394.78",
        "59.22",
        "454.00",
        "R 1,287.90",
        "All amounts are in South African rand",
    ):
        assert said in page


def test_it_tells_where_and_by_when_to_pay_and_what_the_account_owes():
    ageing = (D("1.11"), D("2.22"), D("3.33"), D("4.44"), D("-5.55"))
    [page] = words(documents.render(sheet(ageing=ageing)))
    for said in ("62001234567", "250655", "First National Bank", "Please pay by 2018-08-31"):
        assert said in page
    assert page.count("ALI001") == 2  # the code, and the payment reference
    for said in ("120 Days+", "R 1.11", "R 2.22", "R 3.33", "R 4.44", "-R 5.55", "R 5.55"):
        assert said in page


def test_who_is_no_vendor_shows_no_vat():
    lines = [line(rate="0", vat_class="exempt"), line("Static IP", "75.00", rate="0", vat_class="exempt")]
    [page] = words(documents.render(sheet(lines, letterhead=replace(PLAIN, vendor=False, vat_number=""))))
    assert "Invoice" in page
    assert "Tax Invoice" not in page
    assert "VAT" not in page.replace("VAT number 4987654321", "")
    assert "R 529.00" in page


def test_the_vat_summary_counts_each_rate_by_itself():
    lines = [
        line(),
        line("March", "456.00", rate="14", first=date(2018, 3, 1), last=date(2018, 3, 31)),
        line("Brown bread", "12.00", rate="0", vat_class="zero"),
        line("Course", "100.00", rate="0", vat_class="exempt"),
    ]
    [page] = words(documents.render(sheet(lines)))
    summary = page[page.index("VAT summary") :]
    for said in ("15 %", "394.78", "14 %", "400.00", "56.00", "Zero-rated", "12.00", "Exempt", "100.00"):
        assert said in summary


@pytest.mark.parametrize(
    ("kind", "title"), [(Kind.CREDIT_NOTE, "Credit Note"), (Kind.DEBIT_NOTE, "Debit Note")]
)
def test_a_note_names_its_invoice_and_its_reason(kind: Kind, title: str):
    against = ("INV00563", date(2018, 3, 26))
    [page] = words(
        documents.render(sheet(kind=kind, name="CRN00001", reason="Line cancelled", against=against))
    )
    for said in (title, "CRN00001", "INV00563 of 2018-03-26", "Reason: Line cancelled", "59.22", "R 454.00"):
        assert said in page
    assert ("62001234567" in page) == (kind == Kind.DEBIT_NOTE)


@pytest.mark.parametrize(
    ("kind", "title"), [(Kind.ADJUSTMENT, "Adjustment"), (Kind.WRITE_OFF, "Write-off Advice")]
)
def test_what_is_no_supply_carries_no_vat(kind: Kind, title: str):
    nothing = line("Rounding", "-12.40", rate="0", vat_class="outside", first=None, last=None)
    [page] = words(documents.render(sheet([nothing], kind=kind, name="X00001", reason="Taken over")))
    assert title in page
    assert "-R 12.40" in page
    assert "VAT summary" not in page
    assert "Excl." not in page


def test_s12_a_copy_and_a_correction_say_what_they_are():
    original = words(documents.render(ordinary()))[0]
    assert "COPY" not in original
    assert "CORRECTED" not in original
    assert "COPY" in words(documents.render(ordinary(copy=True)))[0]

    made = Correction(2, date(2018, 9, 3), "The VAT number was missing.")
    corrected = words(documents.render(ordinary(correction=made)))[0]
    assert "CORRECTED" in corrected
    assert "Corrected on 2018-09-03: The VAT number was missing." in corrected
    assert "INV00699" in corrected


def test_s14_lines_for_sub_accounts_stand_under_their_names_with_sums():
    mine, bobs = "ALI001 Alice", "BOB001 Bob"
    lines = [line(group=mine), line("Static IP", "75.00", group=mine), line(group=bobs)]
    [page] = words(documents.render(sheet(lines, party=replace(ALICE, name="Wonderland", code="WON001"))))
    assert page.index(mine) < page.index("Static IP") < page.index("Subtotal ALI001 Alice")
    assert "529.00" in page[page.index("Subtotal ALI001") : page.index(bobs)]
    assert page.index("Subtotal BOB001 Bob") < page.rindex("983.00")


HOSTILE = "<b>Bob</b> {{7*7}} {% x %} <img src=http://evil.example/x>\r\n\tend \u202etxt (a\\b) &amp;"


def test_s19_a_name_is_printed_as_it_is_and_never_obeyed():
    named = Party(HOSTILE, "BOB001", (HOSTILE,), "")
    pdf = documents.render(
        sheet([line(HOSTILE, group=HOSTILE)], party=named, reason=HOSTILE, reference="x\r\ny")
    )
    page = " ".join(" ".join(words(pdf)).split())
    assert "<b>Bob</b> {{7*7}} {% x %} <img" in page
    assert "src=http://evil.example/x>" in page
    assert "(a\\b) &amp;" in page
    assert "\u202e" not in page
    raw = PdfReader(io.BytesIO(pdf))
    assert all("/Annots" not in one for one in raw.pages)
    assert all(not one.get_contents().get_data().count(b"\t") for one in raw.pages)


def test_names_beyond_latin_print_and_are_found():
    named = Party("Tshilidzi Ṱhohoyanḓou, Łódź Ελλάδα Москва", "TSH001", ("Žižkova 5 €", "Ḽiṱani"))
    pdf = documents.render(sheet([line("Ṅwana – “café”")], party=named))
    [page] = words(pdf)
    for said in ("Ṱhohoyanḓou, Łódź Ελλάδα Москва", "Žižkova 5 €", "Ḽiṱani", "Ṅwana – “café”"):
        assert said in page
    assert pdf.count(b"/FontFile2") == 1
    assert len(pdf) < TEN_KB
    assert b"/FontFile2" not in documents.render(sheet())


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=400), st.text(max_size=60))
def test_any_text_makes_a_readable_file(anything: str, code: str):
    named = Party(anything, code, tuple(anything.splitlines()), code)
    pdf = documents.render(
        sheet([line(anything, group=code)], party=named, reference=anything, reason=anything)
    )
    assert words(pdf)


def test_sixty_lines_go_over_pages_that_each_have_headings_and_a_number():
    pages = words(documents.render(sheet([line(f"Item {n}") for n in range(60)], copy=True)))
    assert len(pages) > 1
    for number, page in enumerate(pages, 1):
        assert "Description" in page
        assert f"Page {number} of {len(pages)}" in page
        assert "INV00699" in page
        assert "copy" in page.lower()
    every = " ".join(pages)
    assert all(f"Item {n}\n" in every for n in range(60))
    assert "R 27,240.00" in pages[-1]
    assert "62001234567" in pages[-1]


@pytest.mark.parametrize("lines", range(1, 40))
def test_sums_and_banking_never_stand_on_lines(lines: int):
    pages = documents.render(ordinary_of(lines))
    heights = [_heights(page) for page in PdfReader(io.BytesIO(pages)).pages]
    for texts in heights:
        places = [place for place in texts if place[0] < 345]
        assert len({(round(x), round(y)) for x, y, _ in places}) == len(places)
    last = {words: y for _, y, words in heights[-1]}
    assert last["Banking details for payments by EFT"] < last["All amounts are in South African rand (R)."]


def ordinary_of(lines: int):
    return sheet([line(f"Item {n}") for n in range(lines)], letterhead=letterhead())


def _heights(page) -> list[tuple[float, float, str]]:
    found: list[tuple[float, float, str]] = []
    page.extract_text(
        visitor_text=lambda text, cm, tm, font, size: (
            found.append((tm[4], tm[5], text.strip())) if text.strip() else None
        )
    )
    return found


def test_wide_amounts_are_never_cut():
    lines = [
        line("Transit", "123456789.01", quantity=D("12.5")),
        line("Outage", "-1234567.89", discount=D("12.50")),
    ]
    [page] = words(documents.render(sheet(lines, ageing=(D("999999999.99"),) * 5)))
    for said in ("123,456,789.01", "-1,234,567.89", "R 122,222,221.12", "R 999,999,999.99", "12.5 %"):
        assert said in page


def test_an_ordinary_page_with_its_logo_is_at_most_ten_kilobytes():
    assert len(documents.render(ordinary())) <= TEN_KB
    many = sheet([line(f"Item {n} of the month") for n in range(12)], letterhead=letterhead())
    pdf = documents.render(many)
    assert len(PdfReader(io.BytesIO(pdf)).pages) == 1
    assert len(pdf) <= TEN_KB


def test_the_same_sheet_gives_the_same_bytes():
    named = replace(ALICE, name="Ṱhohoyanḓou")
    assert documents.render(ordinary(party=named)) == documents.render(ordinary(party=named))
    assert documents.render(ordinary()) != documents.render(ordinary(copy=True))


def test_the_file_says_what_it_is():
    file = PdfReader(io.BytesIO(documents.render(ordinary())))
    assert file.metadata.title == "Tax Invoice INV00699"
    assert file.metadata.author == "Karoo Net (Pty) Ltd t/a Karoo Net"
    assert file.metadata.subject == "ALI001 Alice Liddel"
    assert file.metadata.creation_date.date() == date(2018, 8, 21)
    assert str(file.root_object["/Lang"]) == "en-ZA"


def test_many_documents_in_one_file_count_their_own_pages():
    alice, bob = ordinary(), sheet([line(f"Item {n}") for n in range(40)], name="INV00700")
    pages = words(documents.render_many([alice, bob]))
    assert "INV00699" in pages[0]
    assert "Page 1 of 1" in pages[0]
    assert ["INV00700" in page for page in pages[1:]] == [True] * (len(pages) - 1)
    assert f"Page {len(pages) - 1} of {len(pages) - 1}" in pages[-1]


def entries(count: int) -> tuple[StatementEntry, ...]:
    made, balance = [], D("120.00")
    for n in range(count):
        amount, debit = D("454.00"), n % 2 == 0
        balance += amount if debit else -amount
        told = "Invoice for Aug 2018" if debit else "EFT, thank you"
        made.append(
            StatementEntry(
                date(2018, 8, 1 + n % 28),
                f"E{n:05}",
                told,
                amount if debit else None,
                None if debit else amount,
                balance,
            )
        )
    return tuple(made)


def statement(count: int) -> StatementSheet:
    found = entries(count)
    closing = found[-1].balance if found else D("120.00")
    ageing = (D(0), D(0), D(0), D(0), closing)
    told = "Statement up to date as at 2018-08-22 00:34:13"
    days = (date(2018, 8, 1), date(2018, 8, 31))
    return StatementSheet(letterhead(), ALICE, *days, D("120.00"), found, closing, ageing, told)


@pytest.mark.parametrize("count", [0, 1, 25, 26, 27, 28, 90])
def test_a_statement_begins_and_ends_with_a_balance(count: int):
    pages = words(statements.statement(statement(count)))
    every = "\n".join(pages)
    assert every.index("Balance brought forward") < every.index("Closing balance")
    assert every.count("EFT, thank you") == count // 2
    assert "Statement up to date as at 2018-08-22 00:34:13" in every
    assert "Closing balance" in pages[-1]
    assert "62001234567" in pages[-1]
    assert f"Page {len(pages)} of {len(pages)}" in pages[-1]


def test_a_transaction_report_tells_what_settled_what():
    paid = Settlement("RCT00001", date(2018, 8, 15), D("450.00"))
    found = [
        Transaction(date(2018, 8, 1), "Invoice", "INV1", "Aug", D("454.00"), D("4.00"), D("454.00"), (paid,)),
        Transaction(date(2018, 8, 15), "Receipt", "RCT00001", "EFT", D("-450.00"), D("0"), D("4.00")),
    ]
    days = (date(2018, 8, 1), date(2018, 8, 31))
    [page] = words(
        statements.transactions(TransactionSheet(PLAIN, ALICE, *days, D(0), tuple(found), D("4.00")))
    )
    assert "Settled by RCT00001 2018-08-15 R 450.00" in page
    assert "By kind" in page
    assert "-450.00" in page


def test_a_receipt_says_what_it_paid_and_one_taken_back_says_so():
    paid = (Settlement("INV00699", date(2018, 8, 21), D("454.00")),)
    receipt = ReceiptSheet(
        PLAIN, ALICE, "RCT00017", date(2018, 8, 22), D("500.00"), "EFT", "ALI001", paid, D("46.00")
    )
    [page] = words(receipts.render(receipt))
    for said in ("Receipt", "RCT00017", "INV00699", "454.00", "Held as credit", "46.00", "R 500.00"):
        assert said in page
    assert "REVERSED" not in page
    back = replace(receipt, reversed_on=date(2018, 8, 25), reversed_why="Unpaid by the bank")
    [page] = words(receipts.render(back))
    assert "REVERSED" in page
    assert "Reversed on 2018-08-25: Unpaid by the bank" in page


def test_a_logo_is_drawn_anew_small():
    picture = Image.effect_noise((3000, 2000), 90).convert("RGB")
    file = io.BytesIO()
    picture.save(file, "JPEG", comment=b"<?php secret ?>")
    small = logos.read(file.getvalue())
    assert b"secret" not in small.content
    assert len(small.content) <= logos.OCTETS
    assert small.width / small.height == pytest.approx(1.5, abs=0.02)


@pytest.mark.parametrize("content", [b"", b"<svg/>", b"%PDF-1.4", b"\x89PNG\r\n\x1a\nbroken"])
def test_what_is_no_picture_is_no_logo(content: bytes):
    with pytest.raises(DomainError, match="cannot be read as a picture"):
        logos.read(content)


def test_the_vat_status_is_that_of_the_documents_day():
    details = {"name": "Karoo Net", "vat": [["2018-09-01", True, "4123456789"], ["2017-01-01", False, ""]]}
    assert not Letterhead.of(details, day=date(2018, 8, 31)).vendor
    assert Letterhead.of(details, day=date(2018, 9, 1)).vat_number == "4123456789"
    assert not Letterhead.of({"name": "Karoo Net"}, day=date(2018, 9, 1)).vendor


@given(st.text(min_size=1, max_size=80), st.floats(20, 300))
def test_wrapped_words_fit_and_none_is_lost(said: str, room: float):
    lines = fonts.wrapped(said, room, 9)
    assert all(fonts.width(one) * 9 <= room or len(one) == 1 for one in lines)
    kept = "".join("".join(lines).split())
    assert kept == "".join("".join(fonts.plain(part) for part in said.splitlines()).split())

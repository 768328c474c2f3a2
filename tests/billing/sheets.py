"""Sheets of paper for tests: Karoo Net bills Alice."""

from __future__ import annotations

import io
from collections.abc import Iterable
from dataclasses import replace
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from PIL import Image, ImageDraw
from pypdf import PdfReader

from billing.pdf.sheets import DocumentSheet, Kind, Party, SheetLine
from herotill import vat
from herotill.pdf.letterhead import Bank, Letterhead

ALICE = Party("Alice Liddel", "ALI001", ("3 Wonderland Way", "Graaff-Reinet 6280"), "4987654321")
PLAIN = Letterhead(
    name="Karoo Net (Pty) Ltd t/a Karoo Net",
    address=("14 Loop Street", "Graaff-Reinet 6280"),
    vat_number="4123456789",
    registration_number="2011/012345/07",
    phone="049 555 0100",
    email="accounts@karoonet.example",
    website="https://karoonet.example",
    small_print="Tell us of any mistake within 14 days.",
    bank=Bank("First National Bank", "Karoo Net (Pty) Ltd", "62001234567", "250655"),
)


@cache
def letterhead() -> Letterhead:
    """With a logo in several colours, as it is after the upload."""
    picture = Image.new("RGB", (900, 260), "white")
    draw = ImageDraw.Draw(picture)
    for x in range(0, 900, 12):
        draw.rectangle((x, 40, x + 6, 220), fill=(x // 4, 90, 160))
    file = io.BytesIO()
    picture.save(file, "PNG")
    return replace(PLAIN, logo=file.getvalue())


def line(
    text: str = "Home Uncapped 50/10", amount: str = "454.00", rate: str = "15", **more: Any
) -> SheetLine:
    """A line for August 2018; `amount` includes VAT."""
    found = vat.split(Decimal(amount), Decimal(rate), True)
    values = {
        "quantity": Decimal("1.000"),
        "unit_price": Decimal(amount).quantize(Decimal("0.0001")),
        "vat_rate": Decimal(rate),
        "first": date(2018, 8, 1),
        "last": date(2018, 8, 31),
    }
    return SheetLine(text=text, **found._asdict(), **(values | more))


def sheet(lines: Iterable[SheetLine] = (), **more: Any) -> DocumentSheet:
    """An invoice of 2018-08-21 for these lines."""
    lines = tuple(lines) or (line(),)
    sums = {name: sum((getattr(one, name) for one in lines), Decimal(0)) for name in ("excl", "vat", "incl")}
    zero = Decimal("0.00")
    values = {
        "kind": Kind.INVOICE,
        "letterhead": PLAIN,
        "party": ALICE,
        "name": "INV00699",
        "day": date(2018, 8, 21),
        "due": date(2018, 8, 31),
        "ageing": (zero, zero, zero, zero, sums["incl"]),
    }
    return DocumentSheet(lines=lines, **sums, **(values | more))


def ordinary(**more: Any) -> DocumentSheet:
    """A month's tax invoice of five lines on paper with a logo."""
    return sheet(
        (
            line(),
            line("Static IP address", "75.00"),
            line("Router rental", "49.90"),
            line("VoIP line 049 555 0123", "59.00"),
            line("Call-out, one hour", "650.00", first=None, last=None),
        ),
        letterhead=letterhead(),
        **more,
    )


def words(pdf: bytes) -> list[str]:
    """The words of each page, as a reader's search finds them."""
    return [page.extract_text() for page in PdfReader(io.BytesIO(pdf)).pages]

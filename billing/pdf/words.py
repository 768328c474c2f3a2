"""Amounts, days and titles as paper has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from billing.pdf.sheets import DocumentSheet, Kind, SheetLine
from herotill.money import rand

TITLES = {
    Kind.INVOICE: "Invoice",
    Kind.CREDIT_NOTE: "Credit Note",
    Kind.DEBIT_NOTE: "Debit Note",
    Kind.ADJUSTMENT: "Adjustment",
    Kind.WRITE_OFF: "Write-off Advice",
}
CLASSES = {"zero": "Zero-rated", "exempt": "Exempt", "outside": "No VAT"}
ORDER = ("standard", *CLASSES)
OWED = (Kind.INVOICE, Kind.DEBIT_NOTE)


def title(sheet: DocumentSheet) -> str:
    """The words that the law asks for: a vendor's invoice is a Tax Invoice."""
    if sheet.kind == Kind.INVOICE and sheet.letterhead.vendor:
        return "Tax Invoice"
    return TITLES[sheet.kind]


def shows_vat(sheet: DocumentSheet) -> bool:
    """Whether VAT stands on it: it does on what changes a vendor's supplies."""
    return sheet.letterhead.vendor and sheet.kind in (Kind.INVOICE, Kind.CREDIT_NOTE, Kind.DEBIT_NOTE)


def amount(value: Decimal) -> str:
    """1,234.56, without the R of totals."""
    return f"{value:,.2f}"


def figure(value: Decimal, least: int) -> str:
    """With `least` decimals, and more only where there are more."""
    decimals = -int(value.normalize().as_tuple().exponent)
    return f"{value:,.{max(least, decimals)}f}"


def percent(value: Decimal) -> str:
    return f"{figure(value, 0)} %"


def rate(line: SheetLine) -> str:
    """The rate of a line; what is exempt or no supply has none."""
    return CLASSES[line.vat_class] if line.vat_class in ("exempt", "outside") else percent(line.vat_rate)


def days(first: date | None, last: date | None) -> str:
    """The days a service was given."""
    if not first or not last:
        return ""
    return f"{first.isoformat()} to {last.isoformat()}" if first != last else first.isoformat()


def mixed_terms(sheet: DocumentSheet) -> bool:
    """Whether some prices on it include VAT and others do not."""
    return shows_vat(sheet) and len({line.includes_vat for line in sheet.lines}) > 1


def below(sheet: DocumentSheet, line: SheetLine) -> str:
    """What stands small under a line: its days, and the terms of its price where they differ."""
    told = [days(line.first, line.last)]
    if mixed_terms(sheet):
        told.append("price includes VAT" if line.includes_vat else "price excludes VAT")
    return "  ·  ".join(part for part in told if part)


def vat_summary(lines: Sequence[SheetLine]) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    """Exclusive, VAT and inclusive by rate, the highest first and what has none last."""
    sums: dict[tuple[int, Decimal, str], list[Decimal]] = {}
    for line in lines:
        named = CLASSES.get(line.vat_class) or percent(line.vat_rate)
        key = (ORDER.index(line.vat_class), -line.vat_rate, named)
        held = sums.setdefault(key, [Decimal(0)] * 3)
        for n, value in enumerate((line.excl, line.vat, line.incl)):
            held[n] += value
    return [(key[2], excl, vat, incl) for key, (excl, vat, incl) in sorted(sums.items())]


def rands(value: Decimal) -> str:
    """R 1,234.56, and in words whose the money is where it is the customer's."""
    return rand(value) if value >= 0 else f"{rand(-value)} in credit"


def deposits_held(value: Decimal) -> str:
    """That deposits are held, apart from what is owed; nothing where there are none."""
    return f"A deposit of {rand(value)} is held apart; it is not part of the balance." if value else ""

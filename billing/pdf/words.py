"""Amounts, days and titles as paper has them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from billing.pdf.sheets import DocumentSheet, Kind, SheetLine

TITLES = {
    Kind.INVOICE: "Invoice",
    Kind.CREDIT_NOTE: "Credit Note",
    Kind.DEBIT_NOTE: "Debit Note",
    Kind.ADJUSTMENT: "Adjustment",
    Kind.WRITE_OFF: "Write-off Advice",
}
CLASSES = {"zero": "Zero-rated", "exempt": "Exempt"}
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
    """The rate of a line, or the class that has none."""
    return CLASSES.get(line.vat_class) or percent(line.vat_rate)


def days(first: date | None, last: date | None) -> str:
    """The days a service was given."""
    if not first or not last:
        return ""
    return f"{first.isoformat()} to {last.isoformat()}" if first != last else first.isoformat()


def vat_summary(lines: Sequence[SheetLine]) -> list[tuple[str, Decimal, Decimal, Decimal]]:
    """Exclusive, VAT and inclusive by rate, the highest first and what has none last."""
    sums: dict[tuple[bool, Decimal, str], list[Decimal]] = {}
    for line in lines:
        key = (line.vat_class in CLASSES, -line.vat_rate, rate(line))
        held = sums.setdefault(key, [Decimal(0)] * 3)
        for n, value in enumerate((line.excl, line.vat, line.incl)):
            held[n] += value
    return [(key[2], excl, vat, incl) for key, (excl, vat, incl) in sorted(sums.items())]

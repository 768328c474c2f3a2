"""The calls that a document bills, one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from billing.models import Document, Line
from dataaccounts.models import CallCharge
from dataaccounts.policies.voice_numbers import shown
from dataaccounts.selectors import calls
from dataaccounts.selectors.voice_billable import CALLS, line_named, place_named
from herotill.clock import local

HEADINGS = ("Line", "Date", "Time", "Number called", "Destination", "Seconds", "Price excl. VAT")


@dataclass(frozen=True, slots=True)
class Item:
    """A call as its bill says it; the price in rand, exclusive of VAT, to six decimals."""

    line: str
    at: datetime
    called: str
    destination: str
    seconds: int
    price: Decimal

    @property
    def cells(self) -> tuple[object, ...]:
        return (
            self.line,
            self.at.date(),
            f"{self.at:%H:%M:%S}",
            self.called,
            self.destination,
            self.seconds,
            self.price,
        )


@dataclass(frozen=True, slots=True)
class Section:
    """The calls of a line that a document bills, and what they come to: the line on the document."""

    number: str
    charge: CallCharge
    items: tuple[Item, ...]


def has_calls(lines: Sequence[Line]) -> bool:
    """Whether any of a document's lines bills calls."""
    return any(line.source == CALLS for line in lines)


def sections(document: Document, *, whole: bool) -> list[Section]:
    """The calls of a document by line. Without `whole` the last figures of numbers called are left out.

    Those of lines of others, whose master pays, are left out whoever asks.
    """
    found = document.lines.filter(source=CALLS, item_id__isnull=False, period__isnull=False)
    named: list[tuple[int, date, int]] = [
        (line_named(item), month, place_named(item))
        for item, month in found.values_list("item_id", "period")
        if item and month
    ]
    charges = calls.charges_of(named)
    by_charge: dict[int, list[Item]] = {one.pk: [] for one in charges}
    ours = {one.pk: whole and one.line.customer_id == document.customer_id for one in charges}
    for call in calls.of_charges([one.pk for one in charges]):
        charge = call.charge_id or 0
        by_charge[charge].append(
            Item(
                str(call.line),
                local(call.start),
                shown(call.called, whole=ours[charge]),
                call.destination,
                call.seconds,
                call.price,
            )
        )
    ordered = sorted(charges, key=lambda one: (one.line.number, one.month, one.place))
    return [Section(str(one.line), one, tuple(by_charge[one.pk])) for one in ordered]


def rows(found: Sequence[Section]) -> Iterator[tuple[object, ...]]:
    """All calls, as a file has them."""
    return (item.cells for section in found for item in section.items)

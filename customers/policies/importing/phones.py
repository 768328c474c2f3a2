"""The telephone numbers of a record (rule 6)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from customers.policies.importing.spreadsheets import is_shortened
from customers.policies.phones import Number, read_number

_BETWEEN = re.compile("[/;,]")


@dataclass(frozen=True, slots=True)
class PhoneCell:
    """The numbers of one cell, the first of which counts, and what is to be told about it."""

    numbers: tuple[Number, ...] = ()
    warnings: frozenset[str] = frozenset()

    @property
    def first(self) -> Number | None:
        return self.numbers[0] if self.numbers else None


@dataclass(frozen=True, slots=True)
class Phones:
    """The number to ring, another one, further ones, warnings and faults."""

    main: str
    other: str
    further: tuple[str, ...]
    warnings: frozenset[str]
    faults: tuple[str, ...]


def read_cell(text: str) -> PhoneCell:
    """The numbers in a cell that may hold several."""
    if not text:
        return PhoneCell()
    if is_shortened(text):
        return PhoneCell(warnings=frozenset(("excel_number",)))
    pieces = [read_number(piece) for piece in _BETWEEN.split(text)]
    numbers = tuple(number for number in pieces if number)
    return PhoneCell(numbers, _warnings(pieces, numbers))


def read_phones(cell: str, telephone: str) -> Phones:
    """The numbers of both cells: the cell number before the telephone, a doubtful one after any other."""
    both = [read_cell(cell), read_cell(telephone)]
    firsts = [found.first for found in both if found.first]
    ranked = [number.e164 for number in sorted(firsts, key=lambda number: number.doubtful)]
    main = ranked[0] if ranked else ""
    return Phones(
        main=main,
        other=next((number for number in ranked[1:] if number != main), ""),
        further=tuple(number.e164 for found in both for number in found.numbers[1:]),
        warnings=both[0].warnings | both[1].warnings,
        faults=() if main else ("bad_phone",) if cell or telephone else ("missing_phone",),
    )


def _warnings(pieces: list[Number | None], numbers: tuple[Number, ...]) -> frozenset[str]:
    told = {
        "phone_dropped": len(numbers) < len(pieces),
        "phone_extra": len(numbers) > 1,
        "zero_added": bool(numbers) and numbers[0].zero_added,
        "phone_foreign": bool(numbers) and numbers[0].foreign,
        "phone_doubtful": bool(numbers) and numbers[0].doubtful,
    }
    return frozenset(warning for warning, applies in told.items() if applies)

"""What rows of results come to for a line, in whatever order and parts they were told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

COLLECTED, UNPAID, DISPUTED, RECEIPT, OTHER = "collected", "unpaid", "disputed", "receipt", "other"
CAME_BACK = (UNPAID, DISPUTED)

LEFT_OUT = "The line was not sent, or was left out; say what this is."
TWICE = "The line was collected already."
BACK_TWICE = "The line came back already."
ANOTHER_AMOUNT = "The line is of {amount}; say whether this is it."
NO_LINE = "It names no line of ours."
OTHER_MONEY = "Money that no batch asked for; say whose it is."
TOO_EARLY = "It is of before the account's cut-over date; it belongs to the old system."


@dataclass(frozen=True, slots=True)
class Told:
    """A row of results that is not booked yet. `settled` says that a person looked at it."""

    pk: int
    told_id: str
    told_type: str
    kind: str
    day: date
    amount: Decimal
    code: str = ""
    settled: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A line as it stands before these rows."""

    line_id: int
    amount: Decimal
    awaits: bool
    collected: bool
    came_back: bool


@dataclass(slots=True)
class Outcome:
    """What follows for a line. `receipt` is money to book, `back` what it came back by."""

    receipt: Told | None = None
    back: Told | None = None
    booked: list[int] = field(default_factory=list)
    doubts: dict[int, str] = field(default_factory=dict)


def outcome(line: Standing, rows: Sequence[Told], starts_on: date | None = None) -> Outcome:
    """What these rows come to. The same rows in any order, or some at a time, come to the same."""
    made = Outcome()
    for row in sorted(rows, key=lambda row: (row.kind in CAME_BACK, row.day, row.told_id, row.told_type)):
        doubt = _doubt(line, row, made, starts_on)
        if doubt:
            made.doubts[row.pk] = doubt
            continue
        made.booked.append(row.pk)
        if row.kind in CAME_BACK:
            made.back = row
        else:
            made.receipt = row
    return made


def _doubt(line: Standing, row: Told, made: Outcome, starts_on: date | None) -> str:
    if not line.awaits:
        return LEFT_OUT
    if row.kind in CAME_BACK and (line.came_back or made.back):
        return BACK_TWICE
    if row.kind == COLLECTED and (line.collected or made.receipt):
        return TWICE
    if starts_on and row.kind == COLLECTED and row.day < starts_on:
        return TOO_EARLY
    if row.amount != line.amount and not row.settled:
        return ANOTHER_AMOUNT.format(amount=f"R {line.amount:,.2f}")
    return ""


def normal(code: str) -> str:
    """A code as it is kept: 2, 02 and 002 are one."""
    text = code.strip()
    return f"{int(text):02}" if text.isascii() and text.isdecimal() else text[:10]


@dataclass(frozen=True, slots=True)
class Effects:
    """What codes do; one that is not known blocks (rule 18)."""

    by_code: dict[str, str]

    def of(self, code: str, kind: str) -> str:
        if kind == DISPUTED:
            return "dispute"
        return self.by_code.get(code, "block")


def blocked(effect: str, line: int, twice: Collection[int]) -> bool:
    """Whether the mandate of a line that came back is blocked: by the code, or as the second in a row."""
    return effect in ("block", "dispute") or line in twice

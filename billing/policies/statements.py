"""Bank statements as files: amounts and days as banks write them, layouts, and what stands in a row."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date
from decimal import Decimal
from itertools import islice
from typing import Any, NamedTuple

from billing.policies.bank_cells import read_amount, read_day
from herotill.folding import fold

_BLANKS = re.compile(r"[\x00-\x20\x7f-\xa0\u2000-\u200f\u2028\u2029\u202f\ufeff]+")
LONGEST_TEXT = 300
OLDEST = date(2000, 1, 1)  # A day before it is a slip of whoever made the file.


@dataclass(frozen=True, slots=True)
class Layout:
    """Which column of a file means what. Columns are headings, or numbers from 1 where there is no heading line.

    `texts` are put together to what the row says. The amount is signed, or stands in `credit` (in) or `debit`
    (out); `fee` is one the bank took for the row, apart. `marker` is what the first cell of a row must say.
    """

    name: str
    day: str
    texts: tuple[str, ...]
    amount: str = ""
    debit: str = ""
    credit: str = ""
    fee: str = ""
    balance: str = ""
    marker: str = ""
    headed: bool = True

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "texts": list(self.texts)}

    @classmethod
    def of(cls, data: Mapping[str, Any]) -> Layout:
        return cls(**{**data, "texts": tuple(data["texts"])})

    @property
    def columns(self) -> list[str]:
        """The columns that must be there."""
        some = (self.day, *self.texts, self.amount, self.debit, self.credit, self.fee, self.balance)
        return [name for name in some if name]


# Downloads that headings alone do not explain; all others are found by their headings, or mapped by hand once.
LAYOUTS = (
    Layout(
        "Capitec",
        "posting date",
        ("description", "original description"),
        credit="money in",
        debit="money out",
        fee="fee",
        balance="balance",
    ),
    Layout("Standard Bank", "2", ("5", "6"), amount="4", marker="HIST", headed=False),
    Layout("Nedbank", "1", ("2",), amount="3", balance="4", headed=False),
)
_WORDS = {
    "day": (
        "posting date",
        "transaction date",
        "date",
        "effective date",
        "value date",
        "posted date",
        "tran date",
    ),
    "texts": (
        "description",
        "transaction description",
        "statement description",
        "details",
        "narrative",
        "particulars",
        "reference",
        "your reference",
        "their reference",
        "customer reference",
        "beneficiary reference",
        "reference number",
    ),
    "amount": ("amount", "transaction amount", "value", "amount (zar)", "amount (r)"),
    "debit": ("debit", "debits", "debit amount", "money out", "paid out", "withdrawals", "out", "payments"),
    "credit": ("credit", "credits", "credit amount", "money in", "paid in", "deposits", "in"),
    "fee": ("fee", "fees", "service fee", "accrued bank charges"),
    "balance": ("balance", "running balance", "account balance", "balance (zar)", "ledger balance"),
}
LOOKED_AT = 60


def heading(cell: str) -> str:
    """A heading as it is compared."""
    return fold(_BLANKS.sub(" ", cell).strip().rstrip(":"))


class Cells(NamedTuple):
    """A line of the file."""

    line: int
    cells: Sequence[str]


def delimiter_of(lines: Sequence[str]) -> str:
    """What parts the cells: of `;`, tab and comma the one that stands in most of the first lines."""
    head = lines[:LOOKED_AT]
    return max(";\t,", key=lambda mark: sum(mark in line for line in head))


def find_layout(lines: Iterable[Cells]) -> tuple[Layout, int] | None:
    """The layout the file is in, and the line of its headings (0 where it has none); None where it is unknown."""
    head = list(islice(lines, LOOKED_AT))
    for line in head:
        if layout := _headed([heading(cell) for cell in line.cells]):
            return layout, line.line
    for layout in LAYOUTS:
        if not layout.headed and any(_entry(layout, _numbered(line.cells)) for line in head):
            return layout, 0
    return None


def _headed(names: Sequence[str]) -> Layout | None:
    known = [one for one in LAYOUTS if one.headed and set(one.columns) <= set(names)]
    if known:
        return max(known, key=lambda one: len(one.columns))
    found = {role: [name for name in words if name in names] for role, words in _WORDS.items()}
    if not found["day"] or not found["texts"] or not (found["amount"] or found["credit"]):
        return None
    one = {role: next(iter(found[role]), "") for role in ("amount", "debit", "credit", "fee", "balance")}
    signed = bool(one["amount"])
    return Layout(
        "Found by its headings",
        found["day"][0],
        tuple(found["texts"]),
        amount=one["amount"],
        debit="" if signed else one["debit"],
        credit="" if signed else one["credit"],
        fee=one["fee"],
        balance=one["balance"],
    )


def _numbered(cells: Sequence[str]) -> dict[str, str]:
    return {str(number): cell for number, cell in enumerate(cells, start=1)}


def heading_line(lines: Iterable[Cells], layout: Layout) -> int | None:
    """The line on which this layout's headings stand, 0 for one without; None where the file has not got them."""
    if not layout.headed:
        return 0
    for line in islice(lines, LOOKED_AT):
        if set(layout.columns) <= {heading(cell) for cell in line.cells}:
            return line.line
    return None


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the statement. `amount` is above zero for money that came in."""

    line: int
    day: date
    text: str
    amount: Decimal
    balance: Decimal | None


@dataclass(slots=True)
class Reading:
    """The rows of a file, one by one. What could not be read, and what it said of its balance, stand beside.

    A row dated after `until` is none.
    """

    layout: Layout
    headings_at: int
    until: date = date.max
    unreadable: list[tuple[int, str]] = field(default_factory=list)
    opening: Decimal | None = None
    closing: Decimal | None = None

    def entries(self, lines: Iterable[Cells]) -> Iterator[Entry]:
        """The rows from the top. Lines without a day and an amount, such as totals, are left out and told."""
        names: list[str] = []
        for line in lines:
            if self.layout.headed and line.line <= self.headings_at:
                names = [heading(cell) for cell in line.cells] if line.line == self.headings_at else names
                continue
            cells = dict(zip(names, line.cells, strict=False)) if names else _numbered(line.cells)
            self._balances_of(line)
            yield from self._of(line, cells)

    def _of(self, line: Cells, cells: Mapping[str, str]) -> Iterator[Entry]:
        if not any(cell.strip() for cell in line.cells) or not _marked(self.layout, cells):
            return
        read = _entry(self.layout, cells)
        if read is None:
            dated = self.layout.headed or read_day(cells.get(self.layout.day, ""))
            if dated and not _says_balance(line.cells):
                self.unreadable.append((line.line, why_not(self.layout, cells)))
            return
        day, text, amount, fee, balance = read
        if not OLDEST <= day <= self.until:
            self.unreadable.append((line.line, f"{day} cannot be the day of a row here."))
            return
        if amount:
            yield Entry(line.line, day, text, amount, balance - fee if balance is not None else None)
        if fee:
            yield Entry(line.line, day, f"{text[: LONGEST_TEXT - 6]} (fee)", fee, balance)

    def _balances_of(self, line: Cells) -> None:
        said = _says_balance(line.cells)
        if not said:
            return
        amounts = [amount for cell in line.cells[1:] if (amount := read_amount(cell)) is not None]
        if said == "opening" and amounts and self.opening is None:
            self.opening = amounts[-1]
        elif said == "closing" and amounts:
            self.closing = amounts[-1]


_OPENING = frozenset(
    ("open", "opening balance", "open balance", "balance brought forward", "brought forward")
)
_CLOSING = frozenset(
    ("close", "closing balance", "close balance", "balance carried forward", "carried forward")
)


def _says_balance(cells: Sequence[str]) -> str:
    """Only a cell that says nothing else makes a line one of a balance: rows must never be passed over."""
    said = {heading(cell) for cell in cells}
    return "opening" if said & _OPENING else "closing" if said & _CLOSING else ""


def _marked(layout: Layout, cells: Mapping[str, str]) -> bool:
    return not layout.marker or next(iter(cells.values()), "").strip().upper() == layout.marker


def _entry(
    layout: Layout, cells: Mapping[str, str]
) -> tuple[date, str, Decimal, Decimal, Decimal | None] | None:
    """Day, text, amount, the bank's fee for it, balance; None where the line is no row."""
    day = read_day(cells.get(layout.day, ""))
    amount = _moved(layout, cells)
    if day is None or amount is None or not _marked(layout, cells):
        return None
    if not layout.marker and _says_balance(list(cells.values())):
        return None
    fee = read_amount(cells.get(layout.fee, "")) if layout.fee else None
    balance = read_amount(cells.get(layout.balance, "")) if layout.balance else None
    return (
        day,
        row_text(cells.get(name, "") for name in layout.texts),
        amount,
        -abs(fee or Decimal(0)),
        balance,
    )


def _moved(layout: Layout, cells: Mapping[str, str]) -> Decimal | None:
    if layout.amount:
        return read_amount(cells.get(layout.amount, ""))
    said = [cells.get(name, "").strip() for name in (layout.credit, layout.debit, layout.fee)]
    read = [read_amount(text) for text in said]
    if not any(said) or any(text and amount is None for text, amount in zip(said, read, strict=True)):
        return None
    return (read[0] or Decimal("0.00")) - abs(read[1] or Decimal(0))


def why_not(layout: Layout, cells: Mapping[str, str]) -> str:
    """Why a line is no row, in words."""
    if read_day(cells.get(layout.day, "")) is None:
        return f"“{cells.get(layout.day, '')[:40]}” is no day."
    return "There is no amount."


class Ends:
    """Where the balances of a file begin and end, whichever way its rows run; nothing where they do not connect."""

    def __init__(self) -> None:
        self.surplus: Counter[Decimal] = Counter()
        self.complete = True

    def add(self, entry: Entry) -> None:
        if entry.balance is None:
            self.complete = False
            return
        for balance, by in ((entry.balance - entry.amount, 1), (entry.balance, -1)):
            self.surplus[balance] += by
            if not self.surplus[balance]:
                del self.surplus[balance]

    @property
    def opening(self) -> Decimal | None:
        return self._only(1)

    @property
    def closing(self) -> Decimal | None:
        return self._only(-1)

    def _only(self, by: int) -> Decimal | None:
        loose = [balance for balance, count in self.surplus.items() if count == by]
        return loose[0] if self.complete and len(loose) == 1 and len(self.surplus) == 2 else None


def row_text(pieces: Iterable[str]) -> str:
    """What a row says: its texts, each once, on one line."""
    clean = (_BLANKS.sub(" ", piece).strip() for piece in pieces)
    return " ".join(dict.fromkeys(piece for piece in clean if piece))[:LONGEST_TEXT]

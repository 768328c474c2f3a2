"""The statement: rows separated by tabs, between an opening and a closing balance."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from decimal import Decimal, InvalidOperation

from herotill.integrations.netcash import Refused, Statement, StatementRow
from herotill.money import rand

OPENING, CLOSING = "OBL", "CBL"
CODE = re.compile(r"\bCode\s*:\s*(\d{1,4})\s*$", re.IGNORECASE)
DAY = re.compile(r"(\d{4})-?(\d{2})-?(\d{2})")
MONEY = re.compile(r"[+-]?\d+(\.\d+)?")
CENT = Decimal("0.01")
LEAST_COLUMNS = 6


def read(text: str) -> Statement:
    """All rows, and whether they add up. Amounts without any point in the whole text are cents.

    Raises Refused for a row that cannot be read: then nothing of the statement is worth anything.
    """
    cells = list(_cells(text))
    if not cells:
        raise Refused("The statement is empty.")
    in_cents = not any("." in row[4] for _, row in cells)
    rows = [_row(line, row, in_cents) for line, row in cells]
    return _summed(rows)


def _cells(text: str) -> Iterator[tuple[int, list[str]]]:
    for number, line in enumerate(
        text.lstrip("\ufeff").replace("\r\n", "\n").replace("\r", "\n").split("\n"), 1
    ):
        if not line.strip() or line.startswith("###"):
            continue
        row = [cell.strip() for cell in line.split("\t")]
        if number == 1 and DAY.match(row[0]) is None and len(row) >= LEAST_COLUMNS:
            continue  # a line of headings
        if len(row) < LEAST_COLUMNS:
            raise Refused(f"Line {number} of the statement has too few columns.", number)
        yield number, row + [""] * (11 - len(row))


def _row(line: int, cells: list[str], in_cents: bool) -> StatementRow:
    kind, text = cells[1].upper(), cells[3][:300]
    found = CODE.search(text, max(0, len(text) - 20))
    return StatementRow(
        line=line,
        day=_day(cells[0], line),
        kind=kind,
        told_id=cells[2],
        text=text,
        amount=_signed(_money(cells[4], in_cents, line), cells[5], line),
        vat=_money(cells[6] or "0", in_cents, line),
        extras=(cells[7], cells[8], cells[9]),
        code=str(int(found[1])) if found else "",
    )


def _day(text: str, line: int) -> date:
    found = DAY.match(text)
    try:
        return date.fromisoformat("-".join(found.groups()) if found else "")
    except ValueError:
        raise Refused(f"Line {line} of the statement begins with no day.", line) from None


def _money(text: str, in_cents: bool, line: int) -> Decimal:
    plain = text.replace(" ", "").replace("\u00a0", "").replace(",", "").removeprefix("R")
    if MONEY.fullmatch(plain) is None:
        raise Refused(f"Line {line} of the statement holds no amount.", line)
    try:
        return (Decimal(plain) / (100 if in_cents else 1)).quantize(CENT)
    except InvalidOperation:
        raise Refused(f"Line {line} of the statement holds no amount.", line) from None


def _signed(amount: Decimal, sign: str, line: int) -> Decimal:
    if sign not in ("+", "-", ""):
        raise Refused(f"Line {line} of the statement has neither + nor -.", line)
    return -abs(amount) if sign == "-" else amount


def _summed(rows: Iterable[StatementRow]) -> Statement:
    """Each opening balance, what moved, and the closing balance after it; a part may lack either end."""
    kept: list[StatementRow] = []
    opening: Decimal | None = None
    first = last = None
    moved, checked, trouble = Decimal(0), False, ""
    for row in rows:
        if row.kind == OPENING:
            opening, moved = row.amount, Decimal(0)
            first = row.amount if first is None else first
        elif row.kind == CLOSING:
            last = row.amount
            if opening is not None:
                checked = True
                trouble = trouble or _off(row, opening + moved)
            opening = None
        else:
            kept.append(row)
            moved += row.amount
    return Statement(tuple(kept), first, last, checked, trouble)


def _off(closing: StatementRow, expected: Decimal) -> str:
    if closing.amount == expected:
        return ""
    said = f"{rand(expected)}, but it closes with {rand(closing.amount)}"
    return f"The statement of {closing.day} comes to {said}. A row is missing or was changed."

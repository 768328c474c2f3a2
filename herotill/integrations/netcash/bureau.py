"""What a debit-order bureau does with the files it is handed, for the server that stands in for Netcash.

It keeps the documented promises and knows nothing of our own writer, so that each proves the other.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

from herotill import business_days

INSTRUCTIONS = {"twoday": "TDD", "sameday": "SDD"}
OF_CARDS = {"TDD": "TDC", "SDD": "SDC"}
ACCOUNT, CARD = "1", "2"  # detail types
UNMASKED = re.compile(r"[0-9]{12,19}")
UNAUTHORISED, AUTHORISED, PROCESSED = 1, 2, 4
NEEDED = ("101", "102", "131", "132", "133", "134", "136", "162")
DATE_TROUBLE = "Action date is not valid for this instruction"
FEE, TAX = Decimal("3.20"), Decimal("0.48")
Judge = Callable[[str, str, str], bool]


@dataclass
class Debit:
    """A record T of a file."""

    reference: str
    branch: str
    account: str
    kind: str
    cents: int
    extras: list[str]
    detail: str = ACCOUNT


@dataclass
class Batch:
    """A file that was taken, and what became of it."""

    number: int
    guid: str
    token: str
    name: str
    service: str
    action: str
    debits: list[Debit] = field(default_factory=list)
    bad: list[list[str]] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    polls: int = 0
    status: int = UNAUTHORISED
    loaded: bool = False
    authorised: str = ""

    @property
    def action_date(self) -> date:
        return date.fromisoformat(self.action)

    @property
    def cents(self) -> int:
        return sum(debit.cents for debit in self.debits)


@dataclass
class Bureau:
    """The bureau. `unpaids` says who does not pay: reference, code, business days after the action date.

    `by_chance` says it of those who are not named there. `takes_good_lines` is its option "ignore errors"; `early` has results come in on the day of authorisation,
    for trying things out; `check` judges an account (type, number, branch); `tokens` are the cards it keeps,
    none for any.
    """

    now: Callable[[], datetime]
    check: Judge = lambda kind, number, branch: True
    takes_good_lines: bool = False
    lead_days: int = 3
    tokens: set[str] | None = None
    polls: int = 1
    early: bool = False
    auto_authorise: bool = True
    funds: Decimal | None = None
    unpaids: dict[str, tuple[str, int]] = field(default_factory=dict)
    by_chance: Callable[[str], tuple[str, int] | None] = lambda reference: None
    batches: list[Batch] = field(default_factory=list)
    other: list[list[str]] = field(default_factory=list)

    def take(self, text: str) -> str:
        """Take a file; its token, or a code of trouble."""
        records = [line.split("\t") for line in text.replace("\r\n", "\n").split("\n") if line]
        head = records[0] if records else []
        if len(head) != 7 or head[0] != "H":
            return "102"
        if not head[5].isdigit() or len(head[5]) != 8:
            return "101"
        number = len(self.batches) + 1
        batch = Batch(
            number,
            str(uuid4()),
            f"20000000.{2550236530 + number}.0483.2.2",
            head[4],
            head[3],
            f"{head[5][:4]}-{head[5][4:6]}-{head[5][6:]}",
        )
        self._load(batch, records)
        self.batches.append(batch)
        return batch.token

    def _load(self, batch: Batch, records: list[list[str]]) -> None:
        if batch.service.lower() not in INSTRUCTIONS:
            batch.errors.append("Instruction is not valid")
        elif not self._in_time(batch):
            batch.errors.append(DATE_TROUBLE)
        elif len(records) < 3 or records[1][0] != "K" or records[-1][0] != "F":
            batch.errors.append("File structure is not valid")
        else:
            self._lines(batch, records[1][1:], records[2:-1], records[-1])
        batch.loaded = not batch.errors and bool(batch.debits) and (not batch.bad or self.takes_good_lines)

    def _lines(self, batch: Batch, key: list[str], lines: list[list[str]], foot: list[str]) -> None:
        cells = [dict(zip(key, line[1:], strict=False)) for line in lines]
        total = sum(int(cell.get("162") or 0) for cell in cells if (cell.get("162") or "").isdigit())
        if foot[1:] != [str(len(lines)), str(total), "9999"]:
            batch.errors.append("Footer totals do not agree with the transactions")
            return
        often = Counter(cell.get("101", "").lower() for cell in cells)
        for place, cell in enumerate(cells, start=3):
            why = self._wrong(cell, often[cell.get("101", "").lower()], batch.action_date)
            if why:
                batch.bad.append([cell.get("101", ""), str(place), why])
            else:
                batch.debits.append(_debit(cell))

    def _wrong(self, cell: dict[str, str], often: int, day: date) -> str:
        if any(not cell.get(code, "").strip() for code in NEEDED):
            return "A mandatory field is empty"
        if often > 1:
            return "Duplicate account reference in T (transaction) records"
        if not 2 <= len(cell["101"]) <= 22:
            return "Account reference is not valid"
        if not cell["162"].isdigit() or int(cell["162"]) < 1:
            return "Invalid amount"
        return self._wrong_card(cell, day) if cell["131"] == CARD else self._wrong_account(cell)

    def _wrong_account(self, cell: dict[str, str]) -> str:
        if cell["131"] != ACCOUNT:
            return "Invalid banking detail type"
        if len(cell["134"]) != 6 or not cell["134"].isdigit():
            return "Invalid branch code"
        if cell["133"] not in ("1", "2", "3"):
            return "Invalid account type"
        return "" if self.check(cell["133"], cell["136"], cell["134"]) else "Account number failed CDV"

    def _wrong_card(self, cell: dict[str, str], day: date) -> str:
        """Of a card its month and year stand where branch code and filler do, and its token for the number."""
        if UNMASKED.search(cell["136"]) or UNMASKED.search(cell.get("137", "")):
            return "Unmasked credit card number"
        month, year = cell["134"], cell.get("135", "")
        if not re.fullmatch("0[1-9]|1[0-2]", month) or not re.fullmatch("20[0-9]{2}", year):
            return "Invalid expiry date"
        if (int(year), int(month)) < (day.year, day.month):
            return "Credit card has expired"
        if cell["133"] not in ("1", "2"):
            return "Invalid card type"
        return "" if self.tokens is None or cell["136"] in self.tokens else "Token is not valid"

    def action_date(self, day: date, service: str, forward: bool) -> date | None:
        """The action date that counts for a file handed in now; none where this one does not and may not move."""
        while not self._may(day, service):
            if not forward:
                return None
            day += timedelta(days=1)
        return day

    def _in_time(self, batch: Batch) -> bool:
        try:
            return self._may(batch.action_date, batch.service)
        except ValueError:
            return False

    def _may(self, day: date, service: str) -> bool:
        now = self.now()
        if service.lower() == "sameday":
            until = datetime.combine(day, time(10, 59))
            if day.weekday() == 5:
                until = datetime.combine(business_days.before(day, 1), time(23, 59))
            free = day.weekday() == 6 or business_days.is_holiday(day)
        else:
            until = datetime.combine(business_days.before(day, self.lead_days), time(23, 59))
            free = not business_days.is_business_day(day)
        return not free and now <= until

    def report(self, token: str) -> str:
        """The load report; not ready at the first polls."""
        batch = next((one for one in self.batches if one.token == token), None)
        if batch is None:
            return "102"
        if batch.polls < self.polls:
            batch.polls += 1
            return "FILE NOT READY"
        stamp = f"R{Decimal(batch.cents) / 100:.2f}\t{batch.action.replace('-', '')}"
        word = ("SUCCESSFUL WITH ERRORS" if batch.bad else "SUCCESSFUL") if batch.loaded else "UNSUCCESSFUL"
        lines = [f"###BEGIN\t{batch.name}\t{word}\t16:52\t{stamp}"]
        lines += [f"Acc Ref :{ref}\tLine :{place}\t{why}\t" for ref, place, why in batch.bad]
        lines += [f"###ERROR: {error}\t{stamp}" for error in batch.errors]
        return "\r\n".join([*lines, "###END\t16:53"])

    def listed(self, key: str, batches: list[Batch]) -> str:
        """Rows about batches, the newest first."""
        return "\r\n".join(
            "\t".join(
                (
                    key,
                    one.guid,
                    one.name,
                    str(self.state(one)),
                    str(len(one.debits)),
                    f"{Decimal(one.cents) / 100:.2f}",
                    one.action,
                    one.authorised or "1900-01-01",
                    "1900-01-01",
                )
            )
            for one in batches
        )

    def newest(self, count: int) -> list[Batch]:
        return [one for one in reversed(self.batches) if one.loaded][:count]

    def named(self, name: str) -> list[Batch]:
        return [one for one in self.newest(len(self.batches)) if one.name == name]

    def state(self, batch: Batch) -> int:
        if batch.status == AUTHORISED and self.now().date() >= self.settles(batch):
            return PROCESSED
        return batch.status

    def settles(self, batch: Batch) -> date:
        return date.fromisoformat(batch.authorised) if self.early and batch.authorised else batch.action_date

    def authorise(self, guid: str) -> str:
        """Let a batch go; what is said to it."""
        batch = next((one for one in self.batches if one.guid == guid and one.loaded), None)
        if batch is None:
            return "320"
        if not self.auto_authorise:
            return "322"
        if self.funds is not None and self.funds < Decimal(batch.cents) / 100:
            return "323"
        if batch.status == UNAUTHORISED:
            batch.status, batch.authorised = AUTHORISED, self.now().date().isoformat()
        return "000"

    def statement(self, day: date) -> str:
        """The statement of one day: what came in, what came back, and what it cost."""
        moved = sorted(self._moved(), key=lambda row: row[0])
        opening = sum((_signed(row) for row in moved if row[0] < day.isoformat()), Decimal(0))
        rows = [row for row in moved if row[0] == day.isoformat()]
        closing = opening + sum((_signed(row) for row in rows), Decimal(0))
        balances = [_balance(day, "OBL", opening), *rows, _balance(day, "CBL", closing)]
        return "\r\n".join("\t".join(row) for row in balances)

    def _moved(self) -> Iterator[list[str]]:
        yield from self.other
        for batch in self.batches:
            if batch.status != UNAUTHORISED:
                yield from self._of_batch(batch)

    def _of_batch(self, batch: Batch) -> Iterator[list[str]]:
        day, kind = self.settles(batch), INSTRUCTIONS[batch.service.lower()]
        for place, debit in enumerate(batch.debits, start=1):
            told = str(700_000_000 + batch.number * 100_000 + place)
            amount = Decimal(debit.cents) / 100
            by_card = debit.detail == CARD
            told_as = OF_CARDS[kind] if by_card else kind
            yield _line(day, told_as, told, f"{debit.reference} {batch.name}", amount, "+", debit.extras)
            if unpaid := self.unpaids.get(debit.reference) or self.by_chance(debit.reference):
                code, delay = unpaid
                back = business_days.after(day, 0 if self.early else delay)
                what = ("DCU", "Credit card") if by_card else ("DRU", "Debit order")
                said = f"{debit.reference} {what[1]} unpaid - Code:{code}"
                yield _line(back, what[0], told, said, amount, "-", debit.extras)
        fee = str(800_000_000 + batch.number)
        yield _line(day, "NSF", fee, f"Service fee {batch.name}", FEE * len(batch.debits), "-", [""] * 3)
        yield _line(day, "VAT", fee, f"VAT {batch.name}", TAX * len(batch.debits), "-", [""] * 3)

    def kept(self) -> dict[str, Any]:
        """What another run of it goes on from."""
        return {
            "batches": [asdict(one) for one in self.batches],
            "other": self.other,
            "unpaids": self.unpaids,
        }

    def go_on(self, kept: dict[str, Any]) -> None:
        self.batches = [
            Batch(**{**one, "debits": [Debit(**debit) for debit in one["debits"]]}) for one in kept["batches"]
        ]
        self.other = kept["other"]
        self.unpaids = {ref: (code, delay) for ref, (code, delay) in kept["unpaids"].items()}


def _debit(cell: dict[str, str]) -> Debit:
    extras = [cell.get(code, "") for code in ("301", "302", "303")]
    return Debit(cell["101"], cell["134"], cell["136"], cell["133"], int(cell["162"]), extras, cell["131"])


def _line(
    day: date, kind: str, told: str, text: str, amount: Decimal, sign: str, extras: list[str]
) -> list[str]:
    return [day.isoformat(), kind, told, text, f"{amount:.2f}", sign, "0.00", *extras, ""]


def _balance(day: date, kind: str, amount: Decimal) -> list[str]:
    name = "Opening balance" if kind == "OBL" else "Closing balance"
    return _line(day, kind, "0", name, abs(amount), "-" if amount < 0 else "+", [""] * 3)


def _signed(row: list[str]) -> Decimal:
    return Decimal(row[4]) * (-1 if row[5] == "-" else 1)

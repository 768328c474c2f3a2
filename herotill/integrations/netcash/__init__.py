"""Netcash, a bureau for debit orders: what goes there, what it says of it, and the results on its statement.

Money is Decimal, in rand. Texts of errors are written for people and hold neither keys nor account numbers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from herotill.errors import DomainError

VENDOR = "24ade73c-98cf-47b3-99be-cc7b867b3080"  # Netcash's public one, for those who write for themselves
TWO_DAY, SAME_DAY = "TwoDay", "SameDay"
CURRENT, SAVINGS, TRANSMISSION = "1", "2", "3"
MASTERCARD, VISA = "1", "2"


class Refused(DomainError):
    """A file or an answer is not what Netcash takes or gives; `line` is the record it is about, 0 for all of it."""

    def __init__(self, why: str, line: int = 0) -> None:
        super().__init__(why)
        self.line = line


@dataclass(frozen=True, slots=True)
class Debit:
    """One debit order of a file. `extras` come back on the statement."""

    reference: str
    name: str
    holder: str
    account_type: str
    branch_code: str
    number: str
    amount: Decimal
    extras: tuple[str, str, str] = ("", "", "")

    def __repr__(self) -> str:
        return f"<Debit {self.reference} {self.amount}>"  # never an account number in a log


@dataclass(frozen=True, slots=True)
class CardDebit:
    """One charge of a card that Pay Now keeps: by its token, never by its number. `expires_on` is its last day."""

    reference: str
    name: str
    holder: str
    brand: str
    expires_on: date
    token: str
    last_four: str
    amount: Decimal
    extras: tuple[str, str, str] = ("", "", "")

    def __repr__(self) -> str:
        return f"<CardDebit {self.reference} {self.amount}>"


@dataclass(frozen=True, slots=True)
class File:
    """What is handed in as one batch: debits of bank accounts, or of cards."""

    name: str
    action_date: date
    debits: tuple[Debit | CardDebit, ...]
    instruction: str = TWO_DAY

    @property
    def total(self) -> Decimal:
        return sum((debit.amount for debit in self.debits), Decimal("0.00"))


@dataclass(frozen=True, slots=True)
class LoadReport:
    """What became of a file: loaded or not, why not, and what is wrong with single lines, by their reference.

    `raw` is the report as it came.
    """

    loaded: bool
    name: str = ""
    errors: tuple[str, ...] = ()
    lines: Mapping[str, str] = field(default_factory=dict)
    raw: str = ""


class Status:
    """The states of a batch there."""

    UNAUTHORISED, AUTHORISED, LOCKED, PROCESSED, NO_FUNDS = 1, 2, 3, 4, 5


@dataclass(frozen=True, slots=True)
class BatchStatus:
    """A batch as it stands there."""

    guid: str
    name: str
    status: int
    volume: int
    value: Decimal


@dataclass(frozen=True, slots=True)
class StatementRow:
    """A row of the statement; `amount` is signed: what came in is more than zero."""

    line: int
    day: date
    kind: str
    told_id: str
    text: str
    amount: Decimal
    vat: Decimal
    extras: tuple[str, str, str]
    code: str = ""


@dataclass(frozen=True, slots=True)
class Statement:
    """The rows between balances. `trouble` says what does not add up; `checked` whether there were both ends."""

    rows: tuple[StatementRow, ...]
    opening: Decimal | None = None
    closing: Decimal | None = None
    checked: bool = False
    trouble: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Keys:
    """The service keys: that of debit orders, and that of the account (statement and checks)."""

    debit: str
    account: str

    def __repr__(self) -> str:
        return "<Keys>"

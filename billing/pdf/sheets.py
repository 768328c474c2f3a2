"""All that a printed document shows. Texts are plain; amounts are rand."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum

from herotill.pdf.letterhead import Letterhead

# 120 days and more, 90, 60, 30, current; their sum is what is due.
Ageing = tuple[Decimal, Decimal, Decimal, Decimal, Decimal]


class Kind(StrEnum):
    """What a document is."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    DEBIT_NOTE = "debit_note"
    ADJUSTMENT = "adjustment"
    WRITE_OFF = "write_off"


@dataclass(frozen=True, slots=True)
class Party:
    """Whom it is addressed to; the code is their payment reference."""

    name: str
    code: str
    address: tuple[str, ...] = ()
    vat_number: str = ""


@dataclass(frozen=True, slots=True)
class SheetLine:
    """One line. `includes_vat` says in which terms the unit price is; `group` names the sub-account it is for."""

    text: str
    quantity: Decimal
    unit_price: Decimal
    excl: Decimal
    vat: Decimal
    incl: Decimal
    vat_class: str = "standard"
    vat_rate: Decimal = Decimal(0)
    discount: Decimal = Decimal(0)
    includes_vat: bool = True
    first: date | None = None
    last: date | None = None
    group: str = ""


@dataclass(frozen=True, slots=True)
class Correction:
    """Why a later version of the same document was made."""

    version: int
    day: date
    reason: str


@dataclass(frozen=True, slots=True)
class DocumentSheet:
    """An issued document. `against` is the document it changes and that one's date; `ageing` is of its day, unless
    `ageing_day` is another."""

    kind: Kind
    letterhead: Letterhead
    party: Party
    name: str
    day: date
    due: date
    lines: tuple[SheetLine, ...]
    excl: Decimal
    vat: Decimal
    incl: Decimal
    reference: str = ""
    reason: str = ""
    against: tuple[str, date] | None = None
    ageing: Ageing | None = None
    ageing_day: date | None = None
    correction: Correction | None = None
    copy: bool = False


@dataclass(frozen=True, slots=True)
class StatementEntry:
    """A line of a statement: what was owed or paid, and the balance after it."""

    day: date
    name: str
    text: str
    debit: Decimal | None
    credit: Decimal | None
    balance: Decimal


@dataclass(frozen=True, slots=True)
class StatementSheet:
    """An account from one day to another. `stamp` says how up to date it is, in words; `deposits` are in no sum."""

    letterhead: Letterhead
    party: Party
    first: date
    last: date
    opening: Decimal
    entries: tuple[StatementEntry, ...]
    closing: Decimal
    ageing: Ageing | None = None
    stamp: str = ""
    deposits: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Settlement:
    """What settled an entry, or what it settled: the other's number, the day and the amount."""

    name: str
    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Transaction:
    """An entry of the ledger with what was set off against it and what of it is still open."""

    day: date
    kind: str
    name: str
    text: str
    amount: Decimal
    open: Decimal
    balance: Decimal
    settled: tuple[Settlement, ...] = ()


@dataclass(frozen=True, slots=True)
class TransactionSheet:
    """Every entry of an account from one day to another, with how each was settled."""

    letterhead: Letterhead
    party: Party
    first: date
    last: date
    opening: Decimal
    transactions: tuple[Transaction, ...]
    closing: Decimal
    stamp: str = ""


@dataclass(frozen=True, slots=True)
class ReceiptSheet:
    """Proof of a payment. `unallocated` is what no document has taken yet; `reversed_on` takes it all back."""

    letterhead: Letterhead
    party: Party
    name: str
    day: date
    amount: Decimal
    method: str
    reference: str = ""
    paid: tuple[Settlement, ...] = ()
    unallocated: Decimal = Decimal(0)
    balance: Decimal | None = None
    balance_day: date | None = None
    reversed_on: date | None = None
    reversed_why: str = ""
    copy: bool = False

"""What an import knows, asks and decides: the words in which its parts speak to each other."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from enum import StrEnum


class Kind(StrEnum):
    """What sort of customer it is."""

    INDIVIDUAL = "individual"
    COMPANY = "company"


class Action(StrEnum):
    """What is done with a record."""

    CREATE = "create"
    UPDATE = "update"
    REFUSE = "refuse"
    SKIP = "skip"


@dataclass(frozen=True, slots=True)
class Record:
    """What one record of the file says, in our terms. An empty value means: the file says nothing.

    `faults` are reasons to refuse it, in the order in which the first that applies is told; `excused`
    are those that do not count when the customer is already there.
    """

    code: str
    kind: Kind
    company_name: str
    names: str
    surname: str
    name: str
    contact_name: str
    emails: tuple[str, ...]
    phone: str
    other_phone: str
    further_phones: tuple[str, ...]
    id_number: str
    registration_number: str
    vat_number: str
    address_lines: tuple[str, ...]
    suburb: str
    town: str
    postal_code: str
    postal_address: str
    category: str
    label: str
    group: str
    billing_group: str
    opened: date | None
    status: str
    master: str
    note: str
    balance: Decimal | None
    warnings: frozenset[str]
    faults: tuple[str, ...]
    excused: frozenset[str]

    @property
    def note_text(self) -> str:
        """The note with the telephone numbers for which there is no other place."""
        further = f"Further numbers: {', '.join(self.further_phones)}" if self.further_phones else ""
        return "\n".join(part for part in (self.note, further) if part)


@dataclass(frozen=True, slots=True)
class Holding:
    """What a customer holds, as far as an import compares or reports it. `master` is a code."""

    kind: Kind
    name: str
    contact_name: str
    emails: tuple[str, ...]
    phone: str
    status: str
    master: str = ""
    opened: date | None = None
    balance: Decimal = Decimal("0.00")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a file makes an import ask of the database, so that a large one need not be read whole.

    `codes` are those of customers and masters, `emails` the addresses by which a record without a code
    may find its customer, `letters` the beginnings of codes that may have to be given out.
    """

    codes: Set[str]
    emails: Set[str]
    letters: Set[str]


@dataclass(frozen=True, slots=True)
class Known:
    """What the database holds: the answer to `Wanted`.

    `by_email` gives, per primary address in lower case, the codes of its customers, oldest first; each
    of them is in `customers` too. `taken` are all codes of the wanted letters followed by digits.
    """

    customers: Mapping[str, Holding] = field(default_factory=dict)
    by_email: Mapping[str, Sequence[str]] = field(default_factory=dict)
    taken: Set[str] = frozenset()
    categories: Set[str] = frozenset()
    labels: Set[str] = frozenset()
    groups: Set[str] = frozenset()
    billing_groups: Set[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is done with the record that begins on `line`, and what the customer holds afterwards.

    `cells` are the record as it stood in the file. `record` is missing where it was not read so far.
    `category`, `label`, `group` and `billing_group` are the names under which they exist, or are to be created.
    In an update an empty value of the record leaves the customer's; master and balance always stay.
    """

    line: int
    action: Action
    reason: str = ""
    code: str = ""
    warnings: tuple[str, ...] = ()
    record: Record | None = None
    holding: Holding | None = None
    category: str = ""
    label: str = ""
    group: str = ""
    billing_group: str = ""
    cells: tuple[str, ...] = ()

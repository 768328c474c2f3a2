"""The port of the books kept elsewhere: what an accounting system holds and does for us, in our words.

SageOne is the first (`herotill.integrations.sageone`). Money is Decimal, in rand with two places; days are local; moments are aware, by the clock
over there, which may differ from ours. An id is theirs, as text; "" is one that is not there yet.
`packages.opened(connection)` gives the Books of a connection. Errors: `NotSent` (nothing happened there), `Uncertain` (perhaps it did: look it up), and those of `errors`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from typing import Protocol

from herotill.errors import DomainError

NEVER = date(1900, 1, 1)  # the day of a receipt of which they do not say one


@dataclass(frozen=True, slots=True, repr=False)
class Credentials:
    """What the books know us by: a user there, and the key of this program."""

    user: str
    password: str
    api_key: str

    def __repr__(self) -> str:
        return "<Credentials>"


@dataclass(frozen=True, slots=True)
class Connection:
    """One company's books: who asks, and by which package. `company_id` may be "" to list the companies."""

    credentials: Credentials
    company_id: str = ""
    version: str = "2.0.0"


@dataclass(frozen=True, slots=True)
class Company:
    """A company whose books are kept there. Nothing may be posted on `locked_until` or before it.

    `ages_by_month` says that ages are counted in months, not in 30 days; `ages_from_due` from the due date.
    """

    id: str
    name: str
    vat_number: str = ""
    active: bool = True
    locked_until: date | None = None
    ages_by_month: bool = True
    ages_from_due: bool = False


@dataclass(frozen=True, slots=True)
class BankAccount:
    """A bank account in the books."""

    id: str
    name: str
    bank: str = ""
    number: str = ""
    active: bool = True
    default: bool = False


@dataclass(frozen=True, slots=True)
class TaxType:
    """A kind of VAT in the books; `rate` is in per cent."""

    id: str
    name: str
    rate: Decimal
    default: bool = False
    active: bool = True


@dataclass(frozen=True, slots=True)
class Account:
    """An account of the general ledger, to which a line of a document may be posted."""

    id: str
    name: str
    category: str = ""
    active: bool = True


@dataclass(frozen=True, slots=True)
class Customer:
    """A customer, as we send one and as one stands there. `code` is ours; `balance` and `modified` are theirs.

    Addresses are up to five lines.
    """

    code: str
    name: str
    id: str = ""
    contact: str = ""
    email: str = ""
    telephone: str = ""
    mobile: str = ""
    vat_number: str = ""
    registration_number: str = ""
    postal: tuple[str, ...] = ()
    street: tuple[str, ...] = ()
    active: bool = True
    balance: Decimal | None = None
    modified: datetime | None = None


class Kind(StrEnum):
    """What a document is; the values are those of our own documents."""

    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"
    DEBIT_NOTE = "debit_note"
    ADJUSTMENT = "adjustment"
    WRITE_OFF = "write_off"


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a document, posted to `account`. Amounts are for the whole line, in the document's own terms.

    `tax_type` is "" where there is no VAT; `vat_rate` is in per cent.
    """

    text: str
    account: str
    tax_type: str
    vat_rate: Decimal
    excl: Decimal
    vat: Decimal
    incl: Decimal


@dataclass(frozen=True, slots=True)
class Document:
    """A document as we send it. `number` is ours and names it for ever; `incl` is signed for an adjustment only."""

    kind: Kind
    number: str
    customer_id: str
    day: date
    due: date
    lines: tuple[Line, ...]
    incl: Decimal
    vat: Decimal = Decimal("0.00")
    reference: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True)
class Booked:
    """A document as it stands there. `reference` is our number; `incl` and `vat` as those books count them.

    `support_id` is what the partner asks for when something is to be found out.
    """

    id: str
    kind: Kind
    number: str
    reference: str
    customer_id: str
    day: date
    incl: Decimal
    vat: Decimal
    support_id: str = ""


@dataclass(frozen=True, slots=True)
class Receipt:
    """Money that the books say came in from a customer. `changed` is when it was made or last changed, theirs.

    What they do not say of it is empty: `customer_id`, `bank_account_id`; `day` is NEVER then. `customer` and `code`
    are the customer's name and our code as they stand there, where a receipt comes with them.
    """

    id: str
    customer_id: str
    bank_account_id: str
    day: date
    amount: Decimal
    reference: str = ""
    description: str = ""
    number: str = ""
    method: str = ""
    unallocated: Decimal = Decimal("0.00")
    changed: datetime | None = None
    customer: str = ""
    code: str = ""


@dataclass(frozen=True, slots=True)
class Ageing:
    """What a customer owes by those books on a day, by age. `code` is ours, where the customer carries it there."""

    customer_id: str
    customer: str
    total: Decimal
    current: Decimal
    days30: Decimal
    days60: Decimal
    days90: Decimal
    days120: Decimal
    code: str = ""


class Books(Protocol):
    """One company's books. Every call counts against what the partner allows; each list comes by pages."""

    def companies(self) -> Sequence[Company]:
        """The companies these credentials may see: the test of a connection, which a person may repeat."""
        ...

    def company(self) -> Company:
        """The company of this connection. Raises NotThere."""
        ...

    def bank_accounts(self) -> Sequence[BankAccount]:
        """All bank accounts."""
        ...

    def tax_types(self) -> Sequence[TaxType]:
        """All kinds of VAT."""
        ...

    def accounts(self) -> Sequence[Account]:
        """The accounts to which lines may be posted."""
        ...

    def customers(self) -> Iterator[Sequence[Customer]]:
        """All customers, page by page, by id."""
        ...

    def customer(self, id: str) -> Customer | None:
        """The one of that id."""
        ...

    def customers_of(self, code: str) -> Sequence[Customer]:
        """Those that carry our code: look here before one is made, and after an Uncertain."""
        ...

    def save_customer(self, customer: Customer) -> Customer:
        """Make one, or change the one of its id. Raises Refused, Uncertain."""
        ...

    def documents_of(self, kind: Kind, number: str) -> Sequence[Booked]:
        """What stands there under our number: look here before one is saved, and after an Uncertain."""
        ...

    def save_document(self, document: Document) -> Booked:
        """Make one. It is not asked whether it stands there already. Raises Refused, Uncertain."""
        ...

    def receipts(self, *, since: datetime | None = None, after: str = "") -> Iterator[Sequence[Receipt]]:
        """Receipts by id, page by page, each once: all, or those made or changed since a moment of their clock.

        It ends only when the books said that there are no more; else it raises, so what came before an error is
        true but not all. `after` goes on behind that id. What is deleted meanwhile hides nothing else.
        """
        ...

    def receipts_of(self, ids: Collection[str]) -> Sequence[Receipt]:
        """Those of these that stand there. Ask before one that a scan did not show is taken as deleted."""
        ...

    def spent(self) -> Decimal:
        """Which part of the calls of today is used up, from 0 to 1; 0 where they are not counted."""
        ...

    def ageing(self, day: date, *, customer_id: str = "", from_due: bool = False) -> Iterator[Ageing]:
        """What customers owe there on a day: all who owe or are owed, or that one; aged from the due date or not.

        One may come twice; what comes last counts. It ends only when it is whole, or raises.
        """
        ...


def tax_type_for(rate: Decimal, types: Iterable[TaxType]) -> TaxType:
    """The kind of VAT for a rate in per cent: the default where it fits, else another active one of that rate.

    Zero-rated is not exempt, though both are 0 %: it takes one that calls itself zero. Raises DomainError where
    there is none: nothing is posted under a wrong rate.
    """
    found = [one for one in types if one.active and one.rate == rate and (rate or "zero" in one.name.lower())]
    if not found and not rate:
        raise DomainError("The books have no active kind of VAT at 0 % that is called zero-rated.")
    if not found:
        raise DomainError(f"The books have no active kind of VAT at {rate:f} %.")
    return min(found, key=lambda one: (not one.default, one.id))

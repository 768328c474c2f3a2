"""What the month-end run bills: the sources of it, and how a thing to be billed looks to the run.

An app that has something to bill (recurring items, data accounts, voice lines) registers a `BillableSource`.
It knows nothing of runs, documents or VAT; the run knows nothing of where a thing comes from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Literal, NamedTuple

from herotill.money import ZERO
from herotill.registry import Registry
from herotill.vat import STANDARD

ProRata = Literal["daily", "full", "none"]
ONE = Decimal(1)


class OwnPrice(NamedTuple):
    """A price of the thing's own, from a day on; without an amount the price list counts again.

    `id` is what a notice of it names; `agreed` needs none.
    """

    starts_on: date
    amount: Decimal | None
    agreed: bool = False
    id: int = 0


class Days(NamedTuple):
    """Days, both included."""

    first: date
    last: date


class Billable(NamedTuple):
    """One thing on one customer that is billed every month, or `once` on its first day.

    (`source`, `item_id`) says which for ever: the database bills it once a period. The price a unit is the
    newest of `prices`, before the first of them (and where the newest has no amount) that of the product on the
    customer's price list, else everybody's; it includes VAT where `includes_vat` says so. Days before `bill_from` were billed elsewhere,
    those of `holds` are not billed. `pro_rata` says how a month counts of which not all days are. Until
    `fixed_until` no rise counts. `text` is what the invoice says; the run adds the days. Things of a source with
    the same `one_of` are one to people, such as the packages an account has one after the other. The text of one that `says_days` names
    them itself.
    """

    source: str
    item_id: int
    customer_id: int
    product_id: int | None
    text: str
    starts_on: date
    quantity: Decimal = ONE
    prices: tuple[OwnPrice, ...] = ()
    discount: Decimal = ZERO
    discount_until: date | None = None
    includes_vat: bool = True
    vat_class: str = STANDARD
    pro_rata: ProRata = "daily"
    ends_on: date | None = None
    bill_from: date | None = None
    holds: tuple[Days, ...] = ()
    fixed_until: date | None = None
    once: bool = False
    one_of: int | None = None
    says_days: bool = False


@dataclass(frozen=True, slots=True)
class BillableSource:
    """Something that has things to bill. `name` (up to ten characters) stands on every line, for ever.

    `rows(customers, first, last)` gives what these customers have with days between the two, both included,
    in few statements however many customers there are; and of what is billed once that which lies before and
    was never billed, however old it is. `watched` are the tables, or SELECTs in brackets, of which any change makes
    the preview of a month-end void; of those `watched_to_the_end` with a column of days only rows up to the last day
    of the service month count. `monthly` ones stand on the card of what is billed every month.
    """

    name: str
    title: str
    rows: Callable[[Sequence[int], date, date], Iterable[Billable]]
    order: int = 100
    watched: tuple[str, ...] = ()
    watched_to_the_end: tuple[tuple[str, str], ...] = ()
    monthly: bool = True


billable_sources: Registry[BillableSource] = Registry("billable source")

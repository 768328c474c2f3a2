"""What the accepted quote of a lead holds, as it would be taken over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from customers.models import Customer
from dataaccounts.selectors import accounts
from herotill.money import cents
from herotill.reference.selectors.prices import prices
from workflow.models import Lead, QuoteLine, TakenOver
from workflow.selectors import quotes

HUNDRED = Decimal(100)


@dataclass(frozen=True, slots=True)
class Offer:
    """One part of a line: a data account, a monthly item or a once-off charge.

    `quoted` is a unit's price in the product's terms, after the discount where it becomes an account; `price` is
    what it needs as a price of its own, None where that is the list's on the day. `taken` is what it became.
    """

    line: QuoteLine
    part: int
    username: str
    quoted: Decimal
    listed: Decimal | None
    taken: TakenOver | None

    @property
    def is_taken(self) -> bool:
        return self.taken is not None

    @property
    def key(self) -> str:
        return f"{self.line.pk}-{self.part}"

    @property
    def price(self) -> Decimal | None:
        return None if self.quoted == self.listed else self.quoted

    @property
    def is_account(self) -> bool:
        return self.line.package_id is not None

    @property
    def is_once(self) -> bool:
        return not self.line.monthly


def taken(lead: Lead) -> dict[tuple[int, int], TakenOver]:
    """What was taken over for a lead, by line and part."""
    found = TakenOver.objects.filter(lead=lead).select_related("line", "account", "item")
    return {(one.line_id, one.part): one for one in found}


def offers(lead: Lead, day: date) -> list[Offer]:
    """All parts of the accepted quote; none where there is no quote, or no customer yet."""
    quote = quotes.accepted(lead)
    if quote is None or lead.customer is None:
        return []
    return list(_offers(lead, lead.customer, quotes.lines(quote), day))


def _offers(lead: Lead, customer: Customer, lines: list[QuoteLine], day: date) -> Iterator[Offer]:
    done = taken(lead)
    parts = [(line, part) for line in lines for part in range(1, _parts(line) + 1)]
    free = iter(accounts.proposed_usernames(customer, sum(line.package_id is not None for line, _ in parts)))
    table = prices({line.product_id for line in lines} | _of_packages(lines))
    profile = getattr(customer, "billing_profile", None)
    own = profile.price_list_id if profile else None
    for line, part in parts:
        made = done.get((line.pk, part))
        name = next(free) if line.package_id and made is None else ""
        listed = table.on(_billed_by(line), own, day)
        yield Offer(line, part, name, _quoted(line), listed, made)


def _parts(line: QuoteLine) -> int:
    return line.quantity if line.package_id else 1


def _of_packages(lines: list[QuoteLine]) -> set[int]:
    return {_billed_by(line) for line in lines}


def _billed_by(line: QuoteLine) -> int:
    """The product whose price counts: an account is billed by its package's."""
    package = line.package
    return package.product_id if package and package.product_id else line.product_id


def _quoted(line: QuoteLine) -> Decimal:
    if line.package_id is None:
        return line.price  # an item keeps the discount beside its price
    return cents(line.price * (HUNDRED - line.discount) / HUNDRED)

"""Writing a month's charges as lines that wait for their document: for one customer or for all.

Decided in Python over streamed tuples, written by COPY. Whoever charges the same customers at the same
moment waits for its turn (`locks.take_turns`) and then finds them charged; should anything go past that, the
database bills nothing twice (`billed_once_a_period`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import transaction

from billing.models import Line, MonthEnd
from billing.policies.charging import Bill, Reckoner
from billing.selectors import charging as reads
from billing.selectors.charging import Owner
from billing.services import locks
from herotill.billable import Billable
from herotill.bulk import copy_rows
from herotill.months import Month
from herotill.moving_in import want_billing_on

CATCH_UP = 2  # service months before, of which days that were never billed are billed now
AT_ONCE = 10_000  # customers
COLUMNS = (
    "customer for_customer product text quantity unit_price discount includes_vat first last vat_class vat_rate"
    " excl vat incl source item_id period part"
).split()


class Decision(NamedTuple):
    """What is billed of one thing for one month. `catch_up`: a month before that was never billed."""

    item: Billable
    month: Month
    payer: int
    bill: Bill
    catch_up: bool


@dataclass(slots=True)
class Plan:
    """A run of charges: the service month, how far its days go, and what all customers have in common."""

    month: Month
    book: reads.Book
    upto: date
    months: list[Month]
    reckoners: dict[Month, Reckoner]
    earlier: dict[Month, Reckoner] = field(default_factory=dict)

    @property
    def first(self) -> date:
        return self.months[0].first

    def reckoner(self, month: Month) -> Reckoner:
        """That of a month, also of one before those that are charged."""
        if month not in self.reckoners:
            self.earlier.setdefault(month, self.book.reckoner(month))
        return self.reckoners.get(month) or self.earlier[month]


def plan(month: Month, *, cut_off: int = 31) -> Plan:
    """Charges of a service month; what begins after its `cut_off` day is left to the next run."""
    months = [month.plus(back) for back in range(-CATCH_UP, 1)]
    book = reads.book()
    upto = month.days()[min(cut_off, month.length) - 1]
    return Plan(month, book, upto, months, {one: book.reckoner(one) for one in months})


def plan_of(month_end: MonthEnd) -> Plan:
    """The charges of a month-end."""
    return plan(month_end.service_month, cut_off=month_end.cut_off_day)


def groups(month_end: MonthEnd, *, after: int = 0) -> Iterator[list[Owner]]:
    """The customers of a month-end by id, ten thousand at once."""
    month = month_end.service_month.first
    while owners := reads.next_owners(
        after=after, group=month_end.billing_group_id, month=month, limit=AT_ONCE
    ):
        owners = owners[: locks.whole_turns([owner.id for owner in owners], AT_ONCE)]
        yield owners
        after = owners[-1].id


def month_of(item: Billable) -> Month:
    """The month in which a thing is billed that is billed once."""
    return Month.of(item.starts_on)


def left_out(owner: Owner, pays: bool) -> str:
    """Why the run leaves a customer out, or nothing. `pays`: by itself, not by its master."""
    if owner.prepaid:
        return "prepaid"
    if owner.paused or (not pays and owner.master_paused):
        return "paused"
    return "cancelled" if not pays and owner.master_cancelled else ""


class Decided:
    """What is to be billed of some customers now, and what that was decided from."""

    def __init__(self, plan: Plan, owners: Sequence[Owner]) -> None:
        self.plan, self.owners = plan, owners
        self.known = {owner.id: owner for owner in owners}
        ids = list(self.known)
        self.facts = reads.facts(owners, plan.first, plan.month.last)
        notices = reads.notices(ids)
        for reckoner in plan.reckoners.values():
            reckoner.notices = notices
        self.everything = list(reads.billables(ids, plan.first, plan.month.last))
        self.items = [item for item in self.everything if self._due(item)]
        self._owed = reads.owed(self.items, [month.first for month in plan.months])
        self._late = [item for item in self.items if item.once and item.starts_on < plan.first]
        if self._late:
            self._owed |= reads.owed(self._late, sorted({month_of(item).first for item in self._late}))

    def _due(self, item: Billable) -> bool:
        """Not what begins after the cut-off, nor what runs on at a customer who is cancelled."""
        if item.starts_on > self.plan.upto:
            return False
        return item.ends_on is not None or item.once or not self.known[item.customer_id].cancelled

    @property
    def decisions(self) -> Iterator[Decision]:
        """By customer and item: months neither billed nor waived, of customers who are not left out."""
        owed, facts, month_now = self._owed, self.facts, self.plan.month
        for item in self.items:
            owner = self.known[item.customer_id]
            for month, reckoner in self.plan.reckoners.items():
                if item.item_id not in owed[item.source, reckoner.first] or not reckoner.served(item):
                    continue
                payer = owner.id if owner.master is None else facts.payer(owner, reckoner.first)
                if not left_out(owner, payer == owner.id):
                    yield Decision(item, month, payer, self._bill(item, reckoner), month != month_now)
        yield from self._late_ones()

    def _late_ones(self) -> Iterator[Decision]:
        """What was to be billed once, longer ago than days are caught up, and never was: now, whole."""
        for item in self._late:
            owner, month = self.known[item.customer_id], month_of(item)
            reckoner = self.plan.reckoner(month)
            if item.item_id not in self._owed[item.source, month.first] or not reckoner.served(item):
                continue
            payer = owner.id if owner.master is None else self.facts.payer(owner, self.plan.month.first)
            if not left_out(owner, payer == owner.id):
                yield Decision(item, month, payer, self._bill(item, reckoner), True)

    def _bill(self, item: Billable, reckoner: Reckoner) -> Bill:
        holds = self.facts.holds.get(item.customer_id, ())
        bill = reckoner.bill(item, price_list=self.known[item.customer_id].price_list, holds=holds)
        if item.once and not item.says_days and reckoner.first < self.plan.month.first:
            dated = f", {item.starts_on.day} {reckoner.month.label}"
            return Bill(tuple(charge._replace(words=dated) for charge in bill.charges), bill.remarks)
        return bill

    def running_on(self, owner: Owner) -> bool:
        """Whether a cancelled customer has something that nobody gave an end."""
        return any(
            item.customer_id == owner.id and not item.ends_on and not item.once for item in self.everything
        )

    def waived(self, item: Billable, reckoner: Reckoner) -> bool:
        """Whether a person decided not to bill this month; asked of what was not charged."""
        owed = self._owed.get((item.source, reckoner.first), set())
        return self._due(item) and item.item_id not in owed and reckoner.served(item) is not None

    def now_due(self, item: Billable, month: Month) -> Decimal:
        """What a month of a thing comes to by what is known today, billed or not."""
        return self._bill(item, self.plan.reckoners[month]).incl


def lines(decisions: Iterable[Decision]) -> Iterator[tuple[object, ...]]:
    """The rows of `Line` for what was decided."""
    for item, month, payer, bill, _ in decisions:
        owner = item.customer_id
        for part, (first, last, words, price, discount, *amounts) in enumerate(bill.charges):
            yield (
                payer,
                owner if payer != owner else None,
                item.product_id,
                item.text + words,
                item.quantity,
                price,
                discount,
                item.includes_vat,
                first,
                last,
                *amounts,
                item.source,
                item.item_id,
                month.first,
                part,
            )


@transaction.atomic
def charge(plan: Plan, owners: Sequence[Owner]) -> int:
    """Write the charges of these customers; how many lines. Raises DomainError while we move in."""
    if not owners:
        return 0
    want_billing_on()
    locks.take_turns([owner.id for owner in owners])
    decided = Decided(plan, owners)  # All is read before COPY begins, which has the connection to itself.
    return copy_rows(Line, COLUMNS, lines(decided.decisions))


@transaction.atomic
def generate(*, customers: Sequence[int], month: Month) -> int:
    """Charge these customers for a service month, with the sub-accounts they pay for; how many lines."""
    owners = reads.owners_of(customers)
    facts = reads.facts(owners, month.first, month.last)
    wanted = set(customers)
    return charge(
        plan(month),
        [owner for owner in owners if owner.id in wanted or facts.payer(owner, month.first) in wanted],
    )


@transaction.atomic
def clear(*, customers: Sequence[int], month: Month) -> int:
    """Take away what waits at these customers for this month or one before; how many lines.

    Only what the sources charged, never what a person did by hand. The next run charges it again.
    """
    locks.take_turns(customers)
    waiting = Line.objects.filter(document=None, customer__in=customers, period__lte=month.first)
    return waiting.exclude(source="").delete()[0]

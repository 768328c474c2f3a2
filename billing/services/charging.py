"""Writing a month's charges as lines that wait for their document: for one customer or for all.

Decided in Python over streamed tuples, written by COPY. Whoever charges the same customers at the same
moment waits for its turn (`locks.take_turns`) and then finds them charged; should anything go past that, the
database bills nothing twice (`billed_once_a_period`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from django.db import transaction

from billing.models import Line
from billing.policies.charging import Bill, Reckoner
from billing.selectors import charging as reads
from billing.selectors.charging import Owner
from billing.services import locks
from herotill.billable import Billable
from herotill.bulk import copy_rows
from herotill.months import Month

CATCH_UP = 2  # service months before, of which days that were never billed are billed now
AT_ONCE = 10_000  # customers
_COLUMNS = (
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

    @property
    def first(self) -> date:
        return self.months[0].first


def plan(month: Month, *, cut_off: int = 31) -> Plan:
    """Charges of a service month; what begins after its `cut_off` day is left to the next run."""
    months = [month.plus(back) for back in range(-CATCH_UP, 1)]
    book = reads.book()
    upto = month.days()[min(cut_off, month.length) - 1]
    return Plan(month, book, upto, months, {one: book.reckoner(one) for one in months})


def left_out(owner: Owner, pays: bool) -> str:
    """Why the run leaves a customer out, or nothing. `pays`: by itself, not by its master."""
    if owner.prepaid:
        return "prepaid"
    if owner.paused or (not pays and owner.master_paused):
        return "paused"
    return "cancelled" if not pays and owner.master_cancelled else ""


def decide(plan: Plan, owners: Sequence[Owner]) -> Iterator[Decision]:
    """What is to be billed of these customers now, by customer: months neither billed nor waived."""
    known = {owner.id: owner for owner in owners}
    facts = reads.facts(owners, plan.first, plan.month.last)
    notices = reads.notices(list(known))
    for reckoner in plan.reckoners.values():
        reckoner.notices = notices
    items = [
        item for item in reads.billables(list(known), plan.first, plan.month.last) if _due(item, plan, known)
    ]
    owed = reads.owed(items, [month.first for month in plan.months])
    for item in items:
        owner = known[item.customer_id]
        for month, reckoner in plan.reckoners.items():
            if item.item_id not in owed[item.source, reckoner.first] or not reckoner.served(item):
                continue
            payer = owner.id if owner.master is None else facts.payer(owner, reckoner.first)
            if not left_out(owner, payer == owner.id):
                holds = facts.holds.get(owner.id, ())
                bill = reckoner.bill(item, price_list=owner.price_list, holds=holds)
                yield Decision(item, month, payer, bill, month != plan.month)


def _due(item: Billable, plan: Plan, owners: Mapping[int, Owner]) -> bool:
    """Not what begins after the cut-off, nor what runs on at a customer who is cancelled."""
    if item.starts_on > plan.upto:
        return False
    return item.ends_on is not None or item.once or not owners[item.customer_id].cancelled


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
    """Write the charges of these customers; how many lines."""
    if not owners:
        return 0
    locks.take_turns([owner.id for owner in owners])
    decided = list(decide(plan, owners))  # Before COPY begins, which has the connection to itself.
    return copy_rows(Line, _COLUMNS, lines(decided))

"""What the run reads: who is billed, by whom it is paid, what was billed already, and what things cost."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from billing.policies.charging import Reckoner
from billing.policies.pricing import Notices, PriceBook
from herotill.billable import Billable, Days, billable_sources
from herotill.bulk import array_of_ids
from herotill.months import Month
from herotill.reference.models import Price
from herotill.reference.selectors import vat

Mode = tuple[date, str]


class Owner(NamedTuple):
    """A customer as the run sees it, with the master that may pay."""

    id: int
    cancelled: bool
    prepaid: bool
    paused: bool
    price_list: int | None
    master: int | None
    master_cancelled: bool
    master_paused: bool


_OWNERS = """
SELECT c.id, c.status = 'cancelled', c.prepaid, coalesce(p.paused, false), p.price_list_id, c.master_id,
       coalesce(m.status = 'cancelled', false), coalesce(mp.paused, false)
FROM customers_customer c
LEFT JOIN billing_billingprofile p ON p.customer_id = c.id
LEFT JOIN customers_customer m ON m.id = c.master_id
LEFT JOIN billing_billingprofile mp ON mp.customer_id = c.master_id
"""
# The group is that of who pays.
_OF_GROUP = """
(%(group)s::bigint IS NULL OR %(group)s = CASE WHEN c.master_id IS NOT NULL AND (
    SELECT s.mode FROM billing_subaccountmode s WHERE s.customer_id = c.id AND s.starts_on <= %(month)s
    ORDER BY s.starts_on DESC LIMIT 1) IN ('master', 'reseller') THEN m.billing_group_id ELSE c.billing_group_id END)
"""
_NEXT = f"{_OWNERS} WHERE c.id > %(after)s AND {_OF_GROUP} ORDER BY c.id LIMIT %(limit)s"
_NAMED = f"{_OWNERS} WHERE c.id = ANY (%(customers)s) OR c.master_id = ANY (%(customers)s) ORDER BY c.id"
_SETTLED = """
SELECT l.period, array_agg(l.item_id) FROM unnest(%(items)s::bigint[]) i (id) CROSS JOIN LATERAL (
    SELECT item_id, period FROM billing_line WHERE source = %(source)s AND item_id = i.id
    AND period BETWEEN %(first)s AND %(last)s AND part = 0 OFFSET 0
) l GROUP BY l.period
UNION ALL
SELECT w.period, array_agg(w.item_id) FROM billing_waiver w
WHERE w.source = %(source)s AND w.period BETWEEN %(first)s AND %(last)s GROUP BY w.period
"""
_NOTICES = """
SELECT customer_id, CASE WHEN price_id IS NOT NULL THEN 'price' WHEN item_price_id IS NOT NULL THEN 'item' ELSE 'data' END,
    coalesce(price_id, item_price_id, account_price_id), sent_on FROM billing_pricenotice
WHERE sent_on IS NOT NULL AND customer_id = ANY (%s)
"""


def rows(statement: str, values: Any) -> list[tuple[Any, ...]]:
    """All rows of a statement, as tuples."""
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        return cursor.fetchall()


def next_owners(*, after: int, group: int | None, month: date, limit: int) -> list[Owner]:
    """The next customers by id, of the billing group whose payer is in it, or of all."""
    values = {"after": after, "group": group, "month": month, "limit": limit}
    return [Owner(*row) for row in rows(_NEXT, values)]


def owners_of(customers: Sequence[int]) -> list[Owner]:
    """These customers and their sub-accounts."""
    return [Owner(*row) for row in rows(_NAMED, {"customers": list(customers)})]


@dataclass(slots=True)
class Facts:
    """What is known of some customers for a run of some months."""

    modes: dict[int, list[Mode]]
    holds: dict[int, list[Days]]

    def payer(self, owner: Owner, month: date) -> int:
        """Who pays for this customer's month: itself, or its master or reseller."""
        if owner.master is None:
            return owner.id
        begun = [mode for starts_on, mode in self.modes.get(owner.id, ()) if starts_on <= month]
        return owner.master if begun and begun[-1] in ("master", "reseller") else owner.id


def facts(owners: Sequence[Owner], first: date, last: date) -> Facts:
    """The modes of sub-accounts and the holds of whole customers: two statements."""
    modes: dict[int, list[Mode]] = defaultdict(list)
    subs = [owner.id for owner in owners if owner.master is not None]
    if subs:
        found = "SELECT customer_id, starts_on, mode FROM billing_subaccountmode WHERE customer_id = ANY (%s)"
        for customer, starts_on, mode in rows(f"{found} ORDER BY starts_on", [subs]):
            modes[customer].append((starts_on, mode))
    held = (
        "SELECT customer_id, first, last FROM billing_hold WHERE item_id IS NULL AND customer_id = ANY (%s)"
    )
    holds: dict[int, list[Days]] = defaultdict(list)
    between = [array_of_ids(owner.id for owner in owners), first, last]
    for customer, begins, ends in rows(f"{held} AND last >= %s AND first <= %s", between):
        holds[customer].append(Days(begins, ends))
    return Facts(modes, holds)


Owed = dict[tuple[str, date], set[int]]


def owed(items: Iterable[Billable], months: Sequence[date]) -> Owed:
    """The ids of these things, by source and month, that are neither billed nor waived: one statement a source."""
    by_source: dict[str, list[int]] = defaultdict(list)
    for item in items:
        by_source[item.source].append(item.item_id)
    found: Owed = {(source, month): set(ids) for source, ids in by_source.items() for month in months}
    for source, ids in by_source.items():
        values = {"source": source, "items": array_of_ids(ids), "first": min(months), "last": max(months)}
        for month, settled in rows(_SETTLED, values):
            found.get((source, month), set()).difference_update(settled)
    return found


def billables(customers: Sequence[int], first: date, last: date) -> Iterator[Billable]:
    """What these customers have of all sources on days between the two."""
    for source in billable_sources:
        yield from source.rows(customers, first, last)


def notices(customers: Sequence[int]) -> Notices:
    """The days on which these customers were told of prices to come."""
    return {
        (customer, what, price): sent
        for customer, what, price, sent in rows(_NOTICES, [array_of_ids(customers)])
    }


@dataclass(slots=True)
class Book:
    """What all customers have in common: prices, VAT, the days of notice. Read once for a run."""

    prices: PriceBook
    rates: Any
    notice_days: int

    def reckoner(self, month: Month) -> Reckoner:
        return Reckoner(month, self.prices, self.rates, {}, self.notice_days)


def book() -> Book:
    """The prices, rates and rules as they stand."""
    found = Price.objects.order_by("starts_on").values_list(
        "product_id", "price_list_id", "starts_on", "amount", "id"
    )
    days = rows("SELECT notice_days FROM billing_rules", [])[0][0]
    return Book(PriceBook(found.iterator()), vat.rates(), days)

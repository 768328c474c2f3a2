"""Recurring items as the run bills them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection

from herotill.billable import Billable, Days, OwnPrice
from herotill.bulk import array_of_ids

SOURCE = "item"
# Neither charged nor waived: a thing that is billed once stays due, however long ago its day was.
NEVER_BILLED = """
(NOT EXISTS (SELECT FROM billing_line l WHERE l.source = 'item' AND l.item_id = i.id)
    AND NOT EXISTS (SELECT FROM billing_waiver w WHERE w.source = 'item' AND w.item_id = i.id))"""
_ITEMS = f"""
SELECT i.id, i.customer_id, i.product_id, coalesce(nullif(i.text, ''), nullif(p.description, ''), p.name),
       i.starts_on, i.quantity, i.discount, i.discount_until, p.price_includes_vat, p.vat_class,
       coalesce(nullif(i.pro_rata, ''), p.pro_rata), i.ends_on, i.bill_from, i.fixed_until, i.once
FROM billing_recurringitem i JOIN reference_product p ON p.id = i.product_id
WHERE i.customer_id = ANY (%(customers)s) AND NOT i.waiting AND i.starts_on <= %(last)s
  AND CASE WHEN NOT i.once OR i.starts_on >= %(first)s THEN i.ends_on IS NULL OR i.ends_on >= %(first)s
        ELSE {NEVER_BILLED} END
ORDER BY i.customer_id, i.id
"""
_PRICES = """
SELECT p.item_id, p.starts_on, p.amount, p.agreed, p.id
FROM billing_itemprice p JOIN billing_recurringitem i ON i.id = p.item_id
WHERE i.customer_id = ANY (%(customers)s) ORDER BY p.starts_on
"""
_HOLDS = """
SELECT item_id, first, last FROM billing_hold
WHERE customer_id = ANY (%(customers)s) AND item_id IS NOT NULL AND last >= %(first)s AND first <= %(last)s
"""


def billables(customers: Sequence[int], first: date, last: date) -> Iterator[Billable]:
    """The items of these customers with days between the two, and what was to be billed once before and never
    was; by customer; three statements."""
    values: dict[str, Any] = {"customers": array_of_ids(customers), "first": first, "last": last}
    prices: dict[int, tuple[OwnPrice, ...]] = defaultdict(tuple)
    holds: dict[int, tuple[Days, ...]] = defaultdict(tuple)
    with connection.cursor() as cursor:
        cursor.execute(_PRICES, values)
        for item, *price in cursor.fetchall():
            prices[item] += (OwnPrice(*price),)
        cursor.execute(_HOLDS, values)
        for item, begins, ends in cursor.fetchall():
            holds[item] += (Days(begins, ends),)
        cursor.execute(_ITEMS, values)
        for row in cursor.fetchall():
            yield _billable(row, prices, holds)


def _billable(
    row: tuple[Any, ...], prices: dict[int, tuple[OwnPrice, ...]], holds: dict[int, tuple[Days, ...]]
) -> Billable:
    item, customer, product, text, starts, quantity, discount, until, with_vat, vat_class, part, *rest = row
    ends, bill_from, fixed_until, once = rest
    return Billable(
        SOURCE,
        item,
        customer,
        product,
        text,
        starts,
        quantity,
        prices.get(item, ()),
        discount,
        until,
        with_vat,
        vat_class,
        part,
        ends,
        bill_from,
        holds.get(item, ()),
        fixed_until,
        once,
    )

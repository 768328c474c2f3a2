"""Toppings that the next invoice charges, as the run bills them: once, whole, whenever they were added."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection

from herotill.billable import Billable
from herotill.bulk import array_of_ids

SOURCE = "topping"
_TOPPINGS = """
SELECT t.id, a.customer_id, o.product_id,
       coalesce(nullif(p.description, ''), p.name) || ' (' || a.username || ')', t.starts_on,
       p.price_includes_vat, p.vat_class
FROM dataaccounts_dataaccount a
JOIN dataaccounts_topping t ON t.account_id = a.id AND t.charge = 'next' AND t.taken_back_at IS NULL
JOIN dataaccounts_toppingoffer o ON o.id = t.offer_id
JOIN reference_product p ON p.id = o.product_id
WHERE a.customer_id = ANY (%(customers)s) AND t.starts_on <= %(last)s
  AND (t.starts_on >= %(first)s
       OR NOT EXISTS (SELECT FROM billing_line l WHERE l.source = 'topping' AND l.item_id = t.id)
       AND NOT EXISTS (SELECT FROM billing_waiver w WHERE w.source = 'topping' AND w.item_id = t.id))
ORDER BY a.customer_id, t.id
"""


def billables(customers: Sequence[int], first: date, last: date) -> Iterator[Billable]:
    """The toppings of these customers' accounts added between the two days, and older ones never billed."""
    values: dict[str, Any] = {"customers": array_of_ids(customers), "first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute(_TOPPINGS, values)
        rows = cursor.fetchall()
    for topping, customer, product, text, added_on, with_vat, vat_class in rows:
        yield Billable(
            SOURCE,
            topping,
            customer,
            product,
            text,
            added_on,
            includes_vat=with_vat,
            vat_class=vat_class,
            pro_rata="full",
            once=True,
        )

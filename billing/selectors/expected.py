"""What the next run is expected to bring: recurring items at their prices, whole months, before days are counted."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db import connections

from herotill.months import Month
from herotill.reading import reading

# The newest of the item's own prices, else that of the customer's price list, else everybody's; as on {day}.
_ITEMS = """
FROM billing_recurringitem i
JOIN customers_customer c ON c.id = i.customer_id
JOIN reference_product p ON p.id = i.product_id
LEFT JOIN billing_billingprofile b ON b.customer_id = i.customer_id
LEFT JOIN LATERAL (
    SELECT amount FROM billing_itemprice o WHERE o.item_id = i.id AND o.starts_on <= {day}
    ORDER BY o.starts_on DESC LIMIT 1) own ON true
LEFT JOIN LATERAL (
    SELECT amount FROM reference_price r WHERE r.product_id = i.product_id AND r.starts_on <= {day}
      AND (r.price_list_id = b.price_list_id OR r.price_list_id IS NULL)
    ORDER BY r.price_list_id IS NULL, r.starts_on DESC LIMIT 1) listed ON own.amount IS NULL
WHERE c.status <> 'cancelled' AND NOT i.once AND (i.ends_on IS NULL OR i.ends_on >= {day})"""
_INCL = """sum(round(i.quantity * coalesce(own.amount, listed.amount, 0)
        * (100 - CASE WHEN i.discount_until < {day} THEN 0 ELSE i.discount END) / 100
        * CASE WHEN p.price_includes_vat OR p.vat_class <> 'standard' THEN 1 ELSE 1 + %(rate)s / 100 END, 2))"""
_EXPECTED = f"""
SELECT p.code, p.name, count(*), count(DISTINCT i.customer_id), {_INCL.format(day="%(first)s")}
{_ITEMS.format(day="%(first)s")}
  AND NOT i.waiting AND i.starts_on <= %(last)s AND NOT coalesce(b.paused, false)
  AND NOT EXISTS (SELECT 1 FROM billing_hold h WHERE h.customer_id = i.customer_id
        AND (h.item_id IS NULL OR h.item_id = i.id) AND h.first <= %(first)s AND h.last >= %(last)s)
GROUP BY p.code, p.name ORDER BY 5 DESC, 1
"""
_WHOLE_DAY = "greatest(i.starts_on, %(day)s)"
_WHOLE = f"SELECT coalesce({_INCL.format(day=_WHOLE_DAY)}, 0) {_ITEMS.format(day=_WHOLE_DAY)}"


class Expected(NamedTuple):
    """What one product is expected to bring in a month, including VAT."""

    code: str
    name: str
    items: int
    customers: int
    incl: Decimal


def by_product(*, month: Month, rate: Decimal) -> list[Expected]:
    """What recurring items bring in that month at their prices on its first day; `rate` is VAT in %."""
    values: dict[str, date | Decimal] = {"first": month.first, "last": month.last, "rate": rate}
    with connections[reading()].cursor() as cursor:
        cursor.execute(_EXPECTED, values)
        return [Expected(*row) for row in cursor.fetchall()]


def whole(*, day: date, rate: Decimal) -> Decimal:
    """What all recurring items come to a month, including VAT: those to come at the prices of their first day.

    Held, paused or waiting ones are among them, ended ones and those of cancelled customers are not. `rate` is VAT
    in %.
    """
    with connections[reading()].cursor() as cursor:
        cursor.execute(_WHOLE, {"day": day, "rate": rate})
        found: Decimal = cursor.fetchone()[0]
        return found

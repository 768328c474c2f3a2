"""Data accounts as the run bills them: each span of an account with a package is a thing of its own."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection

from herotill.billable import Billable, OwnPrice
from herotill.bulk import array_of_ids

SOURCE = "data"
# Prepaid spans are paid by bundles, packages without a product are free, and what waits was never used.
_SPANS = """
SELECT s.id, a.customer_id, p.product_id, coalesce(nullif(d.description, ''), d.name) || ' (' || a.username || ')',
       s.starts_on, d.price_includes_vat, d.vat_class, d.pro_rata, s.ends_on, s.bill_from, a.id, own.prices
FROM dataaccounts_dataaccount a
JOIN dataaccounts_servicespan s ON s.account_id = a.id AND NOT s.prepaid
JOIN dataaccounts_package p ON p.id = s.package_id
JOIN reference_product d ON d.id = p.product_id
LEFT JOIN LATERAL (SELECT jsonb_agg(jsonb_build_array(r.starts_on, r.amount::text, r.agreed, r.id) ORDER BY r.starts_on)
    AS prices FROM dataaccounts_accountprice r WHERE r.account_id = a.id) own ON true
WHERE a.customer_id = ANY (%(customers)s) AND a.state <> 'waiting'
  AND s.starts_on <= %(last)s AND (s.ends_on IS NULL OR s.ends_on >= %(first)s)
ORDER BY a.customer_id, a.id, s.starts_on
"""


def billables(customers: Sequence[int], first: date, last: date) -> Iterator[Billable]:
    """The spans of these customers' accounts with days between the two; one statement."""
    values: dict[str, Any] = {"customers": array_of_ids(customers), "first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute(_SPANS, values)
        rows = cursor.fetchall()
    for *row, prices in rows:
        yield _billable(row, tuple(_own(*price) for price in json.loads(prices)) if prices else ())


def _own(starts_on: str, amount: str | None, agreed: bool, pk: int) -> OwnPrice:
    return OwnPrice(date.fromisoformat(starts_on), None if amount is None else Decimal(amount), agreed, pk)


def _billable(row: Sequence[Any], prices: tuple[OwnPrice, ...]) -> Billable:
    span, customer, product, text, starts_on, with_vat, vat_class, pro_rata, ends_on, bill_from, account = row
    return Billable(
        SOURCE,
        span,
        customer,
        product,
        text,
        starts_on,
        prices=prices,
        includes_vat=with_vat,
        vat_class=vat_class,
        pro_rata=pro_rata,
        ends_on=ends_on,
        bill_from=bill_from,
        one_of=account,
    )

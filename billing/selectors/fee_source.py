"""Late and unpaid fees as the month-end run bills them: once, whole, whenever they were charged."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Any

from django.db import connection

from billing.models import CollectionFee, Line
from customers.models import Customer
from herotill.billable import Billable, OwnPrice
from herotill.bulk import array_of_ids

SOURCE = "fee"
_FEES = """
SELECT f.id, f.customer_id, f.product_id, coalesce(nullif(p.description, ''), p.name), f.kind, f.day, f.amount,
       p.vat_class
FROM billing_collectionfee f JOIN reference_product p ON p.id = f.product_id
WHERE f.customer_id = ANY (%(customers)s) AND f.waived_at IS NULL AND f.day <= %(last)s
  AND (f.day >= %(first)s
       OR NOT EXISTS (SELECT FROM billing_line l WHERE l.source = 'fee' AND l.item_id = f.id)
       AND NOT EXISTS (SELECT FROM billing_waiver w WHERE w.source = 'fee' AND w.item_id = f.id))
ORDER BY f.customer_id, f.id
"""


def billables(customers: Sequence[int], first: date, last: date) -> Iterator[Billable]:
    """The fees of these customers charged between the two days, and older ones never billed; waived ones never."""
    values: dict[str, Any] = {"customers": array_of_ids(customers), "first": first, "last": last}
    with connection.cursor() as cursor:
        cursor.execute(_FEES, values)
        rows = cursor.fetchall()
    for fee, customer, product, text, kind, day, amount, vat_class in rows:
        yield Billable(
            SOURCE,
            fee,
            customer,
            product,
            f"{text}: {CollectionFee.Kind(kind).label.lower()} of {day}",
            day,
            prices=(OwnPrice(day, amount, agreed=True),),
            includes_vat=True,
            vat_class=vat_class,
            pro_rata="full",
            once=True,
        )


def waiting(customer: Customer) -> list[CollectionFee]:
    """The fees of a customer that stand on no draft or invoice yet and are not waived."""
    billed = Line.objects.filter(source=SOURCE, document__isnull=False, customer=customer)
    found = CollectionFee.objects.filter(customer=customer, waived_at=None)
    return list(found.exclude(pk__in=billed.values("item_id")).order_by("pk"))

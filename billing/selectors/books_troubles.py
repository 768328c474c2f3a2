"""What the books did not take, as the financial manager is told of it, and who is told."""

from __future__ import annotations

from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models.functions import Abs

from billing.models import BooksConnection, BooksDocument, BooksOwed
from herotill.users.models import User
from herotill.users.selectors.people import holding


def who_is_told(used: BooksConnection) -> list[User]:
    """The financial manager; without one who can be mailed, those who may send again what was refused."""
    manager = used.manager
    if manager and manager.is_active and manager.email:
        return [manager]
    return list(holding("billing.settle_booksowed").exclude(email=""))


class Troubled(NamedTuple):
    """One entry that the books did not take."""

    customer_id: int
    code: str
    name: str
    what: str
    said: str


class Kind(NamedTuple):
    """What the books said of several entries, and some of these by number and code."""

    said: str
    many: int
    some: list[str]


class Counted(NamedTuple):
    """A document whose total or VAT there is not ours."""

    number: str
    code: str
    theirs: Decimal
    ours: Decimal
    their_vat: Decimal
    our_vat: Decimal


def counted_otherwise(documents: Collection[int], limit: int) -> list[Counted]:
    """These documents with both totals, those that differ most first."""
    found = BooksDocument.objects.filter(pk__in=list(documents)).order_by(Abs("difference").desc(), "pk")
    cells = ("document__name", "document__customer__code", "incl", "ours", "vat", "our_vat")
    return [Counted(*row) for row in found.values_list(*cells)[:limit]]


def troubled(pk: int) -> Troubled:
    """An entry with what was said of it."""
    one = BooksOwed.objects.select_related("customer", "document").get(pk=pk)
    what = one.document.name if one.document else "the details"
    return Troubled(one.customer_id, one.customer.code, one.customer.name, what, one.trouble)


_KINDS = """
SELECT o.trouble, count(*),
    (array_agg(coalesce(d.name || ' (' || c.code || ')', 'the details of ' || c.code) ORDER BY o.id))[:3]
FROM billing_booksowed o JOIN customers_customer c ON c.id = o.customer_id
LEFT JOIN billing_document d ON d.id = o.document_id
WHERE o.id = ANY (%s) GROUP BY o.trouble ORDER BY count(*) DESC, min(o.id) LIMIT %s
"""


def troubles(entries: str, limit: int) -> tuple[list[Kind], int]:
    """What was said of these entries (an array of ids), of most of them first; and of how many that is."""
    with connection.cursor() as cursor:
        cursor.execute(_KINDS, [entries, limit])
        kinds = [Kind(*row) for row in cursor.fetchall()]
    return kinds, sum(one.many for one in kinds)

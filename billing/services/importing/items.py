"""Importing what customers are billed for every month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from django.db import connection

from billing.models import ItemPrice, RecurringItem
from billing.models import Line as BillingLine
from billing.policies.importing.records import ItemRow, read_item
from billing.services.importing import frame
from billing.services.importing.frame import Judged
from herotill.bulk import copy_rows
from herotill.imports.kinds import REMOVED, STAYS, Fate, Line, Source, WayBack
from herotill.models import Import, ImportRow
from herotill.reference.models import Product

REPORT = ("code", "product", "quantity", "price", "starts", "warnings")
SOURCE = "item"
_IDS = "SELECT nextval(pg_get_serial_sequence('billing_recurringitem', 'id')) FROM generate_series(1, %s)"
_ITEM = "id customer product text quantity discount starts_on ends_on bill_from created_by".split()
Key = tuple[int, int, str, date]


def decide(source: Source) -> Iterator[Line]:
    """What would be done with each row."""
    return (one.line() for one in _Judgement(source).rows)


def apply(source: Source) -> Iterator[Line]:
    """Do it, and say the same."""
    judgement = _Judgement(source)
    for some in frame.chunks([one for one in judgement.rows if one.stands]):
        judgement.write(some)
    yield from (one.line() for one in judgement.rows)


class _Judgement:
    """The rows of a file against the customers, products and items that are there."""

    def __init__(self, source: Source) -> None:
        self._by = source.actor.pk if source.actor else None
        self.rows: list[Judged[ItemRow]] = frame.read(source, read_item, _values)
        said = [one.row for one in self.rows if one.row]
        self._customers = frame.customers_by_code({row.code for row in said})
        self._products = dict(
            Product.objects.filter(code__in={row.product for row in said}).values_list("code", "pk")
        )
        self._there = self._items()
        for one in self.rows:
            if one.row:
                self._judge(one, one.row)

    def _items(self) -> set[Key]:
        found = RecurringItem.objects.filter(customer__in=list(self._customers.values()))
        return set(found.values_list("customer_id", "product_id", "text", "starts_on"))

    def _judge(self, one: Judged[ItemRow], row: ItemRow) -> None:
        if row.code not in self._customers:
            one.refuse("customer_unknown")
        elif row.product not in self._products:
            one.refuse("product_unknown")
        elif (key := self._key(row)) in self._there:
            one.skip("already_there")
        else:
            self._there.add(key)

    def _key(self, row: ItemRow) -> Key:
        return self._customers[row.code], self._products[row.product], row.text, row.starts_on

    def write(self, some: Sequence[Judged[ItemRow]]) -> None:
        with connection.cursor() as cursor:
            cursor.execute(_IDS, [len(some)])
            ids = [pk for (pk,) in cursor.fetchall()]
        pairs = [(pk, one.row) for pk, one in zip(ids, some, strict=True) if one.row]
        copy_rows(RecurringItem, _ITEM, (self._row(pk, row) for pk, row in pairs))
        copy_rows(
            ItemPrice,
            ["item", "starts_on", "amount", "agreed", "set_by"],
            ((pk, row.starts_on, row.price, True, self._by) for pk, row in pairs if row.price is not None),
        )
        for pk, one in zip(ids, some, strict=True):
            one.object_id = pk

    def _row(self, pk: int, row: ItemRow) -> tuple[object, ...]:
        return (
            pk,
            self._customers[row.code],
            self._products[row.product],
            row.text,
            row.quantity,
            row.discount,
            row.starts_on,
            row.ends_on,
            row.bill_from,
            self._by,
        )


def _values(row: ItemRow) -> Sequence[str]:
    price = "" if row.price is None else str(row.price)
    return (row.code, row.product, str(row.quantity.normalize()), price, str(row.starts_on), "")


def plan(batch: Import, hold: bool) -> WayBack:
    """Which items can go: those never billed."""
    lines = list(
        ImportRow.objects.filter(of=batch, object_id__isnull=False).values_list("object_id", "line", "code")
    )
    ids = [pk for pk, _, _ in lines if pk]
    items = RecurringItem.objects.filter(pk__in=ids)
    there = set((items.select_for_update().order_by("pk") if hold else items).values_list("pk", flat=True))
    billed = set(BillingLine.objects.filter(source=SOURCE, item_id__in=ids).values_list("item_id", flat=True))
    fates = [
        Fate(line, code, STAYS, "It has been billed; end it instead.")
        if pk in billed
        else Fate(line, code, REMOVED, "" if pk in there else "It has been deleted since.")
        for pk, line, code in lines
    ]
    return WayBack(fates, sorted(there - billed))


def take_back(batch: Import, way: WayBack) -> None:
    """Delete them with their prices."""
    RecurringItem.objects.filter(pk__in=way.plan).delete()

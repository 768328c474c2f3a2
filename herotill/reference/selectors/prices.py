"""What products cost, by list and day."""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal

from herotill.reference.models import Price

Dated = tuple[list[date], list[Decimal]]


class PriceTable:
    """Prices held in memory: many questions, one read. `None` is the list of everybody."""

    def __init__(self, rows: Iterable[tuple[int, int | None, date, Decimal]]) -> None:
        """Rows of product, list, day and amount, in the order of their days."""
        self._dated: Mapping[tuple[int, int | None], Dated] = defaultdict(lambda: ([], []))
        for product, price_list, day, amount in rows:
            days, amounts = self._dated[product, price_list]
            days.append(day)
            amounts.append(amount)

    def on(self, product: int, price_list: int | None, day: date) -> Decimal | None:
        """The price a unit on a day: the list's, or where it has none yet, everybody's; None where neither."""
        own = self._of(product, price_list, day)
        if own is None and price_list is not None:
            return self._of(product, None, day)
        return own

    def changes(self, product: int, price_list: int | None, first: date, last: date) -> list[date]:
        """The days after `first` up to `last` on which the price of a product may change for this list."""
        lists = {price_list, None}
        days = {day for one in lists for day in self._dated.get((product, one), ([], []))[0]}
        return sorted(day for day in days if first < day <= last)

    def _of(self, product: int, price_list: int | None, day: date) -> Decimal | None:
        dated = self._dated.get((product, price_list))
        if dated is None:
            return None
        place = bisect_right(dated[0], day)
        return dated[1][place - 1] if place else None


def prices(products: Iterable[int] | None = None) -> PriceTable:
    """The prices of these products, or of all: one query."""
    found = Price.objects.order_by("starts_on")
    if products is not None:
        found = found.filter(product__in=list(products))
    return PriceTable(found.values_list("product_id", "price_list_id", "starts_on", "amount").iterator())


def history(product: int) -> Sequence[Price]:
    """All prices of a product: those of everybody first, then by list; the newest first."""
    found = Price.objects.filter(product=product).select_related("price_list")
    return sorted(
        found.order_by("-starts_on"),
        key=lambda price: price.price_list.name_key if price.price_list else "",
    )

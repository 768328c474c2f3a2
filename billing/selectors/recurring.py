"""What is read of a customer's recurring items."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import DateField, DecimalField, Exists, F, Max, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from billing.models import Hold, ItemPrice, Line, RecurringItem, Waiver
from billing.policies.pricing import Dated, PriceBook, Timeline, with_own
from customers.models import Customer
from herotill.billable import OwnPrice
from herotill.money import ZERO, cents
from herotill.months import Month
from herotill.reference.models import Price, Product

SOURCE = "item"
HUNDRED = Decimal(100)
_MONEY: Any = DecimalField(max_digits=14, decimal_places=2)


def _newest(prices: QuerySet[Any], field: str, output: Any = None) -> Subquery:
    return Subquery(prices.order_by("-starts_on").values(field)[:1], output_field=output or _MONEY)


def _listed(day: date) -> Coalesce:
    """The price of an item's product on its customer's list, or everybody's."""
    prices = Price.objects.filter(product=OuterRef("product"), starts_on__lte=day)
    own = prices.filter(price_list=OuterRef("customer__billing_profile__price_list"))
    return Coalesce(_newest(own, "amount"), _newest(prices.filter(price_list=None), "amount"))


def priced(items: QuerySet[RecurringItem], day: date) -> QuerySet[RecurringItem]:
    """Items with `listed` and `own` as on a day, and the next price of their own to come (none: the list's)."""
    own = ItemPrice.objects.filter(item=OuterRef("pk"), starts_on__lte=day)
    coming = ItemPrice.objects.filter(item=OuterRef("pk"), starts_on__gt=day).order_by("starts_on")
    return items.annotate(
        listed=_listed(day),
        own=_newest(own, "amount"),
        next_own=Subquery(coming.values("amount")[:1], output_field=_MONEY),
        next_from=Subquery(coming.values("starts_on")[:1], output_field=DateField()),
    )


def price_on(item: RecurringItem, day: date) -> Decimal | None:
    """What a unit of an item costs on a day, before discount; None where nobody says."""
    price: Decimal | None = prices_now(item, day)["current"]
    return price


def prices_now(item: RecurringItem, day: date) -> dict[str, Any]:
    """`current`: what a unit costs on a day; `listed`: what the list says; `own`: whether the item has own prices."""
    found: Any = priced(RecurringItem.objects.filter(pk=item.pk), day).get()
    current = found.listed if found.own is None else found.own
    own = found.own is not None or found.next_from is not None
    return {"current": current, "listed": found.listed, "own": own}


def list_price(product: Product, customer: Customer, day: date) -> Decimal | None:
    """What a product costs a customer on a day by their list, or everybody's."""
    prices = Price.objects.filter(product=product, starts_on__lte=day).filter(
        Q(price_list=None) | Q(price_list__in=_own_list(customer))
    )
    found = prices.order_by(F("price_list").asc(nulls_last=True), "-starts_on").values_list(
        "amount", flat=True
    )
    return found.first()


def _own_list(customer: Customer) -> Sequence[int]:
    profile = getattr(customer, "billing_profile", None)
    return [profile.price_list_id] if profile and profile.price_list_id else []


def billed_upto(item: RecurringItem) -> date | None:
    """The last day for which an item stands on a document, draft or issued."""
    lines = Line.objects.filter(source=SOURCE, item_id=item.pk, document__isnull=False)
    found: date | None = lines.aggregate(last=Max("last"))["last"]
    return found


def billed_on(item: RecurringItem, *, period: date | None = None) -> str:
    """The newest document on which an item stands, of one month or of any; empty where there is none."""
    lines = Line.objects.filter(source=SOURCE, item_id=item.pk, document__isnull=False)
    if period:
        lines = lines.filter(period=period)
    line = lines.select_related("document").order_by("-period", "-id").first()
    return str(line.document) if line else ""


@dataclass(frozen=True, slots=True)
class Row:
    """An item as its card shows it. Amounts are for the quantity, by the price as it is now."""

    item: RecurringItem
    listed: Decimal | None
    price: Decimal | None
    after: Decimal | None
    hold: Hold | None = None

    @property
    def has_own_price(self) -> bool:
        return self.item.own is not None  # type: ignore[attr-defined]


def rows(*, customer: Customer, day: date, holds: Iterable[Hold] = ()) -> list[Row]:
    """A customer's items that have not ended before this month, with what they cost on a day: one query."""
    open_ones = RecurringItem.objects.filter(customer=customer).filter(
        Q(ends_on=None) | Q(ends_on__gte=Month.of(day).first)
    )
    # One that was billed once is done with after its month; one that never was stays due.
    lines = Line.objects.filter(source=SOURCE, item_id=OuterRef("pk"))
    waived = Waiver.objects.filter(source=SOURCE, item_id=OuterRef("pk"))
    settled = Exists(lines) | Exists(waived)
    open_ones = open_ones.exclude(settled, once=True, starts_on__lt=Month.of(day).first)
    found = priced(open_ones, day).select_related("product__product_type").order_by("pk")
    running = [hold for hold in holds if hold.first <= day <= hold.last]
    return [_row(item, day, running) for item in found]


def _row(item: Any, day: date, holds: Sequence[Hold]) -> Row:
    price = item.listed if item.own is None else item.own
    hold = next((hold for hold in holds if hold.item_id in (None, item.pk)), None)
    return Row(item, _times(item.listed, item), _times(price, item), after_discount(item, price, day), hold)


def _times(price: Decimal | None, item: RecurringItem) -> Decimal | None:
    return None if price is None else cents(price * item.quantity)


def after_discount(item: RecurringItem, price: Decimal | None, day: date) -> Decimal | None:
    """What is billed for an item by a price: quantity times price less the discount that counts on the day."""
    if price is None:
        return None
    over = item.discount_until and item.discount_until < day
    discount = ZERO if over else item.discount
    return cents(price * item.quantity * (HUNDRED - discount) / HUNDRED)


@dataclass(frozen=True, slots=True)
class Entries:
    """The charges of one service month: those that wait and those on documents."""

    month: Month
    lines: list[Line]
    waived: list[Waiver]

    @property
    def total(self) -> Decimal:
        return sum((line.incl for line in self.lines), ZERO)

    @property
    def waiting(self) -> list[Line]:
        return [line for line in self.lines if line.document_id is None]


def entries(*, customer: Customer, months: Sequence[Month]) -> list[Entries]:
    """The charges of these months, and what a person left out of them: two queries.

    What waits from before stands with the first of them, which takes it along.
    """
    firsts = [month.first for month in months]
    shown = Q(period__in=firsts) | Q(period__lt=firsts[0], document=None)
    lines = list(
        Line.objects.filter(Q(customer=customer) | Q(for_customer=customer), shown)
        .exclude(source="")
        .exclude(document__kind="credit_note")
        .select_related("document", "product__product_type", "for_customer")
        .order_by("period", "source", "item_id", "part", "id")
    )
    waived = list(Waiver.objects.filter(customer=customer, period__in=firsts).select_related("set_by"))
    return [
        Entries(
            month,
            [line for line in lines if max(line.period or firsts[0], firsts[0]) == month.first],
            [one for one in waived if one.period == month.first],
        )
        for month in months
    ]


def waiting(*, customer: Customer) -> QuerySet[Line]:
    """The charges of a customer that wait for a document."""
    return Line.objects.filter(customer=customer, document=None).exclude(source="")


def holds(*, customer: Customer, since: date) -> list[Hold]:
    """A customer's holds that last until `since` or longer, the first to come first."""
    found = Hold.objects.filter(customer=customer, last__gte=since)
    return list(found.select_related("item__product", "set_by").order_by("first", "pk"))


@dataclass(frozen=True, slots=True)
class Change:
    """One step in the price of an item; `back` is the first of the list's after one of its own."""

    starts_on: date
    amount: Decimal
    own: bool = False
    back: bool = False
    agreed: bool = False
    by: str = ""
    notice: Any = None


def price_history(item: RecurringItem) -> list[Change]:
    """What a unit of an item has cost and will cost, the newest first: its own prices and those of its list."""
    found = item.prices.select_related("set_by").prefetch_related("notices").order_by("starts_on")
    own = {price.pk: price for price in found}
    prices = [OwnPrice(one.starts_on, one.amount, one.agreed, one.pk) for one in own.values()]
    steps = [_change(step, own) for step in with_own(prices, _listed_prices(item))]
    return sorted(steps, key=lambda change: change.starts_on, reverse=True)


def _change(step: Dated, own: Mapping[int, ItemPrice]) -> Change:
    if not step.own:
        return Change(step.starts_on, step.amount)
    price = own[step.id]
    back = price.amount is None
    notice = next(iter(price.notices.all()), None)
    return Change(step.starts_on, step.amount, not back, back, price.agreed, str(price.set_by or ""), notice)


def _listed_prices(item: RecurringItem) -> Timeline:
    """Prices of the customer's list, and everybody's before its first."""
    profile = getattr(item.customer, "billing_profile", None)
    mine = profile.price_list_id if profile else None
    prices = Price.objects.filter(product=item.product_id).order_by("starts_on")
    rows = prices.values_list("product_id", "price_list_id", "starts_on", "amount", "id")
    return PriceBook(rows).of(item.product_id, mine)

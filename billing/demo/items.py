"""What the invented customers are billed for every month: about 1.8 things each."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import connection, transaction

from billing.models import Hold, ItemPrice, RecurringItem
from customers.models import Customer
from herotill.bulk import copy_rows
from herotill.demo import DemoOrder
from herotill.months import Month
from herotill.reference.models import Product

CHUNK = 10_000
LINES = ("UNC02", "UNC04", "UNC10", "UNC20")
LINE_CHANCES = (30, 34, 26, 10)
FIRM_LINES = ("BUS10", "BUS50", "UNC20")
FIRM_CHANCES = (60, 15, 25)
EXTRAS = (("RTR", 0.40), ("VOIP1", 0.18), ("RADIO", 0.12), ("HOST1", 0.10))
ODD = (Decimal("10"), Decimal("15"), Decimal("25"))
_ITEM = "id customer product quantity discount starts_on ends_on bill_from".split()
_IDS = "SELECT nextval(pg_get_serial_sequence('billing_recurringitem', 'id')) FROM generate_series(1, %s)"


class Made(NamedTuple):
    """An item to be written, with a price of its own where it has one."""

    customer: int
    product: str
    quantity: int
    discount: Decimal
    starts_on: date
    ends_on: date | None
    own_price: Decimal | None


def first_month(order: DemoOrder) -> Month:
    """The month in which the history begins."""
    return Month.of(order.today).plus(-order.months)


def make_items(order: DemoOrder) -> None:
    """Give every customer but those of the manuals what they are billed for; what stands is left."""
    products = dict(Product.objects.values_list("code", "pk"))
    done = RecurringItem.objects.order_by("-customer_id").values_list("customer_id", flat=True).first() or 0
    _make_alices(order, products)
    while customers := _next(done):
        with transaction.atomic():
            _write(customers, products, order)
        done = customers[-1][0]
        order.say(f"Recurring items up to customer {done:,}")


def _next(after: int) -> list[tuple[int, str, str, date | None, str]]:
    found = Customer.objects.filter(pk__gt=after).exclude(code__in=MANUALS).order_by("pk")
    return list(found.values_list("pk", "kind", "status", "customer_since", "code")[:CHUNK])


MANUALS = ("WON001", "ALI001", "MIC001", "MAS001", "SUB001")


def _make_alices(order: DemoOrder, products: dict[str, int]) -> None:
    """Alice's line at her own price, as the manual shows it."""
    alice = Customer.objects.get(code="ALI001")
    if RecurringItem.objects.filter(customer=alice).exists():
        return
    first = first_month(order).first
    item = RecurringItem.objects.create(
        customer=alice,
        product_id=products["UNC10"],
        text="10Mb/s Uncapped",
        starts_on=date(2016, 3, 14),
        bill_from=first,
    )
    ItemPrice.objects.create(item=item, starts_on=date(2016, 3, 14), amount=Decimal("756.49"), agreed=True)


def _write(customers: Sequence[tuple], products: dict[str, int], order: DemoOrder) -> None:
    chance = random.Random(f"{order.seed}/items/{customers[0][-1]}")
    made = [item for customer in customers for item in _of(customer, order, chance)]
    with connection.cursor() as cursor:
        cursor.execute(_IDS, [len(made)])
        ids = [pk for (pk,) in cursor.fetchall()]
    bill_from = first_month(order).first
    copy_rows(
        RecurringItem,
        _ITEM,
        (
            (
                pk,
                one.customer,
                products[one.product],
                one.quantity,
                one.discount,
                one.starts_on,
                one.ends_on,
                max(one.starts_on, bill_from),
            )
            for pk, one in zip(ids, made, strict=True)
        ),
    )
    copy_rows(
        ItemPrice,
        ["item", "starts_on", "amount", "agreed"],
        (
            (pk, one.starts_on, one.own_price, True)
            for pk, one in zip(ids, made, strict=True)
            if one.own_price is not None
        ),
    )
    away = [pk for pk, *_ in customers if chance.random() < 0.004]
    copy_rows(Hold, ["customer", "first", "last", "reason"], [_hold(pk, order, chance) for pk in away])


def _hold(customer: int, order: DemoOrder, chance: random.Random) -> tuple[int, date, date, str]:
    first = order.today - timedelta(days=chance.randrange(90))
    return customer, first, first + timedelta(days=chance.randrange(20, 80)), "Away at the coast"


def _of(customer: tuple, order: DemoOrder, chance: random.Random) -> Iterator[Made]:
    pk, kind, status, since, _ = customer
    firm = kind == "company"
    since = since or first_month(order).first
    end = _end(status, since, order, chance)
    line = chance.choices(FIRM_LINES, FIRM_CHANCES)[0] if firm else chance.choices(LINES, LINE_CHANCES)[0]
    discount = chance.choice(ODD) if chance.random() < 0.05 else Decimal(0)
    own = Decimal(chance.randrange(250, 700)) if chance.random() < 0.04 else None
    yield Made(pk, line, 1, discount, since, end, own)
    for code, share in EXTRAS:
        if chance.random() < share:
            quantity = chance.randrange(2, 12) if code == "VOIP1" and firm else 1
            started = since + timedelta(days=chance.randrange(200)) if chance.random() < 0.1 else since
            if end is None or started <= end:
                yield Made(pk, code, quantity, Decimal(0), started, end, None)


def _end(status: str, since: date, order: DemoOrder, chance: random.Random) -> date | None:
    if status != Customer.Status.CANCELLED:
        return None
    return max(since, order.today - timedelta(days=chance.randrange(10, 30 * max(order.months, 2))))

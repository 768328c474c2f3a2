"""What the invented customers are billed for every month beside their data accounts."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import NamedTuple

from django.db import connection, transaction
from django.db.models import Exists, OuterRef

from billing.models import Hold, ItemPrice, RecurringItem
from customers.models import Customer
from dataaccounts.models import DataAccount
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
    while customers := _next(done):
        with transaction.atomic():
            _write(customers, products, order)
        done = customers[-1].id
        order.say(f"Recurring items up to customer {done:,}")


class Whose(NamedTuple):
    """A customer as far as their items depend on it."""

    id: int
    kind: str
    status: str
    since: date | None
    code: str
    has_account: bool


def _next(after: int) -> list[Whose]:
    found = Customer.objects.filter(pk__gt=after).exclude(code__in=MANUALS).order_by("pk")
    accounts = Exists(DataAccount.objects.filter(customer=OuterRef("pk")))
    rows = found.values_list("pk", "kind", "status", "customer_since", "code", accounts)
    return [Whose(*row) for row in rows[:CHUNK]]


MANUALS = ("WON001", "ALI001", "MIC001", "MAS001", "SUB001")


def _write(customers: Sequence[Whose], products: dict[str, int], order: DemoOrder) -> None:
    made: list[Made] = []
    away: list[tuple[int, date, date, str]] = []
    for customer in customers:
        chance = random.Random(f"{order.seed}/items/{customer.code}")
        items = list(_of(customer, order, chance))
        made += items
        if items and chance.random() < 0.006:
            away.append(_hold(customer.id, order, chance))
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
    copy_rows(Hold, ["customer", "first", "last", "reason"], away)


def _hold(customer: int, order: DemoOrder, chance: random.Random) -> tuple[int, date, date, str]:
    first = order.today - timedelta(days=chance.randrange(90))
    return customer, first, first + timedelta(days=chance.randrange(20, 80)), "Away at the coast"


def _of(customer: Whose, order: DemoOrder, chance: random.Random) -> Iterator[Made]:
    firm = customer.kind == "company"
    since = customer.since or first_month(order).first
    end = _end(customer.status, since, order, chance)
    if not customer.has_account:
        yield _line(customer, firm, since, end, chance)
    for code, share in EXTRAS:
        if chance.random() < share:
            quantity = chance.randrange(2, 12) if code == "VOIP1" and firm else 1
            started = since + timedelta(days=chance.randrange(200)) if chance.random() < 0.1 else since
            if end is None or started <= end:
                yield Made(customer.id, code, quantity, Decimal(0), started, end, None)


def _line(customer: Whose, firm: bool, since: date, end: date | None, chance: random.Random) -> Made:
    """The internet of who has no data account: a line that another network carries."""
    code = chance.choices(FIRM_LINES, FIRM_CHANCES)[0] if firm else chance.choices(LINES, LINE_CHANCES)[0]
    discount = chance.choice(ODD) if chance.random() < 0.05 else Decimal(0)
    own = Decimal(chance.randrange(250, 700)) if chance.random() < 0.04 else None
    return Made(customer.id, code, 1, discount, since, end, own)


def _end(status: str, since: date, order: DemoOrder, chance: random.Random) -> date | None:
    if status != Customer.Status.CANCELLED:
        return None
    return max(since, order.today - timedelta(days=chance.randrange(10, 30 * max(order.months, 2))))

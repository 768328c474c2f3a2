"""What customers are billed every month, and a month-end over it."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

from billing.models import Hold, ItemPrice, MonthEnd, RecurringItem
from billing.services import month_end, month_end_runs
from customers.models import BillingGroup, Customer
from herotill.models import Run
from herotill.months import Month
from herotill.reference.models import Product
from herotill.users.models import User
from tests.factories.products import make_product

AUGUST = Month(2018, 8)
NOW = datetime(2018, 8, 25, 10, tzinfo=UTC)


def make_item(customer: Customer, product: Product | None = None, **fields: Any) -> RecurringItem:
    """A product billed monthly since August 2018, at its price for everybody or at `price`."""
    price = fields.pop("price", None)
    fields.setdefault("starts_on", date(2018, 8, 1))
    found = product or Product.objects.filter(code="UNC10").first() or make_product("UNC10")
    item = RecurringItem.objects.create(customer=customer, product=found, **fields)
    if price:
        ItemPrice.objects.create(item=item, starts_on=fields["starts_on"], amount=price)
    return item


def make_hold(customer: Customer, first: date, last: date, item: RecurringItem | None = None) -> Hold:
    return Hold.objects.create(customer=customer, item=item, first=first, last=last, reason="Away")


def make_month_end(
    month: Month = AUGUST, group: BillingGroup | None = None, actor: User | None = None, **dates: Any
) -> MonthEnd:
    """One whose dates are confirmed."""
    dates.setdefault("document_date", month.last)
    made = month_end.set_dates(month=month, group=group, actor=actor, **dates)
    month_end.confirm(month_end=made, actor=actor, now=NOW)
    made.refresh_from_db()
    return made


def run_step(made: MonthEnd, kind: str, actor: User | None = None) -> Run:
    run = month_end_runs.perform(kind=kind, of=made, actor=actor)
    made.refresh_from_db()
    return run


def signed(made: MonthEnd, actor: User) -> MonthEnd:
    """Its preview made and signed."""
    run_step(made, month_end_runs.PREVIEW)
    month_end.sign(month_end=made, actor=actor, reason="Looked at.", now=NOW)
    made.refresh_from_db()
    return made

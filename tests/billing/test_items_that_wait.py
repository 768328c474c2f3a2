"""Items that wait for a service to begin: nothing of them is billed before, and then from that day on."""

from datetime import date
from decimal import Decimal

import pytest

from billing.models import Line, RecurringItem
from billing.selectors import charging as reads
from billing.services import charging, recurring
from herotill.months import Month
from tests.factories import make_customer
from tests.factories.products import make_product

pytestmark = [pytest.mark.django_db, pytest.mark.money]
AUGUST, SEPTEMBER = Month(2018, 8), Month(2018, 9)


def ordered(customer, product=None, **more):
    """Alice ordered it, to begin on 10 August at a price of her own."""
    given = {"product": product or make_product(), "starts_on": date(2018, 8, 10), "price": Decimal("310.00")}
    return recurring.add(customer=customer, new=recurring.NewItem(**(given | more), waiting=True), actor=None)


def charge(customer, month):
    charging.charge(charging.plan(month), reads.owners_of([customer.pk]))
    return list(Line.objects.order_by("id").values_list("item_id", "first", "last", "incl"))


def test_nothing_that_waits_is_billed_monthly_or_once():
    alice = make_customer("Alice Liddel", "ALI001")
    ordered(alice)
    ordered(alice, make_product("INSTALL", "1500.00"), once=True)
    assert charge(alice, AUGUST) == []
    assert charge(alice, SEPTEMBER) == []


def test_begun_earlier_than_planned_it_is_billed_from_that_day_at_the_price_that_was_agreed():
    alice = make_customer("Alice Liddel", "ALI001")
    monthly, once = ordered(alice), ordered(alice, make_product("INSTALL", "1500.00"), once=True, price=None)
    assert recurring.begin(items=[monthly.pk, once.pk], day=date(2018, 8, 1), actor=None) == 2
    assert charge(alice, AUGUST) == [
        (monthly.pk, date(2018, 8, 1), date(2018, 8, 31), Decimal("310.00")),
        (once.pk, date(2018, 8, 1), date(2018, 8, 1), Decimal("1500.00")),
    ]


def test_begun_later_than_planned_the_days_before_are_not_billed_and_beginning_twice_changes_nothing():
    alice = make_customer("Alice Liddel", "ALI001")
    item = ordered(alice)
    assert recurring.begin(items=[item.pk], day=date(2018, 9, 16), actor=None) == 1
    assert recurring.begin(items=[item.pk], day=date(2018, 9, 1), actor=None) == 0
    assert charge(alice, SEPTEMBER) == [
        (item.pk, date(2018, 9, 16), date(2018, 9, 30), Decimal("155.00")),
    ]
    assert RecurringItem.objects.get().starts_on == date(2018, 9, 16)

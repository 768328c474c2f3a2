"""Toppings on the invoice: what a clerk adds to the next one is billed once, whole, whenever it was added."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal

import pytest

from billing.models import Line
from billing.services import month_end_runs
from customers.models import Customer
from dataaccounts.models import DataAccount, ToppingOffer
from dataaccounts.services import toppings
from dataaccounts.services.toppings import Given
from herotill.months import Month
from tests.factories import make_customer, make_person
from tests.factories.data import GB, make_account, make_package
from tests.factories.items import make_month_end, run_step, signed
from tests.factories.products import make_product

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.money]
AUGUST, SEPTEMBER = Month(2018, 8), Month(2018, 9)


@pytest.fixture
def alice() -> Customer:
    return make_customer(code="ALI001")


@pytest.fixture
def account(alice: Customer) -> DataAccount:
    slow = make_package("Slow", staff=True, down_kbit=1000, up_kbit=500)
    package = make_package("10 GB", allowance=10 * GB, once_capped=slow)
    return make_account(alice, package=package, starts_on=date(2018, 8, 1))


@pytest.fixture
def five() -> ToppingOffer:
    return ToppingOffer.objects.create(name="Five", octets=5 * GB, product=make_product("TOP5", "57.50"))


def bill(month: Month) -> None:
    made = signed(make_month_end(month), make_person(f"Boss{month.number}"))
    run_step(made, month_end_runs.CHARGES)


def charged() -> list[tuple[str, Decimal]]:
    return [(line.source, line.incl) for line in Line.objects.filter(source="topping")]


def test_a_topping_is_on_the_next_invoice_once_and_whole(account: DataAccount, five: ToppingOffer) -> None:
    given = Given(five, charge="next")
    toppings.give(account=account, given=given, actor=None, now=datetime(2018, 8, 22, 10, tzinfo=UTC))
    bill(AUGUST)
    assert charged() == [("topping", Decimal("57.50"))]
    assert "alice@isp.example" in Line.objects.get(source="topping").text
    bill(SEPTEMBER)
    assert len(charged()) == 1


def test_one_added_after_the_run_is_on_the_one_after(account: DataAccount, five: ToppingOffer) -> None:
    bill(AUGUST)
    given = Given(five, charge="next")
    toppings.give(account=account, given=given, actor=None, now=datetime(2018, 8, 30, 10, tzinfo=UTC))
    bill(SEPTEMBER)
    assert charged() == [("topping", Decimal("57.50"))]


def test_what_was_given_or_paid_is_not_charged(account: DataAccount, five: ToppingOffer) -> None:
    now = datetime(2018, 8, 22, 10, tzinfo=UTC)
    toppings.give(account=account, given=Given(octets=GB, reason="Sorry"), actor=None, now=now)
    paid = Given(five, charge="paid", document="INV00001")
    toppings.give(account=account, given=paid, actor=None, now=now)
    bill(AUGUST)
    assert charged() == []

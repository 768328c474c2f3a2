"""What a month of one thing costs: by days, by rates, by prices, and never a day twice."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from billing.policies.charging import Reckoner, unheld
from billing.policies.pricing import PriceBook
from herotill.billable import Billable, Days, OwnPrice
from herotill.money import cents
from herotill.months import Month
from herotill.vat import Rates

D = Decimal
RATES = Rates.of([(date(1993, 4, 7), D(14)), (date(2018, 4, 1), D(15))], [(date(1993, 4, 7), True)])
PRICE = [(1, None, date(2010, 1, 1), D("454.00"), 1)]
months = st.builds(Month, st.integers(2015, 2029), st.integers(1, 12))


def reckoner(month, prices=PRICE, rates=RATES, notices=None, notice_days=30):
    return Reckoner(month, PriceBook(prices), rates, notices or {}, notice_days)


def thing(**fields):
    values = {"source": "item", "item_id": 1, "customer_id": 1, "product_id": 1, "text": "Uncapped"}
    return Billable(**values | {"starts_on": date(2010, 1, 1)} | fields)


def bill(month, item=None, *, price_list=None, holds=(), **more):
    return reckoner(month, **more).bill(item or thing(), price_list=price_list, holds=holds)


def test_a_whole_month_is_the_price_with_its_vat_by_the_service_period():
    march, april = bill(Month(2018, 3)), bill(Month(2018, 4))
    assert [(c.vat_rate, c.excl, c.vat, c.incl) for c in march.charges] == [
        (14, D("398.25"), D("55.75"), D("454.00"))
    ]
    assert [(c.vat_rate, c.excl, c.vat, c.incl) for c in april.charges] == [
        (15, D("394.78"), D("59.22"), D("454.00"))
    ]
    assert (april.charges[0].words, april.remarks) == (", Apr 2018", ())


def test_prices_without_vat_get_it_on_top_and_exempt_ones_get_none():
    (charge,) = bill(Month(2018, 8), thing(includes_vat=False)).charges
    assert (charge.excl, charge.vat, charge.incl) == (D("454.00"), D("68.10"), D("522.10"))
    (charge,) = bill(Month(2018, 8), thing(vat_class="exempt")).charges
    assert (charge.vat_class, charge.vat) == ("exempt", 0)


def test_s13_a_period_that_spans_a_change_of_vat_is_split_by_days():
    mid = Rates.of([(date(1993, 4, 7), D(14)), (date(2018, 8, 11), D(15))], [(date(1993, 4, 7), True)])
    found = bill(Month(2018, 8), rates=mid)
    assert [(c.first.day, c.last.day, c.vat_rate) for c in found.charges] == [(1, 10, 14), (11, 31, 15)]
    assert (found.incl, found.remarks) == (D("454.00"), ("vat",))
    assert found.charges[0].words == ", 1 to 10 Aug 2018 (10 of 31 days)"


@pytest.mark.parametrize("policy", ["daily", "full", "none"])
def test_s13_who_becomes_a_vendor_within_a_month_charges_vat_from_that_day(policy):
    rates = Rates.of([(date(1993, 4, 7), D(15))], [(date(1993, 4, 7), False), (date(2018, 8, 16), True)])
    found = bill(Month(2018, 8), thing(pro_rata=policy), rates=rates)
    assert [(c.vat_class, c.vat_rate) for c in found.charges] == [("outside", 0), ("standard", 15)]
    assert found.incl == D("454.00")


def test_a_part_of_a_month_costs_its_days_the_whole_or_nothing():
    begun = {"starts_on": date(2018, 8, 17)}
    daily = bill(Month(2018, 8), thing(**begun))
    assert [(c.first, c.last, c.incl) for c in daily.charges] == [
        (date(2018, 8, 17), date(2018, 8, 31), D("219.68"))
    ]
    assert daily.charges[0].words == ", 17 to 31 Aug 2018 (15 of 31 days)"
    full = bill(Month(2018, 8), thing(**begun, pro_rata="full"))
    assert (full.incl, full.charges[0].words) == (D("454.00"), ", 17 to 31 Aug 2018 (full month)")
    assert bill(Month(2018, 8), thing(**begun, pro_rata="none")).charges == ()
    assert bill(Month(2018, 9), thing(**begun, pro_rata="none")).incl == D("454.00")
    last_day = bill(Month(2018, 8), thing(starts_on=date(2018, 8, 31)))
    assert last_day.charges[0].words == ", 31 Aug 2018 (1 of 31 days)"


def test_held_days_are_not_billed_and_what_stands_around_them_is():
    away = [Days(date(2018, 8, 10), date(2018, 8, 19))]
    found = bill(Month(2018, 8), holds=away)
    assert [(c.first.day, c.last.day) for c in found.charges] == [(1, 9), (20, 31)]
    assert found.incl == cents(D(454) * 21 / 31)
    assert set(found.remarks) == {"held", "part"}
    assert bill(Month(2018, 8), holds=[Days(date(2018, 7, 1), date(2018, 9, 30))]).charges == ()


def test_days_billed_elsewhere_are_left_to_them():
    moved = thing(bill_from=date(2018, 8, 16))
    assert bill(Month(2018, 7), moved).charges == ()
    assert bill(Month(2018, 8), moved).charges[0].first == date(2018, 8, 16)


def test_a_discount_ends_within_the_month():
    found = bill(Month(2018, 9), thing(discount=D(50), discount_until=date(2018, 9, 15)))
    assert [(c.discount, c.incl) for c in found.charges] == [(50, D("113.50")), (0, D("227.00"))]


def test_what_is_billed_once_is_billed_whole_in_its_month_alone():
    once = thing(once=True, starts_on=date(2018, 8, 20), quantity=D("1.5"))
    assert [bill(Month(2018, number), once).incl for number in (7, 8, 9)] == [0, D("681.00"), 0]
    assert bill(Month(2018, 8), once).charges[0].words == ""


def test_nothing_makes_no_line():
    assert bill(Month(2018, 8), thing(quantity=D(0))).charges == ()
    assert bill(Month(2018, 8), thing(discount=D(100))).charges == ()
    assert bill(Month(2018, 8), thing(ends_on=date(2018, 7, 31))).charges == ()


def test_a_thing_without_any_price_says_so():
    found = bill(Month(2018, 8), prices=[])
    assert (found.charges, found.remarks) == ((), ("no_price",))


def test_the_price_is_its_own_before_the_lists_before_everybodys():
    prices = [*PRICE, (1, 7, date(2018, 8, 1), D("400.00"), 2)]
    own = (OwnPrice(date(2018, 9, 1), D("300.00"), id=5),)
    found = [
        bill(Month(2018, number), thing(prices=own), price_list=7, prices=prices).incl
        for number in (7, 8, 9, 10)
    ]
    assert found == [D("454.00"), D("400.00"), D("300.00"), D("300.00")]


def test_a_price_that_falls_counts_from_its_day():
    prices = [*PRICE, (1, None, date(2018, 8, 11), D("400.00"), 2)]
    found = bill(Month(2018, 8), prices=prices)
    assert [(c.first.day, c.unit_price, c.incl) for c in found.charges] == [
        (1, D("454.00"), D("146.45")),
        (11, D("400.00"), D("270.97")),
    ]
    assert found.remarks == ("price",)


RISE = [*PRICE, (1, None, date(2018, 8, 1), D("499.00"), 2)]


def test_s28_a_rise_waits_for_the_first_month_thirty_days_after_its_notice():
    def paid(number, sent=None):
        notices = {(1, "price", 2): sent} if sent else {}
        found = bill(Month(2018, number), prices=RISE, notices=notices)
        return found.incl, found.remarks

    assert paid(8) == (D("454.00"), ("no_notice",))
    assert paid(8, date(2018, 7, 2)) == (D("499.00"), ())
    assert paid(8, date(2018, 7, 3)) == (D("454.00"), ("no_notice",))
    assert paid(9, date(2018, 7, 3)) == (D("499.00"), ())


def test_s28_a_rise_agreed_with_the_customer_needs_no_notice_and_a_new_customer_none():
    own = (OwnPrice(date(2018, 1, 1), D("300.00"), id=5), OwnPrice(date(2018, 8, 1), D("350.00"), True, 6))
    assert bill(Month(2018, 8), thing(prices=own)).incl == D("350.00")
    refused = (own[0], own[1]._replace(agreed=False))
    assert bill(Month(2018, 8), thing(prices=refused)).incl == D("300.00")
    assert bill(Month(2018, 8), thing(starts_on=date(2018, 8, 1)), prices=RISE).incl == D("499.00")


def test_s28_without_an_own_price_any_more_the_list_counts_again_and_a_rise_waits_for_its_notice():
    back = OwnPrice(date(2018, 7, 1), None, id=6)
    listed = [*PRICE, (1, None, date(2018, 9, 1), D("400.00"), 2)]

    def paid(own, prices=listed, notices=None):
        item = thing(prices=(OwnPrice(date(2018, 1, 1), D(own), True, 5), back))
        return [bill(Month(2018, n), item, prices=prices, notices=notices).incl for n in (6, 7, 8, 9)]

    assert paid("500.00") == [D(500), D(454), D(454), D(400)]
    assert paid("300.00") == [D(300), D(300), D(300), D(300)]
    assert paid("300.00", notices={(1, "item", 6): date(2018, 6, 20)}) == [
        D(300),
        D(300),
        D(454),
        D(400),
    ]
    later = thing(prices=(OwnPrice(date(2018, 1, 1), D(300), True, 5), back._replace(agreed=True)))
    again = later._replace(prices=(*later.prices, OwnPrice(date(2018, 9, 1), D(350), True, 7)))
    assert [bill(Month(2018, n), again).incl for n in (6, 7, 9)] == [D(300), D(454), D(350)]
    unlisted = [(1, None, date(2018, 9, 1), D(400), 2)]
    assert paid("500.00", prices=unlisted) == [D(500), D(500), D(500), D(400)]


def test_s28_a_fixed_price_skips_rises_and_says_so():
    notices = {(1, "price", 2): date(2018, 6, 1)}
    fixed = thing(fixed_until=date(2018, 9, 15))
    found = [bill(Month(2018, n), fixed, prices=RISE, notices=notices) for n in (8, 9, 10)]
    assert [(one.incl, one.remarks) for one in found] == [
        (D("454.00"), ("fixed",)),
        (D("454.00"), ("fixed",)),
        (D("499.00"), ()),
    ]


def test_s28_a_later_rise_without_notice_does_not_stop_an_earlier_one_with_it():
    prices = [*RISE, (1, None, date(2018, 9, 1), D("520.00"), 3)]
    found = bill(Month(2018, 9), prices=prices, notices={(1, "price", 2): date(2018, 6, 1)})
    assert (found.incl, found.remarks) == (D("499.00"), ("no_notice",))


@given(months, st.data())
def test_every_day_of_a_month_is_billed_once_or_held(month, data):
    day = st.integers(-40, 70).map(lambda n: month.first + timedelta(days=n))
    holds = data.draw(st.lists(st.tuples(day, day).map(sorted).map(lambda two: Days(*two)), max_size=4))
    starts, ends = data.draw(st.tuples(day, day).map(sorted))
    prices = [*PRICE, (1, None, data.draw(day), D("123.45"), 2)]
    rates = Rates.of([(date(1993, 4, 7), D(14)), (data.draw(day), D(15))], [(date(1993, 4, 7), True)])
    found = bill(month, thing(starts_on=starts, ends_on=ends), holds=holds, prices=prices, rates=rates)

    billed = [
        charge.first + timedelta(days=n)
        for charge in found.charges
        for n in range((charge.last - charge.first).days + 1)
    ]
    served = [
        day
        for day in month.days()
        if starts <= day <= ends and not any(hold.first <= day <= hold.last for hold in holds)
    ]
    assert billed == served
    assert all(charge.excl + charge.vat == charge.incl for charge in found.charges)


@given(months, st.data())
def test_parts_of_a_month_add_up_to_what_their_days_cost_together(month, data):
    day = st.sampled_from(month.days())
    amount = data.draw(st.decimals(1, 5000, places=2))
    cuts = data.draw(st.lists(st.tuples(day, day).map(sorted).map(lambda two: Days(*two)), max_size=3))
    rates = Rates.of([(date(1993, 4, 7), D(14)), (data.draw(day), D(15))], [(date(1993, 4, 7), True)])
    own = (OwnPrice(date(2010, 1, 1), amount),)
    found = bill(month, thing(prices=own), holds=cuts, rates=rates)
    days = sum((charge.last - charge.first).days + 1 for charge in found.charges)
    assert found.incl == cents(amount * days / month.length)
    if not cuts:
        assert found.incl == amount


@given(months, st.data())
def test_one_that_ends_and_its_successor_cost_a_month_together(month, data):
    """On every day, in February and in leap years too: at most a cent apart, from rounding two invoices."""
    last = data.draw(st.sampled_from(month.days()))
    old = bill(month, thing(ends_on=last))
    new = bill(month, thing(starts_on=last + timedelta(days=1)))
    assert abs(old.incl + new.incl - D("454.00")) <= D("0.01")


@given(st.lists(st.tuples(st.integers(1, 28), st.integers(1, 28)).map(sorted), max_size=5))
def test_holds_that_overlap_count_once(pairs):
    holds = sorted(Days(date(2018, 2, first), date(2018, 2, last)) for first, last in pairs)
    free = unheld(Days(date(2018, 2, 1), date(2018, 2, 28)), holds)
    held = {day for first, last in pairs for day in range(first, last + 1)}
    assert sum((days.last - days.first).days + 1 for days in free) == 28 - len(held)

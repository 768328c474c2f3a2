"""The arithmetic of VAT, and the rates by day."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as some

from herotill.errors import DomainError
from herotill.vat import EXEMPT, OUTSIDE, STANDARD, ZERO_RATED, Amounts, Rates, Tax, rate_of, split

FOURTEEN, FIFTEEN = Decimal("14.00"), Decimal("15.00")
BEGINNING, CHANGE = date(1993, 4, 7), date(2018, 4, 1)
LAW = [(BEGINNING, FOURTEEN), (CHANGE, FIFTEEN)]
RATES = Rates.of(LAW, [(BEGINNING, True)])


def amounts(excl: str, vat: str, incl: str) -> Amounts:
    return Amounts(Decimal(excl), Decimal(vat), Decimal(incl))


@pytest.mark.money
@pytest.mark.parametrize(
    ("amount", "rate", "includes", "expected"),
    [
        ("454.00", FIFTEEN, True, amounts("394.78", "59.22", "454.00")),
        ("756.49", FIFTEEN, True, amounts("657.82", "98.67", "756.49")),
        ("454.00", FOURTEEN, True, amounts("398.25", "55.75", "454.00")),
        ("450.00", FOURTEEN, True, amounts("394.74", "55.26", "450.00")),
        ("394.78", FIFTEEN, False, amounts("394.78", "59.22", "454.00")),
        ("0.10", FIFTEEN, False, amounts("0.10", "0.02", "0.12")),
        ("100.00", Decimal(0), True, amounts("100.00", "0.00", "100.00")),
        ("0.00", FIFTEEN, True, amounts("0.00", "0.00", "0.00")),
    ],
)
def test_vat_is_half_up_to_the_cent(amount, rate, includes, expected):
    assert split(Decimal(amount), rate, includes) == expected


money = some.decimals(min_value=0, max_value=10**9, places=2)
percent = some.decimals(min_value=0, max_value=50, places=2)


@pytest.mark.money
@given(money, percent, some.booleans())
def test_parts_add_up_and_what_was_given_stays(amount, rate, includes):
    parts = split(amount, rate, includes)

    assert parts.excl + parts.vat == parts.incl
    assert (parts.incl if includes else parts.excl) == amount
    assert abs(parts.vat - parts.excl * rate / 100) <= Decimal("0.01")
    assert all(part.as_tuple().exponent == -2 for part in parts)


@pytest.mark.money
@given(money, percent, some.booleans())
def test_a_credit_takes_exactly_what_the_charge_gave(amount, rate, includes):
    charged, credited = split(amount, rate, includes), split(-amount, rate, includes)

    assert tuple(-part for part in credited) == charged


def test_a_float_is_no_money():
    with pytest.raises(TypeError, match="Money is Decimal"):
        split(454.0, FIFTEEN, True)


@pytest.mark.money
def test_the_day_decides_the_rate():
    assert (RATES.on(date(2018, 3, 26)), RATES.on(date(2018, 3, 31))) == (FOURTEEN, FOURTEEN)
    assert (RATES.on(CHANGE), RATES.on(date(2018, 4, 30))) == (FIFTEEN, FIFTEEN)
    with pytest.raises(DomainError, match="No VAT rate is known for 1993-04-06"):
        RATES.on(BEGINNING - timedelta(days=1))


@pytest.mark.money
def test_s13_the_service_decides_before_the_document_does():
    issued = date(2018, 4, 3)

    assert rate_of(STANDARD, RATES, document_date=issued).rate == FIFTEEN
    assert rate_of(STANDARD, RATES, document_date=issued, service=date(2018, 3, 31)).rate == FOURTEEN
    assert rate_of(ZERO_RATED, RATES, document_date=issued) == Tax(ZERO_RATED, Decimal(0))


@pytest.mark.money
def test_s13_a_period_that_spans_a_change_is_cut_there():
    spans = RATES.stretches(date(2018, 3, 15), date(2018, 4, 14))

    assert [(one.first, one.last, one.rate) for one in spans] == [
        (date(2018, 3, 15), date(2018, 3, 31), FOURTEEN),
        (CHANGE, date(2018, 4, 14), FIFTEEN),
    ]
    assert len(RATES.stretches(date(2018, 3, 15), date(2018, 4, 14), EXEMPT)) == 1
    assert [one.first for one in RATES.stretches(CHANGE, date(2018, 4, 30))] == [CHANGE]


@pytest.mark.money
def test_s13_who_is_no_vendor_charges_no_vat_from_that_day():
    left = Rates.of(LAW, [(BEGINNING, False), (date(2020, 1, 1), True), (date(2024, 6, 16), False)])

    assert left.tax(STANDARD, date(2019, 12, 31)) == Tax(OUTSIDE, Decimal(0))
    assert left.tax(EXEMPT, date(2020, 1, 1)).vat_class == EXEMPT
    june = left.stretches(date(2024, 6, 1), date(2024, 6, 30), ZERO_RATED)
    assert [(one.last.day, one.tax.vat_class) for one in june] == [(15, ZERO_RATED), (30, OUTSIDE)]
    assert len(left.stretches(date(2018, 3, 1), date(2018, 4, 30))) == 1


days = some.dates(date(1993, 4, 7), date(2040, 1, 1))


@given(some.dictionaries(days, percent, max_size=6), some.dictionaries(days, some.booleans()), days, days)
def test_stretches_cover_every_day_once_at_its_rate(more, status, one, other):
    rates = Rates.of([*LAW, *more.items()], [(BEGINNING, True), *status.items()])
    first, last = sorted((one, other))
    stretches = rates.stretches(first, last)

    assert (stretches[0].first, stretches[-1].last) == (first, last)
    for before, after in pairwise(stretches):
        assert after.first - before.last == timedelta(days=1)
        assert before.tax != after.tax
    for stretch in stretches:
        assert rates.tax(STANDARD, stretch.first) == rates.tax(STANDARD, stretch.last) == stretch.tax

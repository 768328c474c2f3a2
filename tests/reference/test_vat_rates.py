"""What the database holds to about rates, our status, and ourselves."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.db import IntegrityError, transaction
from django.utils import timezone

from herotill.reference.models import Company, VatRate, VendorStatus
from herotill.reference.selectors import vat as reading

pytestmark = [pytest.mark.django_db, pytest.mark.money]


def refused():
    return pytest.raises(IntegrityError)


def test_the_rates_by_law_are_there_from_the_start():
    rates = reading.rates()

    assert (rates.on(date(2018, 3, 31)), rates.on(date(2018, 4, 1))) == (Decimal(14), Decimal(15))
    assert Company.objects.get().name == ""


@pytest.mark.parametrize(
    "change", [{"rate": Decimal(16)}, {"withdrawn": True}, {"starts_on": date(2030, 1, 1)}]
)
def test_a_rate_that_has_begun_is_never_edited(change):
    with refused(), transaction.atomic():
        VatRate.objects.filter(starts_on=date(2018, 4, 1)).update(**change)
    with refused(), transaction.atomic():
        VatRate.objects.filter(starts_on=date(2018, 4, 1)).delete()
    assert reading.rates().on(date(2018, 4, 1)) == 15


def test_no_rate_is_put_before_one_that_has_begun():
    with refused(), transaction.atomic():
        VatRate.objects.create(starts_on=date(2017, 1, 1), rate=16)
    VatRate.objects.create(starts_on=date(2019, 1, 1), rate=16)
    assert reading.rates().on(date(2019, 1, 1)) == 16


def test_an_announced_rate_is_withdrawn_and_another_announced_for_the_same_day():
    soon = timezone.localdate() + timedelta(days=40)
    announced = VatRate.objects.create(starts_on=soon, rate=Decimal("15.50"))
    assert reading.rates().on(soon) == Decimal("15.50")

    announced.withdrawn = True
    announced.save()
    assert reading.rates().on(soon) == 15
    VatRate.objects.create(starts_on=soon, rate=Decimal("15.25"))
    with refused(), transaction.atomic():
        VatRate.objects.create(starts_on=soon, rate=Decimal("15.75"))


def test_s13_our_vendor_status_is_dated_too():
    VendorStatus.objects.create(starts_on=date(2024, 7, 1), is_vendor=False)

    assert reading.rates().on(date(2024, 6, 30)) == 15
    assert reading.rates().on(date(2024, 7, 1)) == 0
    with refused(), transaction.atomic():
        VendorStatus.objects.filter(starts_on=date(2024, 7, 1)).update(is_vendor=True)
    with refused(), transaction.atomic():
        VendorStatus.objects.filter(starts_on=date(2024, 7, 1)).delete()


def test_there_is_one_company():
    with refused(), transaction.atomic():
        Company.objects.create(name="Another")

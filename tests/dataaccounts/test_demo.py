"""The demo's data accounts: who the manuals show, usage that adds up, nobody billed twice; asked for twice, made once."""

from datetime import date
from io import StringIO

import pytest
from django.core.management import call_command
from django.db import connection
from django.db.models import Sum

from billing.models import Line, RecurringItem
from customers.models import Customer
from dataaccounts.models import (
    DataAccount,
    LoadHour,
    PackageChange,
    Session,
    UsageDay,
    UsageHour,
)
from dataaccounts.selectors.billable import billables

pytestmark = pytest.mark.django_db
BANDWIDTH = ("UNC02", "UNC04", "UNC10", "UNC20", "BUS10", "BUS50")


def counts():
    return [
        model.objects.count()
        for model in (DataAccount, UsageDay, UsageHour, LoadHour, Session, PackageChange, Line)
    ]


def test_the_demo_is_made_once_and_bills_nobodys_internet_twice(settings):
    settings.DEMO = True
    call_command("demo_data", customers=40, months=2, stdout=StringIO())
    made = counts()
    call_command("demo_data", customers=40, months=2, stdout=StringIO())
    assert counts() == made

    alice = DataAccount.objects.get(username="alice@wonderland.example")
    line = next(
        one
        for one in billables([alice.customer_id], date(2026, 1, 1), date(2026, 1, 31))
        if one.one_of == alice.pk
    )
    assert "10Mb/s" in line.text
    assert [str(price.amount) for price in line.prices] == ["756.49"]
    assert alice.changes.count() == 4
    assert DataAccount.objects.get(customer__code="MIC001").username == "mickey.testtest"

    both = RecurringItem.objects.filter(
        product__code__in=BANDWIDTH, customer__in=DataAccount.objects.values("customer")
    )
    assert not both.exists()
    assert Line.objects.filter(source="data").exists()
    call_command("verify_ledger", stdout=StringIO())


def test_hours_and_loads_add_up_to_the_days_and_the_journal_is_left_alone(settings):
    settings.DEMO = True
    call_command("demo_data", customers=20, months=0, stdout=StringIO())
    hours = UsageHour.objects.aggregate(Sum("download"))["download__sum"]
    at_a_place = UsageHour.objects.filter(account__highsite__isnull=False)
    loads = LoadHour.objects.aggregate(Sum("download"))["download__sum"]
    first = UsageHour.objects.order_by("hour").values_list("hour", flat=True)[0]
    days = UsageDay.objects.filter(day__gt=first.date()).aggregate(Sum("download"))["download__sum"]
    assert hours == days
    assert loads == at_a_place.aggregate(Sum("download"))["download__sum"]
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM dataaccounts_journal")
        assert cursor.fetchone() == (0,)
    up = Session.objects.filter(stopped_at=None)
    assert up.count() > 5
    states = DataAccount.objects.filter(username__in=up.values("username"))
    assert set(states.values_list("state", flat=True)) == {"active"}


def test_customers_who_come_later_get_accounts_and_usage_too(settings):
    settings.DEMO = True
    call_command("demo_data", customers=10, months=0, stdout=StringIO())
    before = set(DataAccount.objects.values_list("username", flat=True))
    call_command("demo_data", customers=25, months=0, stdout=StringIO())
    fresh = DataAccount.objects.exclude(username__in=before)
    assert fresh.count() > 8
    assert Customer.objects.filter(data_accounts__in=fresh).count() > 8
    assert UsageDay.objects.filter(account__in=fresh).exists()

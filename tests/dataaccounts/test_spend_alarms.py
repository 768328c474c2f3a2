"""Voice lines that spend more than they should: an alarm once, for staff and, where asked for, the customer."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.test import Client

from dataaccounts.models import SpendAlarm, SpendLimit
from dataaccounts.services import spend_alarms
from herotill.messages.models import Message
from tests.factories import make_customer, make_person
from tests.factories.calls import make_call, make_line

pytestmark = pytest.mark.django_db
NOW = datetime(2018, 9, 1, 8, tzinfo=UTC)


def alarms() -> list[tuple[str, str, str]]:
    found = SpendAlarm.objects.order_by("kind", "day")
    return [(one.kind, str(one.day), str(one.amount)) for one in found]


def test_a_day_a_month_and_a_class_raise_an_alarm_each_once() -> None:
    line, bob = make_line(), make_line("27877654321", customer="BOB001")
    limits = {"per_day": 5, "per_month": 8, "classes": ["premium"], "tell_customer": True}
    spend_alarms.set_limit(line=None, values=limits)
    for day, price in ((1, "3.00"), (1, "2.00"), (2, "4.99")):
        make_call(line, date(2018, 8, day), price)
    make_call(line, date(2018, 8, 9), "0.10", call_class="premium")
    make_call(bob, date(2018, 8, 1), "4.99")
    make_call(bob, date(2018, 3, 1), "99.00")
    assert spend_alarms.watch(now=NOW) == 3
    assert alarms() == [
        ("class", "2018-08-09", "0.10"),
        ("day", "2018-08-01", "5.00"),
        ("month", "2018-08-01", "10.09"),
    ]
    assert spend_alarms.watch(now=NOW) == 0
    assert Message.objects.filter(template="spend-alarm", customer_id=line.customer_id).count() == 3


def test_a_line_may_have_a_limit_of_its_own() -> None:
    line, bob = make_line(), make_line("27877654321", customer="BOB001")
    spend_alarms.set_limit(line=None, values={"per_day": 5})
    spend_alarms.set_limit(line=line, values={"per_day": 100, "tell_customer": False})
    make_call(line, price="50.00")
    make_call(bob, price="50.00")
    assert spend_alarms.watch(now=NOW) == 1
    assert SpendAlarm.objects.get().line == bob
    assert not Message.objects.filter(template="spend-alarm").exists()
    assert SpendLimit.objects.count() == 2


def test_s14_a_resellers_client_is_not_written_to() -> None:
    reseller = make_customer("Rex Reseller", "REX001", is_reseller=True)
    line = make_line(customer=make_customer("Alice Liddel", "ALI001", master=reseller))
    spend_alarms.set_limit(line=None, values={"per_day": 5, "tell_customer": True})
    make_call(line, price="50.00")
    assert spend_alarms.watch(now=NOW) == 1
    assert not Message.objects.exists()


def test_the_limit_is_set_and_an_alarm_is_seen_on_screens(client: Client) -> None:
    line = make_line()
    make_call(line, date(2018, 8, 31), "50.00")
    rights = [f"dataaccounts.{verb}_spendlimit" for verb in ("view", "change")]
    rights += [
        "dataaccounts.view_spendalarm",
        "dataaccounts.change_spendalarm",
        "dataaccounts.view_voiceline",
    ]
    client.force_login(make_person("Thabo", "customers.view_customer", *rights))
    client.post("/data-accounts/calls/limits/", {"per_day": "500", "classes": " Premium , satellite"})
    assert SpendLimit.objects.get().classes == ["premium", "satellite"]
    client.post(f"/customers/ALI001/widgets/voip-lines/limit/{line.pk}/", {"per_day": "20"})
    assert spend_alarms.watch(now=NOW) == 1
    page = client.get("/data-accounts/calls/alarms/").content.decode()
    assert "Mark as seen" in page
    assert "R 50.00" in page
    client.post(f"/data-accounts/calls/alarms/{SpendAlarm.objects.get().pk}/seen/")
    assert SpendAlarm.objects.get().seen_by is not None
    assert "Mark as seen" not in client.get("/data-accounts/calls/alarms/").content.decode()
    client.force_login(make_person("Dora", "customers.view_customer"))
    assert client.get("/data-accounts/calls/alarms/").status_code == 403
    assert client.get("/data-accounts/calls/limits/").status_code == 403

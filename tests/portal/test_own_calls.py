"""What a customer sees of their own phone: this month by class on the home page, and every call, masked."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.utils import timezone

from customers.models import Customer
from dataaccounts.models import VoiceBundle
from herotill.months import Month
from tests.factories.calls import make_call, make_line
from tests.portal.conftest import at_portal

pytestmark = pytest.mark.django_db
PHONE = "/portal/phone/"


def test_the_home_page_says_this_month_by_class(alice: Customer, bob: Customer) -> None:
    month = Month.of(timezone.localdate())
    line = make_line("27871110001", customer=alice)
    make_call(line, month.first, "1.50", seconds=61)
    make_call(line, month.first, "0.40", call_class="national", destination="Cape Town")
    make_call(line, month.plus(-1).last, "77.00")
    make_call(make_line("27871110002", customer=bob), month.first, "88.00")
    home = at_portal(alice).get("/portal/").content.decode()
    for said in ("+27871110001", "1 call, 2 min", "R 1.50", "National", "2 calls, 3 min", "R 1.90", PHONE):
        assert said in home
    for theirs in ("R 77.00", "R 88.00", "+27871110002"):
        assert theirs not in home


def test_no_card_without_a_line_or_after_it_ended(alice: Customer) -> None:
    client = at_portal(alice)
    assert 'id="home-phone"' not in client.get("/portal/").content.decode()
    line = make_line("27871110001", customer=alice, state="cancelled", ends_on=date(2018, 8, 31))
    make_call(line, date(2018, 8, 2), "9.00")
    assert 'id="home-phone"' not in client.get("/portal/").content.decode()
    assert PHONE in client.get("/portal/services/").content.decode()
    assert "R 9.00" in client.get(f"{PHONE}?month=2018-08").content.decode()


def test_calls_are_listed_masked_and_whole_when_asked_for(
    alice: Customer, bob: Customer, django_assert_max_num_queries: Any
) -> None:
    first, second = make_line("27871110001", customer=alice), make_line("27871110003", customer=alice)
    make_call(first, date(2018, 8, 1), "1.50")
    make_call(second, date(2018, 8, 2), "0.40", called="27211234567", destination="Cape Town")
    stranger = make_line("27871110002", customer=bob)
    make_call(stranger, date(2018, 8, 1), "88.00", called="27829999999")
    client = at_portal(alice)
    client.get("/portal/")
    with django_assert_max_num_queries(12):
        page = client.get(f"{PHONE}?month=2018-08&line={stranger.pk}").content.decode()
    for said in ("+2782123••••", "+2721123••••", "1:00", "R 1.90"):
        assert said in page
    for hidden in ("27821234567", "R 88.00", "99999"):
        assert hidden not in page
    one = client.get(f"{PHONE}?month=2018-08&line={first.pk}&whole=1").content.decode()
    assert "+27821234567" in one
    assert "Cape Town" not in one
    for nonsense in (
        "?month=desk",
        "?month=9999-12",
        "?month=2018-08&page=999999999999999999",
        "?line=x&page=-1",
    ):
        assert client.get(f"{PHONE}{nonsense}").status_code == 200


def test_a_long_month_has_pages_and_free_minutes_stand_beside(alice: Customer) -> None:
    today = timezone.localdate()
    line = make_line("27871110001", customer=alice)
    VoiceBundle.objects.create(package=line.package, call_class="mobile", minutes=30)
    for number in range(101):
        call = make_call(line, today, "0.10", bundled=6 if number < 10 else 0)
        type(call).objects.filter(pk=call.pk).update(start=call.start + timedelta(seconds=number))
    client = at_portal(alice)
    page = client.get(PHONE).content.decode()
    assert page.count("Mobile<br>") == 100
    assert "1 of 30 free minutes mobile used" in page
    assert "page=2" in page
    assert client.get(f"{PHONE}?page=2").content.decode().count("Mobile<br>") == 1


def test_a_number_that_was_had_again_in_the_month_has_its_free_minutes_once(alice: Customer) -> None:
    month = Month.of(timezone.localdate())
    before = make_line("27871110001", customer=alice, state="cancelled", ends_on=month.first)
    again = make_line("27871110001", customer=alice, starts_on=month.first + timedelta(days=1))
    VoiceBundle.objects.create(package=again.package, call_class="mobile", minutes=30)
    for line in (before, again):
        make_call(line, line.ends_on or line.starts_on, "0", bundled=60)
    page = at_portal(alice).get(PHONE).content.decode()
    assert page.count("2 of 30 free minutes mobile used") == 1

"""Calls by destination: whose, when, what they cost and brought in, on the screen and as a file."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client

from customers.models import Customer, CustomerGroup
from dataaccounts.models import VoiceLine
from dataaccounts.selectors import call_reports
from herotill.models import Export
from herotill.months import Month
from tests.factories import client_of, make_person
from tests.factories.calls import make_call, make_line

pytestmark = pytest.mark.django_db
REPORT = "/data-accounts/reports/calls/"
AUGUST, SEPTEMBER = Month(2018, 8), Month(2018, 9)
PERIOD = "first=2018-08&last=2018-08"
SEE = "dataaccounts.see_call_reports"


@pytest.fixture
def alice() -> VoiceLine:
    """Alice calls mobiles and Cape Town, Bob a satellite; Bob is in a group."""
    alice, bob = make_line(), make_line("27877654321", customer="BOB001")
    make_call(alice, date(2018, 8, 1), "2.004", seconds=90)
    make_call(alice, date(2018, 8, 31), "2.004")
    make_call(alice, date(2018, 9, 1), "5.00")
    make_call(alice, date(2018, 8, 2), "0.40", destination="Cape Town", call_class="national")
    make_call(bob, date(2018, 8, 2), "99.00", destination="Satellite", call_class="satellite", cost="60")
    Customer.objects.filter(pk=bob.customer_id).update(group=CustomerGroup.objects.create(name="Farms"))
    return alice


def test_destinations_are_summed_and_narrowed(alice: VoiceLine) -> None:
    found = call_reports.by_destination(first=AUGUST, last=AUGUST, limit=10)
    assert [one.destination for one in found.rows] == ["Satellite", "Mobile", "Cape Town"]
    mobile = found.rows[1]
    assert (mobile.calls, mobile.minutes, mobile.cost) == (2, Decimal("2.50"), Decimal("2.00"))
    assert (mobile.price, mobile.markup) == (Decimal("4.01"), Decimal("2.01"))
    assert (found.total.calls, found.total.price) == (4, Decimal("103.41"))
    cut = call_reports.by_destination(first=AUGUST, last=AUGUST, limit=1)
    assert (len(cut.rows), cut.total) == (1, found.total)
    bob = Customer.objects.get(code="BOB001")
    for narrowed in ({"customer": bob.pk}, {"group": bob.group_id}, {"line": "27877654321"}):
        (only,) = call_reports.by_destination(first=AUGUST, last=SEPTEMBER, limit=9, **narrowed).rows
        assert only.destination == "Satellite"
    assert call_reports.by_destination(first=SEPTEMBER, last=SEPTEMBER, limit=9).total.calls == 1


def test_the_page_and_its_files_say_the_same(
    alice: VoiceLine, client: Client, django_assert_max_num_queries: Any
) -> None:
    client.force_login(make_person("Thabo", SEE))
    client.get("/")
    with django_assert_max_num_queries(10):
        page = client.get(f"{REPORT}?{PERIOD}").content.decode()
    for said in ("Satellite", "R 39.00", "R 103.41", "Cape Town"):
        assert said in page
    narrowed = client.get(f"{REPORT}?{PERIOD}&customer=ali001&line=087 123 4567").content.decode()
    assert "Satellite" not in narrowed
    assert "Cape Town" in narrowed
    csv = client.get(f"{REPORT}?{PERIOD}&format=csv")
    assert b"Satellite,satellite,1,1.00,60.00,99.00,39.00" in b"".join(csv.streaming_content)
    book = client.get(f"{REPORT}?{PERIOD}&format=xlsx")
    assert b"".join(book.streaming_content)[:2] == b"PK"
    assert Export.objects.filter(list_name="calls-by-destination").count() == 2
    assert "Calls by destination" in client.get("/reports/").content.decode()


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("first=2018-08&last=2018-07", "It ends before it begins."),
        ("first=2017-08&last=2018-08", "A report covers at most a year."),
        (f"{PERIOD}&customer=NOBODY", "No customer has this code."),
        (f"{PERIOD}&line=desk", "This is no number."),
        (f"{PERIOD}&group=99", "Nothing was called"),
    ],
)
def test_nonsense_is_refused_in_words_and_counts_nothing(alice: VoiceLine, asked: str, said: str) -> None:
    page = client_of(make_person("Thabo", SEE)).get(f"{REPORT}?{asked}&format=csv").content.decode()
    assert said in page
    assert "Satellite" not in page


def test_dora_sees_no_report_of_calls() -> None:
    dora = client_of(make_person("Dora", "dataaccounts.view_call"))
    assert dora.get(REPORT).status_code == 403
    assert "Calls by destination" not in dora.get("/reports/").content.decode()

"""The card that draws what a customer's accounts used."""

from __future__ import annotations

from datetime import date

import pytest
from django.db import connection
from django.test import Client

from customers.models import Customer
from dataaccounts.models import DataAccount
from dataaccounts.selectors import customer_usage
from herotill.months import Month
from tests.factories import client_of, make_customer, make_person
from tests.factories.data import GB, make_account

pytestmark = pytest.mark.django_db
CARD = "/customers/ALI001/widgets/data-usage/"
OCTOBER = Month(2018, 10)


def used(account: DataAccount, day: date, down: int, up: int) -> None:
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO dataaccounts_usageday (account_id, day, download, upload) VALUES (%s, %s, %s, %s)",
            [account.pk, day, down, up],
        )


@pytest.fixture
def alice() -> Customer:
    customer = make_customer(code="ALI001")
    home, away = make_account(customer), make_account(customer, username="cottage@isp.example")
    used(home, date(2018, 10, 1), 4 * GB, GB)
    used(home, date(2018, 10, 31), 2 * GB, GB // 2)
    used(away, date(2018, 10, 1), GB, 0)
    used(home, date(2018, 3, 5), 10 * GB, 0)
    used(
        make_account(make_customer(code="BOB001"), username="bob@isp.example"), date(2018, 10, 1), 99 * GB, 0
    )
    return customer


@pytest.fixture
def desk() -> Client:
    return client_of(make_person("Sue", "customers.view_customer", "dataaccounts.view_usageday"))


def test_a_month_is_drawn_by_day_with_both_its_ends(alice: Customer) -> None:
    found = customer_usage.by_day(
        accounts=[one.pk for one in customer_usage.accounts_of(alice)], month=OCTOBER
    )
    assert len(found) == 31
    assert (found[0].download, found[0].upload) == (5 * GB, GB)
    assert (found[30].download, found[30].upload) == (2 * GB, GB // 2)
    assert sum(one.total for one in found) == 8 * GB + GB // 2


def test_a_year_is_drawn_by_month(alice: Customer) -> None:
    found = customer_usage.by_month(accounts=[one.pk for one in customer_usage.accounts_of(alice)], year=2018)
    assert [one.label for one in found if one.total] == ["Mar", "Oct"]
    assert found[2].download == 10 * GB


def test_a_day_is_drawn_by_the_hour_here(alice: Customer, desk: Client) -> None:
    home = DataAccount.objects.get(username="alice@isp.example")
    with connection.cursor() as cursor:
        for hour, octets in (
            ("2018-09-30 22:00Z", GB),
            ("2018-10-01 21:00Z", 3 * GB),
            ("2018-10-01 22:00Z", 9),
        ):
            cursor.execute(
                "INSERT INTO dataaccounts_usagehour (account_id, hour, download, upload) VALUES (%s, %s, %s, 0)",
                [home.pk, hour, octets],
            )
    asked = {"by": "day", "day": "2018-10-01"}
    page = desk.get(CARD, asked).content.decode()
    assert "Download, 00:00: 1 GB" in page
    assert "Download, 23:00: 3 GB" in page
    assert "<b>4 GB</b> down" in page
    assert '"day": "2018-09-30"' in page
    answer = desk.get("/data-accounts/customers/ALI001/usage/", asked | {"format": "csv"})
    assert "2018-10-01 23:00,3.000,0.000,3.000" in b"".join(answer.streaming_content).decode().splitlines()


def test_hours_that_are_no_longer_kept_are_said_to_be(alice: Customer, desk: Client) -> None:
    assert "Hours are kept for 14 days" in desk.get(CARD, {"by": "day", "day": "2017-01-01"}).content.decode()
    for nonsense in ("0001-01-01", "9999-12-31", "x"):
        assert desk.get(CARD, {"by": "day", "day": nonsense}).status_code == 200


def test_the_card_says_the_month_and_draws_its_bars(alice: Customer, desk: Client) -> None:
    page = desk.get(CARD, {"month": "2018-10"}).content.decode()
    assert "October 2018" in page
    assert "<b>7 GB</b> down" in page
    assert "<b>1.5 GB</b> up" in page
    assert "Download, 1: 5 GB" in page
    assert "99 GB" not in page


def test_one_account_can_be_chosen_but_nobody_elses(alice: Customer, desk: Client) -> None:
    cottage = DataAccount.objects.get(username="cottage@isp.example")
    page = desk.get(CARD, {"month": "2018-10", "account": cottage.pk}).content.decode()
    assert "<b>1 GB</b> down" in page
    bobs = DataAccount.objects.get(username="bob@isp.example")
    assert "99 GB" not in desk.get(CARD, {"month": "2018-10", "account": bobs.pk}).content.decode()


def test_nonsense_for_a_month_is_this_month(alice: Customer, desk: Client) -> None:
    assert desk.get(CARD, {"month": "2018-13"}).status_code == 200


def test_who_has_no_account_reads_what_would_stand_here(desk: Client) -> None:
    make_customer(code="ALI001")
    assert "once they have one" in desk.get(CARD).content.decode()


def test_the_table_is_taken_as_a_file(alice: Customer, desk: Client) -> None:
    answer = desk.get("/data-accounts/customers/ALI001/usage/", {"month": "2018-10", "format": "csv"})
    lines = b"".join(answer.streaming_content).decode().splitlines()
    assert "2018-10-01,5.000,1.000,6.000" in lines
    assert len(lines) == 32


def test_s23_who_may_not_see_usage_sees_none(alice: Customer) -> None:
    nobody = client_of(make_person("Dora", "customers.view_customer"))
    assert nobody.get(CARD).status_code == 403
    assert nobody.get("/data-accounts/customers/ALI001/usage/?format=csv").status_code == 403


def test_the_card_asks_the_database_little(
    alice: Customer, desk: Client, django_assert_max_num_queries
) -> None:
    desk.get(CARD)
    with django_assert_max_num_queries(10):
        desk.get(CARD, {"month": "2018-10"})

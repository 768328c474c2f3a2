"""Usage as it is read: by day, month and hour."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest
from django.db import connection

from dataaccounts.selectors import usage
from dataaccounts.selectors.usage import Usage
from tests.factories import make_customer
from tests.factories.data import make_account, make_package

pytestmark = pytest.mark.django_db
HOUR = datetime(2018, 8, 22, 10, tzinfo=UTC)


@pytest.fixture
def accounts() -> list[int]:
    """Alice, of whom both ways count; Bob, of whom the download counts; Carol, who used nothing."""
    down = make_package("20Mb/s 50GB", counts="download")
    alice = make_account(make_customer("Alice Liddel", "ALI001"))
    bob = make_account(make_customer("Bob", "BOB001"), "bob@isp.example", down)
    carol = make_account(make_customer("Carol", "CAR001"), "carol@isp.example")
    rows = [
        (one, day, 100, 10)
        for one in (alice.pk, bob.pk)
        for day in ("2018-07-31", "2018-08-01", "2018-08-31")
    ]
    with connection.cursor() as cursor:
        cursor.executemany("INSERT INTO dataaccounts_usageday VALUES (%s, %s, %s, %s)", rows)
        cursor.execute("INSERT INTO dataaccounts_usagehour VALUES (%s, %s, 5, 6)", [alice.pk, HOUR])
    return [alice.pk, bob.pk, carol.pk]


def test_by_day(accounts: list[int]) -> None:
    found = usage.by_day(accounts, date(2018, 8, 1), date(2018, 8, 30))
    assert found == {one: {date(2018, 8, 1): Usage(100, 10)} for one in accounts[:2]}
    assert found[accounts[0]][date(2018, 8, 1)].total == 110


def test_by_month(accounts: list[int]) -> None:
    found = usage.by_month(accounts[:1], 2018)
    assert found == {accounts[0]: {date(2018, 7, 1): Usage(100, 10), date(2018, 8, 1): Usage(200, 20)}}


def test_by_hour(accounts: list[int]) -> None:
    assert usage.by_hour(accounts, HOUR, HOUR) == {}
    found = usage.by_hour(accounts, HOUR, HOUR.replace(hour=11))
    assert found == {accounts[0]: {HOUR: Usage(5, 6)}}

"""How often SageOne is called: counted in Redis for all together, whoever calls."""

from __future__ import annotations

import os
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import override_settings

from herotill.integrations.books import Connection, Credentials
from herotill.integrations.books.errors import Denied, Stopped
from herotill.integrations.http import NotSent
from herotill.integrations.sageone.limits import SECOND, Limits, Pace

PLACE = f"http://books-{os.getpid()}.test"  # Redis is shared with the other processes that test
ALICE = Connection(Credentials("alice", "a", "k"), "1")
BOB = Connection(Credentials("bob", "b", "k"), "2")
NOON = int(datetime(2026, 11, 23, 10, tzinfo=UTC).timestamp()) * SECOND
LONG = 10_000.0


class Clock:
    """What time it is, for all who ask."""

    def __init__(self) -> None:
        self.at = NOON

    def __call__(self) -> int:
        return self.at


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(autouse=True)
def _nothing_called_yet() -> Iterator[None]:
    for connection in (ALICE, BOB):
        Limits(PLACE, connection).forget()
    yield
    for connection in (ALICE, BOB):
        Limits(PLACE, connection).forget()


def limits(clock: Clock, connection: Connection = ALICE, **allowed: Any) -> Limits:
    return Limits(PLACE, connection, pace=Pace(**allowed), clock=clock)


def test_one_a_second(clock: Clock) -> None:
    mine, theirs = limits(clock), limits(clock)
    assert [one.take() for one in (mine, theirs, mine)] == [0, 1, 2]
    clock.at += 10 * SECOND
    assert [theirs.take(), mine.take()] == [0, 1]


def test_each_company_has_its_own_pace(clock: Clock) -> None:
    assert [limits(clock).take(), limits(clock, BOB).take()] == [0, 0]


def test_a_hundred_in_any_minute(clock: Clock) -> None:
    found = [limits(clock, apart=0).take(LONG) for _ in range(250)]
    assert found == [0] * 100 + [60] * 100 + [120] * 50
    for start in range(150):
        assert found[start + 100] - found[start] >= 60


def test_all_who_call_at_once_stand_in_one_line(clock: Clock) -> None:
    with ThreadPoolExecutor(8) as pool:
        found = sorted(pool.map(lambda _: limits(clock).take(LONG), range(120)))
    assert found == [float(place) for place in range(120)]


def test_who_would_wait_too_long_is_told_when(clock: Clock) -> None:
    for _ in range(31):
        limits(clock).take()
    with pytest.raises(Stopped, match="too often") as no:
        limits(clock).take()
    assert no.value.until == datetime.fromtimestamp(NOON / SECOND + 31, UTC)
    assert limits(clock).take(LONG) == 31  # the no claimed nothing


def test_the_budget_of_a_day_ends_at_midnight_here(clock: Clock) -> None:
    for _ in range(3):
        limits(clock, apart=0, a_day=3).take()
    with pytest.raises(Stopped, match="today") as no:
        limits(clock, apart=0, a_day=3).take()
    assert no.value.until == datetime(2026, 11, 23, 22, tzinfo=UTC)
    assert limits(clock, a_day=3).standing().used == 3
    clock.at += 12 * 3600 * SECOND
    assert limits(clock, a_day=3).standing().used == 0
    assert limits(clock, a_day=3).take() == 0


def test_silence_ends_after_its_hour(clock: Clock) -> None:
    until = limits(clock).stop()
    assert until == datetime.fromtimestamp(NOON / SECOND, UTC) + timedelta(hours=1)
    clock.at += 3599 * SECOND
    with pytest.raises(Stopped, match="silent"):
        limits(clock, BOB).take()
    clock.at += SECOND
    assert limits(clock, BOB).take() == 0
    assert limits(clock).standing().stopped_until is None


def test_who_is_not_known_is_not_tried_again(clock: Clock) -> None:
    limits(clock).deny()
    with pytest.raises(Denied):
        limits(clock).take()
    assert limits(clock, BOB).take() == 0
    other = Connection(Credentials("alice", "changed", "k"), "1")
    assert limits(clock, other).take() == 0
    limits(clock).allow()
    assert limits(clock).take() == 1


def test_it_waits_for_its_turn(clock: Clock) -> None:
    slept: list[float] = []
    for _ in range(3):
        Limits(PLACE, ALICE, pace=Pace(), sleep=slept.append, clock=clock).wait()
    assert slept == [0, 1, 2]


def test_by_the_clock_of_redis() -> None:
    hour = Pace(apart=3600.0)
    first, second = (Limits(PLACE, ALICE, pace=hour).take(LONG) for _ in range(2))
    assert first == 0
    assert 0 < second <= 3600


def test_where_redis_is_away_nobody_calls() -> None:
    away = override_settings(REDIS_URL="redis://127.0.0.1:9/0")
    with away, pytest.raises(NotSent, match="cannot be asked"):
        Limits(PLACE, ALICE, pace=Pace()).take()


def test_no_credential_stands_in_redis(clock: Clock) -> None:
    known = Connection(Credentials("user-canary", "password-canary", "key-canary"), "1")
    assert "canary" not in "".join(limits(clock, known).keys)


def test_the_pace_is_that_of_the_settings(settings: Any) -> None:
    assert Pace.set() == Pace(1.0, 100, 4500)
    settings.SAGEONE_SECONDS_APART, settings.SAGEONE_A_DAY = 0.5, 10
    assert Limits(PLACE, ALICE).pace == Pace(0.5, 100, 10)

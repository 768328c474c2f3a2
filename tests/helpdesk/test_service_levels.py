"""When tickets have to be answered and solved: by office hours, without public holidays, without waiting."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st

from helpdesk.policies.service_levels import Hours, Level, Times, add, anew, between, reckon
from herotill.business_days import is_holiday
from herotill.clock import local, moment

WEEK = {day: (time(8), time(17)) for day in range(5)} | {5: (time(8), time(13))}
OFFICE = Hours(WEEK, is_holiday)
FRIDAY = date(2026, 11, 20)


def at(day: date, hour: int, minute: int = 0) -> datetime:
    return moment(day, time(hour, minute))


def test_minutes_run_in_office_hours_only() -> None:
    assert add(OFFICE, at(FRIDAY, 9), 60) == at(FRIDAY, 10)
    assert add(OFFICE, at(FRIDAY, 16), 120) == at(date(2026, 11, 21), 9)
    assert add(OFFICE, at(date(2026, 11, 21), 13), 30) == at(date(2026, 11, 23), 8, 30), (
        "Sunday counts nothing"
    )
    assert add(OFFICE, at(FRIDAY, 3), 60) == at(FRIDAY, 9), "before it opens"


def test_public_holidays_count_nothing() -> None:
    assert add(OFFICE, at(date(2026, 12, 15), 16), 120) == at(date(2026, 12, 17), 9), "the 16th is a holiday"
    assert not OFFICE.is_open(at(date(2026, 12, 16), 10))
    assert OFFICE.is_open(at(date(2026, 12, 17), 10))
    assert not OFFICE.is_open(at(date(2026, 12, 17), 17)), "it closes at five"


def test_without_hours_every_minute_counts() -> None:
    assert add(Hours({}, is_holiday), at(FRIDAY, 22), 600) == at(date(2026, 11, 21), 8)
    assert Hours({}, is_holiday).is_open(at(FRIDAY, 3))


def test_the_time_to_solve_stands_still_while_the_customer_is_waited_for() -> None:
    level, opened = Level(60, 240), at(FRIDAY, 8)
    times = reckon(Times(opened), level, OFFICE, waits=False, now=opened)
    assert (times.answer_due, times.solve_due) == (at(FRIDAY, 9), at(FRIDAY, 12))
    waiting = reckon(times, level, OFFICE, waits=True, now=at(FRIDAY, 10))
    assert (waiting.answer_due, waiting.solve_due) == (at(FRIDAY, 9), None)
    again = reckon(waiting, level, OFFICE, waits=False, now=at(FRIDAY, 11, 30))
    assert (again.waited, again.solve_due, again.waits_since) == (90, at(FRIDAY, 13, 30), None)
    night = reckon(again, level, OFFICE, waits=True, now=at(FRIDAY, 16))
    back = reckon(night, level, OFFICE, waits=False, now=at(date(2026, 11, 21), 9))
    assert back.waited == 90 + 60 + 60, "the night is no time of waiting"


def test_a_reopened_ticket_has_its_time_to_solve_again() -> None:
    level = Level(60, 240)
    times = reckon(Times(at(FRIDAY, 8), waited=90), level, OFFICE, waits=False, now=at(FRIDAY, 9))
    again = reckon(anew(times, at(FRIDAY, 14)), level, OFFICE, waits=False, now=at(FRIDAY, 14))
    assert (again.answer_due, again.solve_due) == (at(FRIDAY, 9), at(date(2026, 11, 21), 9))


def test_a_priority_may_run_around_the_clock_or_promise_nothing() -> None:
    times = reckon(Times(at(FRIDAY, 16)), Level(None, 240, True), OFFICE, waits=False, now=at(FRIDAY, 16))
    assert (times.answer_due, times.solve_due) == (None, at(FRIDAY, 20))


weekdays = st.dictionaries(
    st.integers(0, 6),
    st.tuples(st.integers(0, 11), st.integers(12, 23)).map(lambda hours: (time(hours[0]), time(hours[1]))),
    min_size=1,
)
offices = weekdays.map(lambda found: Hours(found, is_holiday))
moments = st.builds(
    moment,
    st.dates(date(2026, 1, 1), date(2027, 12, 1)),
    st.builds(time, st.integers(0, 23), st.integers(0, 59)),
)
minutes = st.integers(0, 5000)


@given(offices, moments, minutes, minutes)
def test_minutes_add_up(office: Hours, since: datetime, some: int, more: int) -> None:
    due = add(office, since, some)
    assert between(office, since, due) == timedelta(minutes=some)
    if some:
        assert add(office, due, more) == add(office, since, some + more)


@given(offices, moments, st.integers(1, 5000))
def test_what_is_due_is_due_while_somebody_is_there(office: Hours, since: datetime, some: int) -> None:
    due = add(office, since, some)
    span = office.span(local(due).date())
    assert span
    assert span[0] < due <= span[1]
    assert not is_holiday(local(due).date())


@given(offices, moments, moments, moments)
def test_time_passes_and_never_back(office: Hours, one: datetime, two: datetime, three: datetime) -> None:
    first, second, third = sorted((one, two, three))
    passed = between(office, first, second) + between(office, second, third)
    assert passed == between(office, first, third)
    assert timedelta(0) <= passed <= third - first


@given(offices, moments, minutes, minutes)
def test_a_longer_wait_is_never_due_earlier(office: Hours, since: datetime, some: int, more: int) -> None:
    assert add(office, since, some) <= add(office, since, some + more)

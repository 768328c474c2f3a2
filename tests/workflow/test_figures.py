"""The figures of sales: the funnel, who sells, what waits, how busy technicians are."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from herotill.figures import Days
from tests.factories import make_person
from tests.factories.workflow import make_lead
from workflow.models import Area, Lead, LostReason, Move, Source, Step, Survey
from workflow.selectors import work_list
from workflow.selectors.figures import funnel, load, sales, work

pytestmark = pytest.mark.django_db
AUGUST = Days(date(2018, 8, 1), date(2018, 8, 31))
MORNING = datetime(2018, 8, 6, 7, tzinfo=UTC)


def travel(name: str, *stays: tuple[str, int], **fields: object) -> Lead:
    """A lead captured on the morning who stayed so many days in each of these lists; the last is where it is."""
    at, moves, was = MORNING, [], ""
    since = None
    for place, days in stays:
        moves.append((was, place, since, at))
        was, since, at = place, at, at + timedelta(days=days)
    lead = make_lead(name, created_at=MORNING, step_id=was, step_since=since, **fields)
    Move.objects.bulk_create(
        Move(lead=lead, from_step=here, to_step=there, since=came, at=left)
        for here, there, came, left in moves
    )
    return lead


@pytest.fixture
def told():
    """Alice is quoted, Bob was lost over his quote, Carol is new; Dora was captured in July."""
    thandi = make_person("Thandi")
    paarl, referral = Area.objects.create(name="Paarl"), Source.objects.get(name__startswith="Referral")
    travel(
        "Alice Liddel", ("lead-new", 1), ("lead-worked", 1), ("quote-new", 4), ("quote-sent", 0), owner=thandi
    )
    travel(
        "Bob Nkosi",
        ("lead-new", 4),
        ("quote-new", 2),
        ("quote-sent", 3),
        ("lost", 0),
        area=paarl,
        lost_reason=LostReason.objects.first(),
    )
    travel("Carol Smit", ("lead-new", 0), source=referral)
    make_lead("Dora Early", created_at=MORNING - timedelta(days=30), step_since=MORNING - timedelta(days=30))
    return thandi


def test_the_funnel_counts_who_came_how_far(told):
    found = {one.name: one for one in funnel.funnel(AUGUST)}

    assert [one.reached for one in found.values()] == [3, 2, 2, 0, 0, 0, 0]
    assert found["Quotes"].of_all == Decimal("66.7")
    assert found["Quotes"].of_previous == Decimal("100.0")
    assert (found["Leads"].here, found["Quotes"].here, found["Quotes"].lost) == (1, 1, 1)
    assert found["Won"].of_previous is None


def test_time_in_a_phase_is_that_of_all_its_lists_until_it_was_left(told):
    found = {one.name: one for one in funnel.funnel(AUGUST)}

    assert (found["Leads"].median, found["Leads"].mean) == (Decimal("3.0"), Decimal("3.0"))
    assert found["Quotes"].median == Decimal("5.0"), "Bob was lost after five days; Alice is there still"


def test_the_funnel_of_one_person(told):
    found = funnel.funnel(AUGUST, funnel.Whose(owner=told.pk))

    assert [one.reached for one in found][:3] == [1, 1, 1]


def test_sales_by_person_area_and_source(told):
    by_area = {one.name: one for one in sales.sold(AUGUST, "area")}
    by_owner = {one.name: one for one in sales.sold(AUGUST, "owner")}

    assert (by_area["Paarl"].captured, by_area["Paarl"].lost, by_area["Paarl"].rate) == (1, 1, Decimal("0.0"))
    assert (by_owner["Thandi"].captured, by_owner["Thandi"].rate) == (1, None)
    assert sales.total(sales.sold(AUGUST, "source")).captured == 3


def test_work_that_waits_is_late_by_the_lists_own_days(told):
    now = MORNING + timedelta(days=2)
    lists = {one.key: one for one in work.by_list(now)}

    assert (lists["lead-new"].waiting, lists["lead-new"].late, lists["lead-new"].overdue) == (2, 1, 1)
    assert lists["lead-new"].oldest is not None
    people = {one.name: one for one in work.by_person(now, now.date())}
    assert (people["Thandi"].waiting, people["Nobody"].waiting) == (1, 2)


def test_a_technicians_load():
    johan, alice = make_person("Johan"), make_lead("Alice Liddel")
    Survey.objects.create(
        lead=alice,
        state="scheduled",
        technician=johan,
        starts_at=MORNING,
        ends_at=MORNING + timedelta(minutes=90),
    )

    (found,) = load.load(AUGUST, MORNING - timedelta(days=1))

    assert (found.name, found.surveys, found.jobs, found.ahead, found.hours) == (
        "Johan",
        1,
        0,
        1,
        Decimal("1.5"),
    )


@pytest.mark.parametrize("page", ["funnel", "by", "waiting", "technicians"])
def test_each_page_shows_and_gives_files(client, told, page, django_assert_max_num_queries):
    client.force_login(make_person("Mandla", "workflow.see_sales_reports"))

    with django_assert_max_num_queries(15):
        shown = client.get(f"/reports/sales/{page}/", {"first": "2018-08-01", "last": "2018-08-31"})
    taken = client.get(
        f"/reports/sales/{page}/", {"first": "2018-08-01", "last": "2018-08-31", "format": "csv"}
    )
    book = client.get(f"/reports/sales/{page}/", {"format": "xlsx"})

    assert (shown.status_code, taken.status_code, book.status_code) == (200, 200, 200)
    assert b"".join(book)
    assert next(csv.reader([b"".join(taken).decode("utf-8-sig").splitlines()[0]]))


def test_dora_sees_no_figures(client):
    client.force_login(make_person("Dora", "workflow.view_lead"))

    assert client.get("/reports/sales/funnel/").status_code == 403


def test_the_tile_counts_what_waits_too_long_by_the_days_of_its_list(told):
    Step.objects.filter(key="lead-new").update(overdue_after=20)
    now = MORNING + timedelta(days=10)
    assert work_list.of(user=told, now=now) == work_list.Mine(waiting=2, own=0, overdue=1)

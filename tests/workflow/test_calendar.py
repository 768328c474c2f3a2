"""The week of the technicians, and what stands against it."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from tests.factories.customers import make_customer
from tests.factories.people import client_of, in_role
from tests.factories.workflow import NOON, make_job, make_lead
from workflow.models import Absence, Area, Survey
from workflow.policies import calendar as policy
from workflow.policies.calendar import Away, Block
from workflow.selectors import calendar

MONDAY = date(2018, 8, 20)


def block(pk, starts, hours=2, technician=1, state="scheduled"):
    begins = datetime(2018, 8, 22, starts - 2, tzinfo=UTC)  # the clock here is two hours ahead
    return Block(
        "job", pk, technician, begins, begins + timedelta(hours=hours), "Repair", f"Nr {pk}", "", state, True
    )


def against(*blocks, away=()):
    return {one.pk: list(one.against) for one in policy.judged(blocks, away)}


def test_two_at_the_same_time_stand_against_each_other_and_one_after_the_other_do_not():
    assert against(block(1, 8), block(2, 9)) == {
        1: ["At the same time as Repair at Nr 2 (09:00–11:00)."],
        2: ["At the same time as Repair at Nr 1 (08:00–10:00)."],
    }
    assert against(block(1, 8), block(2, 10)) == {1: [], 2: []}
    assert against(block(1, 8), block(2, 8, technician=2)) == {1: [], 2: []}
    assert against(block(1, 8, state="completed"), block(2, 9)) == {1: [], 2: []}


def test_absences_evenings_and_days_that_are_free_stand_against_a_job():
    away = [Away(1, date(2018, 8, 22), date(2018, 8, 24), "Course")]
    assert against(block(1, 8), away=away) == {1: ["Away from 2018-08-22 to 2018-08-24 (Course)."]}
    assert against(block(1, 17)) == {1: ["It lies outside working hours (07:00 to 18:00)."]}
    holiday = datetime(2018, 8, 9, 8, tzinfo=UTC)
    assert policy.out_of_hours(holiday, holiday + timedelta(hours=1)) == [
        "2018-08-09 is a public holiday (National Women's Day)."
    ]
    sunday = datetime(2018, 8, 19, 8, tzinfo=UTC)
    assert policy.out_of_hours(sunday, sunday + timedelta(hours=1)) == ["2018-08-19 is a Sunday."]


@pytest.fixture
def tumi():
    return in_role("Tumi", "technician")


@pytest.mark.django_db
def test_the_week_shows_jobs_surveys_absences_and_what_waits(tumi):
    make_job(make_customer("Alice Liddel", "ALI001"), state="scheduled", technician=tumi)
    Survey.objects.create(
        lead=make_lead("Bob Owes"),
        state="scheduled",
        technician=tumi,
        starts_at=NOON,
        ends_at=NOON + timedelta(hours=1),
    )
    Absence.objects.create(technician=tumi, starts_on=date(2018, 8, 23), ends_on=date(2018, 8, 23), why="Ill")
    make_job(make_customer("Carol Waits", "CAR001"))
    week = calendar.week(MONDAY)
    row = week.rows[0]
    wednesday, thursday = row.cells[2], row.cells[3]
    assert [(one.block.kind, one.block.name, len(one.block.against)) for one in wednesday.blocks] == [
        ("job", "Alice Liddel", 1),
        ("survey", "Bob Owes", 1),
    ]
    assert (thursday.away, week.conflicts, [job.customer.name for job in week.waiting]) == (
        ("Ill",),
        2,
        ["Carol Waits"],
    )
    assert (row.hours, row.of_hours) == (2.5, 32)


@pytest.mark.django_db
def test_an_area_leaves_out_the_others(tumi):
    north, south = Area.objects.create(name="North"), Area.objects.create(name="South")
    for name, area in (("Alice Liddel", north), ("Bob Owes", south)):
        make_job(make_customer(name), state="scheduled", technician=tumi, area=area)
        make_job(make_customer(name), area=area)
    week = calendar.week(MONDAY, area=north)
    assert [one.block.name for one in week.rows[0].cells[2].blocks] == ["Alice Liddel"]
    assert [job.customer.name for job in week.waiting] == ["Alice Liddel"]


@pytest.mark.django_db
def test_the_page_takes_as_many_queries_for_many_as_for_few(tumi, django_assert_max_num_queries):
    page = client_of(in_role("Mandla", "manager"))
    page.get("/workflow/calendar/")
    for place in range(30):
        make_job(make_customer(f"Alice Nr{place}"), state="scheduled", technician=tumi)
        make_job(make_customer(f"Bob Nr{place}"))
    with django_assert_max_num_queries(15):
        shown = page.get("/workflow/calendar/?week=2018-08-22").content.decode()
    assert shown.count("cal-block--job") == 60  # once in the week, once in the list of days
    assert "?week=2018-08-27" in shown
    assert "?week=2018-08-13" in shown


@pytest.mark.django_db
def test_who_may_not_schedule_gets_nothing_to_drag(tumi):
    make_job(make_customer("Alice Liddel"), state="scheduled", technician=tumi)
    shown = client_of(tumi).get("/workflow/calendar/?week=2018-08-22").content.decode()
    assert "Alice Liddel" in shown
    assert "data-cal" not in shown

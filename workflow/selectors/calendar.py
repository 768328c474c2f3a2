"""The week of the technicians: jobs, surveys and absences, day by day, and what waits to be scheduled."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.urls import reverse

from herotill.business_days import holiday_name
from herotill.clock import moment
from herotill.users.models import User
from workflow.models import Absence, Area, JobCard, Survey
from workflow.policies import calendar as policy
from workflow.policies.calendar import JOB, SURVEY, Away, Block
from workflow.selectors import jobs as reading

DAYS, WAITING = 7, 40
WEEK = timedelta(days=DAYS)
JOBS = ("scheduled", "started", "completed", "failed")


@dataclass(frozen=True, slots=True)
class Shown:
    """A block with its addresses."""

    block: Block
    url: str
    schedule_url: str


@dataclass(frozen=True, slots=True)
class Cell:
    """One technician's day."""

    day: date
    away: tuple[str, ...]
    blocks: tuple[Shown, ...]
    free_from: str


@dataclass(frozen=True, slots=True)
class Row:
    """One technician's week: hours sent, hours there are, and their share in percent."""

    technician: User
    cells: tuple[Cell, ...]
    hours: float
    of_hours: int

    @property
    def share(self) -> int:
        return min(100, round(self.hours * 100 / self.of_hours)) if self.of_hours else 100 * bool(self.hours)

    @property
    def over(self) -> bool:
        return self.hours > self.of_hours


@dataclass(frozen=True, slots=True)
class Day:
    """A day of the week with its holiday, if it is one."""

    day: date
    holiday: str


@dataclass(frozen=True, slots=True)
class Week:
    """All that the calendar shows."""

    days: tuple[Day, ...]
    rows: tuple[Row, ...]
    waiting: tuple[JobCard, ...]
    more: bool

    @property
    def conflicts(self) -> int:
        return sum(bool(one.block.against) for row in self.rows for cell in row.cells for one in cell.blocks)


def monday(day: date) -> date:
    return day - timedelta(days=day.weekday())


def week(first: date, *, technician: User | None = None, area: Area | None = None) -> Week:
    """The week from a Monday on: of everybody or one technician; of one area the jobs and surveys there."""
    begins = moment(first)
    blocks, away = _judged(begins, technician)
    days = tuple(Day(day, holiday_name(day)) for day in (first + timedelta(days=n) for n in range(DAYS)))
    people = [technician] if technician else list(reading.technicians())
    shown = _in_area(blocks, area) if area else {(block.kind, block.pk) for block in blocks}
    rows = tuple(_row(person, days, blocks, away, shown) for person in people)
    waiting = _waiting(area)
    return Week(days, rows, tuple(waiting[:WAITING]), len(waiting) > WAITING)


def _judged(begins: datetime, technician: User | None) -> tuple[list[Block], list[Away]]:
    until = begins + WEEK
    jobs = JobCard.objects.filter(starts_at__gte=begins, starts_at__lt=until, state__in=JOBS)
    surveys = Survey.objects.filter(
        starts_at__gte=begins, starts_at__lt=until, state__in=("scheduled", "done")
    )
    absences = Absence.objects.filter(starts_on__lt=until.date() + WEEK, ends_on__gte=begins.date() - WEEK)
    if technician:
        jobs, surveys, absences = (
            jobs.filter(technician=technician),
            surveys.filter(technician=technician),
            absences.filter(technician=technician),
        )
    away = [Away(one.technician_id, one.starts_on, one.ends_on, one.why) for one in absences]
    blocks = [_job(one) for one in jobs.select_related("job_type", "customer", "area")]
    blocks += [_survey(one) for one in surveys.select_related("lead", "lead__area")]
    return policy.judged(blocks, away), away


def _job(job: JobCard) -> Block:
    assert job.starts_at
    assert job.ends_at
    where = str(job.area) if job.area else job.address.splitlines()[0] if job.address else ""
    return Block(
        JOB,
        job.pk,
        job.technician_id,
        job.starts_at,
        job.ends_at,
        job.job_type.name,
        job.customer.name,
        where,
        job.state,
        job.state == "scheduled",
    )


def _survey(survey: Survey) -> Block:
    assert survey.starts_at
    lead = survey.lead
    return Block(
        SURVEY,
        lead.pk,
        survey.technician_id,
        survey.starts_at,
        survey.ends_at or survey.starts_at + timedelta(hours=1),
        "Survey",
        lead.name,
        str(lead.area) if lead.area else lead.town,
        survey.state,
        survey.state == "scheduled",
    )


def _in_area(blocks: Sequence[Block], area: Area) -> set[tuple[str, int]]:
    return {(block.kind, block.pk) for block in blocks if block.where == str(area)}


def _row(
    person: User,
    days: Sequence[Day],
    blocks: Sequence[Block],
    away: Sequence[Away],
    shown: set[tuple[str, int]],
) -> Row:
    theirs = [block for block in blocks if block.technician == person.pk]
    absent = [one for one in away if one.technician == person.pk]
    cells = tuple(_cell(day.day, theirs, absent, shown) for day in days)
    hours = sum(((block.ends - block.starts) for block in theirs), timedelta()) / timedelta(hours=1)
    free = [day for day, cell in zip(days, cells, strict=True) if not (day.holiday or cell.away)]
    workdays = sum(day.day.weekday() < policy.SATURDAY for day in free)
    return Row(person, cells, hours, int(policy.WORKDAY / timedelta(hours=1)) * workdays)


def _cell(day: date, theirs: Sequence[Block], absent: Sequence[Away], shown: set[tuple[str, int]]) -> Cell:
    here = [block for block in theirs if block.day == day]
    away = tuple(one.why or "Away" for one in absent if one.first <= day <= one.last)
    return Cell(
        day,
        away,
        tuple(_addressed(block) for block in here if (block.kind, block.pk) in shown),
        policy.free_from(here, day),
    )


def _addressed(block: Block) -> Shown:
    if block.kind == JOB:
        return Shown(
            block, reverse("workflow:job", args=[block.pk]), reverse("workflow:job-schedule", args=[block.pk])
        )
    return Shown(
        block, reverse("workflow:lead", args=[block.pk]), reverse("workflow:survey-schedule", args=[block.pk])
    )


def _waiting(area: Area | None) -> list[JobCard]:
    """Jobs nobody is sent to yet, the longest waiting first; one more than are shown."""
    found = JobCard.objects.filter(state=JobCard.State.NEW).select_related("customer", "job_type", "area")
    if area:
        found = found.filter(area=area)
    return list(found.order_by("state_since", "pk")[: WAITING + 1])

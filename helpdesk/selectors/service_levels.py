"""What is read to reckon when tickets are due."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping
from datetime import datetime, time

from django.db.models import Case, F, Q, QuerySet, When
from django.db.models.functions import Greatest

from customers.models import Customer
from helpdesk.models import Department, OfficeHours, Priority, Ticket
from helpdesk.models.tickets import NEXT_DUE
from helpdesk.policies.service_levels import Hours, Level
from helpdesk.selectors.rules import rules
from herotill.business_days import is_holiday
from herotill.settled import once

LAST_DUE = Greatest("answer_due_at", "solve_due_at")
# While nobody answered two things are due. Who was told that the first is over is told of the second, too.
TO_TELL = Case(
    When(answered_at=None, late_of__in=(F("answer_due_at"), F("solve_due_at")), then=LAST_DUE),
    default=NEXT_DUE,
)


def hours_of(departments: Collection[int]) -> dict[int, Hours]:
    """When each of these departments works."""
    weekdays = _weekdays()
    return {pk: Hours(weekdays.get(pk, {}), is_holiday) for pk in departments}


@once
def _weekdays() -> dict[int, dict[int, tuple[time, time]]]:
    found: dict[int, dict[int, tuple[time, time]]] = defaultdict(dict)
    for row in OfficeHours.objects.all():
        found[row.department_id][row.weekday] = (row.opens, row.closes)
    return found


def is_open(department: Department, now: datetime) -> bool:
    """Whether the department works at this moment."""
    return hours_of([department.pk])[department.pk].is_open(now)


@once
def levels() -> dict[tuple[int, bool], Level]:
    """What each priority promises to others and, under True, to VIPs."""
    found: dict[tuple[int, bool], Level] = {}
    for one in Priority.objects.all():
        found[one.pk, False] = Level(one.answer_minutes, one.solve_minutes, one.around_the_clock)
        found[one.pk, True] = Level(
            one.answer_minutes if one.vip_answer_minutes is None else one.vip_answer_minutes,
            one.solve_minutes if one.vip_solve_minutes is None else one.vip_solve_minutes,
            one.around_the_clock,
        )
    return found


def vips(customers: Collection[int | None]) -> set[int]:
    """Which of these customers are VIPs."""
    category = rules().vip_category_id
    if category is None:
        return set()
    named = Customer.objects.filter(pk__in=[pk for pk in customers if pk], categories=category)
    return set(named.values_list("pk", flat=True))


def due_before(moment: datetime) -> Q:
    """Open tickets of which something is due before a moment; those that wait for the customer only for an answer."""
    answer = Q(answered_at=None, answer_due_at__lt=moment)
    return ~Q(state=Ticket.State.CLOSED) & (answer | Q(solve_due_at__lt=moment))


def to_tell_of(near: datetime, now: datetime) -> QuerySet[Ticket]:
    """Tickets `due` before `near` of which nobody was told yet: that it comes near, that it is over."""
    due = Ticket.objects.filter(due_before(near)).annotate(due=TO_TELL).filter(due__lt=near)
    unwarned = Q(warned_of=None) | ~Q(warned_of=F("due"))
    late = Q(due__lte=now) & (Q(late_of=None) | ~Q(late_of=F("due")))
    return due.filter(unwarned | late)


def members(departments: Collection[int]) -> Mapping[int, list[int]]:
    """The people of each department who are here still."""
    found: dict[int, list[int]] = defaultdict(list)
    rows = Department.objects.filter(pk__in=departments, members__is_active=True)
    for department, user in rows.order_by("members").values_list("pk", "members"):
        found[department].append(user)
    return found

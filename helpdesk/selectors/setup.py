"""What Setup reads of the helpdesk."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import time

from django.db.models import Q, QuerySet

from customers.models import Category as CustomerCategory
from helpdesk.models import CloseReason, Department, Membership, Priority, Ticket
from helpdesk.policies.office_hours import written
from helpdesk.selectors.service_levels import hours_of
from herotill.users.models import User


def people_for(department: Department) -> QuerySet[User]:
    """Who may be in a department: people who log in, and those who are in it already."""
    here = Q(is_active=True)
    if department.pk:
        here |= Q(memberships__department=department) | Q(pk=department.standby_id)
    return User.objects.filter(here, kind=User.Kind.STAFF).distinct().order_by("name", "username")


def spans_of(department: Department) -> dict[int, tuple[time, time]]:
    """The hours it works on each weekday."""
    return {row.weekday: (row.opens, row.closes) for row in department.hours.all()}


def departments_for(chosen: int | None) -> QuerySet[Department]:
    """Departments that are offered, and the one that is chosen."""
    return Department.objects.filter(Q(retired=False) | Q(pk=chosen))


def vip_categories(chosen: int | None) -> QuerySet[CustomerCategory]:
    return CustomerCategory.objects.filter(Q(retired=False) | Q(pk=chosen))


def is_used(reason: CloseReason) -> bool:
    return Ticket.objects.filter(close_reason=reason).exists()


def why_department_stays(department: Department) -> str:
    """Why a department can be neither retired nor deleted, or nothing."""
    if not department.for_ratings:
        return ""
    return f"Tickets about low ratings open in “{department}”, so it stays. Choose another department for them first."


def why_priority_stays(priority: Priority) -> str:
    """Why a priority can be neither retired nor deleted, or nothing."""
    return (
        f"New tickets get “{priority}”, so it stays. Make another one the usual one first."
        if priority.usual
        else ""
    )


def people_of(departments: Sequence[int]) -> Mapping[int, str]:
    """The people of each of these departments, by name."""
    rows = Membership.objects.filter(department__in=departments, user__is_active=True)
    found: dict[int, list[str]] = defaultdict(list)
    for row in rows.select_related("user").order_by("user__name"):
        found[row.department_id].append(str(row.user))
    return {pk: ", ".join(names) for pk, names in found.items()}


def hours_in_words(departments: Sequence[int]) -> Mapping[int, str]:
    """When each of these departments works."""
    return {
        pk: written(hours.weekdays).replace("\n", ", ") or "Around the clock"
        for pk, hours in hours_of(departments).items()
    }

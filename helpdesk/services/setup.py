"""What Setup writes of the helpdesk besides the rows themselves."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from helpdesk.models import Department, HelpdeskRules, Membership, OfficeHours, Priority
from helpdesk.selectors.setup import spans_of
from herotill.jobs import nudge
from herotill.users.models import User

DUE_TIMES = "helpdesk-due-times"


@transaction.atomic
def keep_department(row: Department, actor: User | None) -> None:
    """Make a department's people and hours what the form said; its tickets' due times are reckoned anew."""
    _keep_people(row, getattr(row, "people", None))
    _keep_hours(row, getattr(row, "spans", None))
    nudge(DUE_TIMES)


def _keep_people(department: Department, people: list[User] | None) -> None:
    if people is None:
        return
    wanted = {one.pk for one in people}
    for gone in department.memberships.exclude(user__in=wanted):
        gone.delete()
    known = set(department.memberships.values_list("user_id", flat=True))
    for user in sorted(wanted - known):
        Membership.objects.create(department=department, user_id=user)


def _keep_hours(department: Department, spans: Mapping[int, Any] | None) -> None:
    if spans is None or spans == spans_of(department):
        return
    for row in department.hours.all():
        row.delete()
    for weekday, (opens, closes) in spans.items():
        OfficeHours.objects.create(department=department, weekday=weekday, opens=opens, closes=closes)


def due_anew(row: Priority, actor: User | None) -> None:
    """What a priority promises changed: due times are reckoned anew."""
    nudge(DUE_TIMES)


@transaction.atomic
def change_rules(*, values: Mapping[str, Any]) -> HelpdeskRules:
    """Change how the helpdesk works."""
    rules = HelpdeskRules.objects.select_for_update().get()
    for name, value in values.items():
        setattr(rules, name, value)
    rules.save(update_fields=list(values))
    nudge(DUE_TIMES)
    return rules

"""What is read to open a ticket by itself: where it belongs, and what it is about."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.apps import apps

from billing.models import Cancellation
from customers.models import ForgetWish
from helpdesk.models import Category, Department
from helpdesk.selectors.service_levels import is_open
from herotill.errors import DomainError
from herotill.folding import fold
from herotill.users.models import User


def customer_care() -> Department:
    """The department that answers low ratings and other trouble. Raises DomainError where there is none."""
    found = Department.objects.filter(retired=False).order_by("-for_ratings", "pk").first()
    if found is None:
        raise DomainError("There is no department yet. Add one in Setup.", field="department")
    return found


def category(name: str) -> Category | None:
    """The category of this name, where it is still offered."""
    return Category.objects.filter(name_key=fold(name), retired=False).first()


def standby_of(department: Department, now: datetime) -> User | None:
    """Who sees to a department's tickets at this moment: outside its hours who stands by, within them nobody."""
    standby = department.standby
    if standby is None or not standby.is_active or is_open(department, now):
        return None
    return standby


def cancellations(ids: Collection[int]) -> dict[int, Cancellation]:
    return Cancellation.objects.select_related("customer", "approved_by").in_bulk(ids)


def wishes(ids: Collection[int]) -> dict[int, ForgetWish]:
    """Of these wishes to be forgotten those that wait for an answer still."""
    waiting = ForgetWish.objects.filter(state=ForgetWish.State.WAITING)
    return waiting.select_related("customer").in_bulk(ids)


def jobs(ids: Collection[int]) -> dict[int, Any]:
    """Job cards of the workflow, which we know by name only."""
    cards: Any = apps.get_model("workflow", "JobCard").objects
    found: dict[int, Any] = cards.select_related("customer", "job_type", "technician", "fail_reason").in_bulk(
        ids
    )
    return found


def asks(what: str) -> bool:
    """Whether the sales settings have customers asked for ratings: `rate_jobs`, `rate_tickets`, `rate_in_general`."""
    rules: Any = apps.get_model("workflow", "SalesRules").objects
    return bool(rules.filter(**{what: True}).exists())

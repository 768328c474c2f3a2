"""What is read of surveys."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db.models import Q, QuerySet

from herotill.users.models import User
from workflow.models import Survey

OPEN = (Survey.State.NEW, Survey.State.SCHEDULED)
FEASIBLE = (Survey.Outcome.FEASIBLE, Survey.Outcome.EXTRA)


def of_lead(lead: int) -> list[Survey]:
    """A lead's surveys with their photos, the newest first."""
    found = Survey.objects.filter(lead=lead).select_related("technician", "highsite", "sector", "done_by")
    return list(found.prefetch_related("photos").order_by("-pk"))


def open_of(lead: int) -> Survey | None:
    """The survey that is still to be scheduled or done."""
    found = Survey.objects.filter(lead=lead, state__in=OPEN).select_related("lead", "technician")
    return found.first()


def newest_done(lead: int) -> Survey | None:
    return Survey.objects.filter(lead=lead, state=Survey.State.DONE).order_by("-done_at", "-pk").first()


def not_feasible(leads: Collection[int]) -> dict[int, str]:
    """Of these leads those whose newest survey does not say that they can be connected, and what is missing."""
    done = Survey.objects.filter(lead__in=leads, state=Survey.State.DONE)
    newest = done.order_by("lead_id", "-done_at", "-pk").distinct("lead_id")
    outcomes = dict(newest.values_list("lead_id", "outcome"))
    return {
        lead: "The survey found it not feasible." if lead in outcomes else "Needs a survey."
        for lead in leads
        if outcomes.get(lead) not in FEASIBLE
    }


def surveyors() -> QuerySet[User]:
    """Who may be sent: those who may write down what a survey found, or carry out jobs of their own."""
    rights = Q(groups__permissions__codename__in=("do_survey", "do_jobcard")) & Q(
        groups__permissions__content_type__app_label="workflow"
    )
    people = User.objects.filter(rights, kind=User.Kind.STAFF, is_active=True)
    return people.distinct().order_by("name", "username")


def of_technician(technician: User, begins: datetime, ends: datetime) -> list[Survey]:
    """Surveys this person is to make in that time, in order; those that are done included."""
    found = Survey.objects.filter(technician=technician, starts_at__gte=begins, starts_at__lt=ends)
    found = found.filter(state__in=(Survey.State.SCHEDULED, Survey.State.DONE))
    return list(found.select_related("lead", "lead__highsite").order_by("starts_at", "pk"))

"""The technician's day in the demo: surveys found and to be made, jobs of today and tomorrow, and one left over."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone

from dataaccounts.models import DataAccount
from herotill.demo import DemoOrder
from herotill.users.models import User
from workflow.models import JobCard, JobType, Lead, Place, Survey
from workflow.policies import way
from workflow.services import jobs, surveys

AFTER = way.WAY[way.WAY.index(Place.QUOTE_NEW) :]
FOUND = (
    ("yes", -58, "1500.00", "feasible", ""),
    ("yes", -66, "1500.00", "feasible", ""),
    ("unsure", -71, "3900.00", "extra", "A mast of 6 m on the garage"),
)
REPAIRS = (
    ("09:00", 90, 0, "No connection since the storm. The radio has no light."),
    ("11:00", 90, 0, "Slow in the evening; look at the alignment and the signal."),
    ("14:30", 60, 0, "Wants the router moved to the study; bring 20 m of cable."),
    ("08:30", 90, 1, "Drops every few minutes. Change the power supply."),
    ("13:00", 60, -1, "Bring a new router; the old one restarts by itself."),
)


def make_visits(order: DemoOrder) -> None:
    """Give the technician something to drive to, once."""
    technician = User.objects.filter(username="technician").first()
    if technician is None or JobCard.objects.filter(technician=technician, job_type__installs=False).exists():
        return
    with transaction.atomic():
        _surveys_made(technician, order)
        _surveys_to_make(technician, order)
        _repairs(technician, order)
    order.say("The technician has jobs and surveys today and tomorrow")


def _at(order: DemoOrder, clock: str, days: int = 0) -> datetime:
    moment = datetime.combine(order.today + timedelta(days=days), time.fromisoformat(clock))
    return timezone.make_aware(moment)


def _surveys_made(technician: User, order: DemoOrder) -> None:
    """Leads that went on had their survey; one that was surveyed waits, because it cannot be connected."""
    done = Lead.objects.filter(step__in=AFTER, surveys=None).order_by("pk")
    Survey.objects.bulk_create(_found(lead, place, technician) for place, lead in enumerate(done))
    refused = Lead.objects.filter(step=Place.SURVEY_DONE, surveys=None).order_by("pk")
    Survey.objects.bulk_create(
        Survey(
            lead=lead,
            state=Survey.State.DONE,
            technician=technician,
            line_of_sight="no",
            outcome=Survey.Outcome.NOT_FEASIBLE,
            notes="The ridge is in the way of both highsites.",
            highsite=lead.highsite,
            done_at=lead.step_since,
            done_by=technician,
        )
        for lead in refused
    )


def _found(lead: Lead, place: int, technician: User) -> Survey:
    sight, signal, cost, outcome, extra = FOUND[place % len(FOUND)]
    at = lead.created_at + (lead.step_since - lead.created_at) / 3
    return Survey(
        lead=lead,
        state=Survey.State.DONE,
        technician=technician,
        starts_at=at - timedelta(hours=1),
        ends_at=at,
        highsite=lead.highsite,
        line_of_sight=sight,
        signal=signal,
        cost=Decimal(cost),
        outcome=outcome,
        extra=extra,
        done_at=at,
        done_by=technician,
    )


def _surveys_to_make(technician: User, order: DemoOrder) -> None:
    waiting = Lead.objects.filter(step__in=(Place.SURVEY_NEW, Place.SURVEY_SCHEDULED)).order_by("pk")
    now = _at(order, "00:00")
    surveys.open_for(leads=[lead.pk for lead in waiting], actor=None, now=now)
    of = Survey.objects.filter(lead__step=Place.SURVEY_SCHEDULED, state=Survey.State.NEW).order_by("pk")
    for place, survey in enumerate(of):
        begins = _at(order, "16:00", place % 4)
        surveys.schedule(
            survey=survey,
            technician=technician,
            starts_at=begins,
            ends_at=begins + timedelta(minutes=45),
            actor=technician,
            now=now,
        )


def _repairs(technician: User, order: DemoOrder) -> None:
    repair = JobType.objects.filter(name="Repair").first()
    connected = (
        DataAccount.objects.filter(state="active").select_related("customer").order_by("customer__code")
    )
    for account, (clock, minutes, days, words) in zip(connected[: len(REPAIRS)], REPAIRS, strict=False):
        if repair:
            begins = _at(order, clock, days)
            card = jobs.open_card(
                customer=account.customer,
                job_type=repair,
                account=account,
                instructions=words,
                actor=None,
                now=begins - timedelta(days=2),
            )
            jobs.schedule(
                card,
                technician,
                begins,
                begins + timedelta(minutes=minutes),
                None,
                begins - timedelta(days=1),
            )

"""What a technician has at a time: jobs, surveys, absences."""

from __future__ import annotations

from datetime import datetime

from herotill.clock import local, local_day
from herotill.users.models import User
from workflow.models import Absence, JobCard, Survey
from workflow.policies.calendar import out_of_hours


def against(
    technician: User,
    starts_at: datetime,
    ends_at: datetime,
    *,
    survey: int | None = None,
    job: int | None = None,
) -> list[str]:
    """What stands against sending this person at that time, a sentence each; that survey and job left out."""
    return [
        *_jobs(technician, starts_at, ends_at, job),
        *_surveys(technician, starts_at, ends_at, survey),
        *_absences(technician, starts_at, ends_at),
        *out_of_hours(starts_at, ends_at),
    ]


def _clock(moment: datetime | None) -> str:
    return local(moment).strftime("%H:%M") if moment else "later"


def _jobs(technician: User, starts_at: datetime, ends_at: datetime, but: int | None) -> list[str]:
    found = JobCard.objects.filter(technician=technician, starts_at__lt=ends_at, ends_at__gt=starts_at)
    found = (
        found.filter(state__in=("scheduled", "started"))
        .exclude(pk=but or 0)
        .select_related("customer", "job_type")
    )
    return [
        f"{technician} has {job.job_type} at {job.customer.name} from {_clock(job.starts_at)} to {_clock(job.ends_at)}."
        for job in found.order_by("starts_at")
    ]


def _surveys(technician: User, starts_at: datetime, ends_at: datetime, but: int | None) -> list[str]:
    found = Survey.objects.filter(technician=technician, starts_at__lt=ends_at, ends_at__gt=starts_at)
    found = found.filter(state="scheduled").exclude(pk=but or 0).select_related("lead")
    return [
        f"{technician} surveys at {one.lead.name} from {_clock(one.starts_at)} to {_clock(one.ends_at)}."
        for one in found.order_by("starts_at")
    ]


def _absences(technician: User, starts_at: datetime, ends_at: datetime) -> list[str]:
    found = Absence.objects.filter(
        technician=technician, starts_on__lte=local_day(ends_at), ends_on__gte=local_day(starts_at)
    )
    return [
        f"{technician} is away from {one.starts_on} to {one.ends_on}{f' ({one.why})' if one.why else ''}."
        for one in found
    ]

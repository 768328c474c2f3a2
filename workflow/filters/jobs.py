"""What narrows the list of job cards."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from herotill.clock import local_day, stamp
from herotill.lists import ListFilter
from herotill.users.models import User
from workflow.models import Area, JobCard, JobType
from workflow.selectors import jobs as reading

BOXES = forms.CheckboxSelectMultiple
WHEN = [("today", "Today"), ("week", "In the next 7 days"), ("late", "Gone by and not ended")]


def _when(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    today = local_day(stamp())
    if value == "late":
        return rows.filter(ends_at__lt=stamp(), state__in=("scheduled", "started"))
    days = 1 if value == "today" else 7
    if not value:
        return rows
    return rows.filter(starts_at__date__gte=today, starts_at__date__lt=today + timedelta(days=days))


def _technicians(request: Any) -> QuerySet[User]:
    return reading.technicians()


def _areas(request: Any) -> QuerySet[Area]:
    return Area.objects.all()


def _types(request: Any) -> QuerySet[JobType]:
    return JobType.objects.all()


JOBS = (
    ListFilter(
        name="state",
        filter=django_filters.MultipleChoiceFilter(
            label="State", choices=JobCard.State.choices, widget=BOXES
        ),
        order=10,
    ),
    ListFilter(
        name="technician",
        filter=django_filters.ModelChoiceFilter(
            label="Technician", queryset=_technicians, null_label="Nobody", null_value="none"
        ),
        order=20,
    ),
    ListFilter(
        name="area",
        filter=django_filters.ModelChoiceFilter(
            label="Area", queryset=_areas, null_label="None", null_value="none"
        ),
        order=30,
    ),
    ListFilter(
        name="job_type", filter=django_filters.ModelChoiceFilter(label="Type", queryset=_types), order=40
    ),
    ListFilter(
        name="when",
        filter=django_filters.ChoiceFilter(label="When", choices=WHEN, empty_label="Any time", method=_when),
        order=50,
    ),
)

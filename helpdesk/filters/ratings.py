"""What narrows the list of ratings."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from helpdesk.models import Department, Rating
from herotill.clock import stamp
from herotill.lists import ListFilter
from herotill.users.models import User

BOXES = forms.CheckboxSelectMultiple
SINCE = [("7", "In the last 7 days"), ("30", "In the last 30 days"), ("365", "In the last year")]
WAITING = [("given", "To acknowledge"), ("done", "Acknowledged"), ("asked", "Asked, not given")]


def _departments(request: Any) -> QuerySet[Department]:
    return Department.objects.all()


def _people(request: Any) -> QuerySet[User]:
    return User.objects.filter(kind=User.Kind.STAFF).order_by("name")


def _since(rows: QuerySet[Rating], name: str, value: str) -> QuerySet[Rating]:
    return rows.filter(submitted_at__gte=stamp() - timedelta(days=int(value)))


def _waiting(rows: QuerySet[Rating], name: str, value: str) -> QuerySet[Rating]:
    if value == "asked":
        return rows.filter(submitted_at=None)
    return rows.filter(submitted_at__isnull=False, acknowledged_at__isnull=value == "given")


FILTERS = (
    ListFilter(
        name="state",
        filter=django_filters.ChoiceFilter(
            label="State", method=_waiting, choices=WAITING, empty_label="Any"
        ),
        order=10,
    ),
    ListFilter(
        name="stars",
        filter=django_filters.MultipleChoiceFilter(
            label="Rating", choices=[(str(many), str(many)) for many in range(1, 6)], widget=BOXES
        ),
        order=20,
    ),
    ListFilter(
        name="kind",
        filter=django_filters.MultipleChoiceFilter(label="About", choices=Rating.Kind.choices, widget=BOXES),
        order=30,
    ),
    ListFilter(
        name="department",
        filter=django_filters.ModelMultipleChoiceFilter(
            label="Department", queryset=_departments, widget=BOXES
        ),
        order=40,
    ),
    ListFilter(
        name="about",
        filter=django_filters.ModelChoiceFilter(label="Served by", queryset=_people, empty_label="Anybody"),
        order=50,
    ),
    ListFilter(
        name="since",
        filter=django_filters.ChoiceFilter(
            label="Given", method=_since, choices=SINCE, empty_label="Any day"
        ),
        order=60,
    ),
)

"""What narrows the lists of card payments and notices."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from billing.models import CardAttempt, CardGateway
from herotill.lists import ListFilter


def _gateways(request: Any) -> QuerySet[CardGateway]:
    return CardGateway.objects.order_by("name")


def _choices(label: str, choices: Any) -> django_filters.MultipleChoiceFilter:
    return django_filters.MultipleChoiceFilter(
        label=label, choices=choices, widget=forms.CheckboxSelectMultiple
    )


def _day(label: str, field: str, lookup: str) -> django_filters.DateFilter:
    widget = forms.DateInput(attrs={"type": "date"})
    return django_filters.DateFilter(
        label=label, field_name=field, lookup_expr=f"date__{lookup}", widget=widget
    )


def _gateway() -> django_filters.ModelChoiceFilter:
    return django_filters.ModelChoiceFilter(label="Gateway", queryset=_gateways)


ATTEMPTS = (
    ListFilter(name="state", filter=_choices("Status", CardAttempt.State.choices), order=10),
    ListFilter(name="purpose", filter=_choices("For", CardAttempt.Purpose.choices), order=20),
    ListFilter(name="gateway", filter=_gateway(), order=30),
    ListFilter(name="from", filter=_day("From", "started_at", "gte"), order=40),
    ListFilter(name="to", filter=_day("To", "started_at", "lte"), order=50),
)
NOTICES = (
    ListFilter(
        name="verified",
        filter=django_filters.ChoiceFilter(
            label="Verified", choices=[("True", "Yes"), ("False", "No")], empty_label="Either"
        ),
        order=10,
    ),
    ListFilter(name="gateway", filter=_gateway(), order=20),
    ListFilter(name="from", filter=_day("From", "came_at", "gte"), order=30),
    ListFilter(name="to", filter=_day("To", "came_at", "lte"), order=40),
)

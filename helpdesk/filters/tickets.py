"""What narrows the lists of tickets."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from helpdesk.models import Category, Department, Priority, Ticket
from helpdesk.selectors import people
from herotill.clock import stamp
from herotill.lists import ListFilter
from herotill.users.models import User

BOXES = forms.CheckboxSelectMultiple
SINCE = [("1", "In the last day"), ("7", "In the last 7 days"), ("30", "In the last 30 days")]
BY = [("customer", "The customer"), ("us", "Us")]


def _departments(request: Any) -> QuerySet[Department]:
    return Department.objects.all()


def _categories(request: Any) -> QuerySet[Category]:
    return Category.objects.all()


def _priorities(request: Any) -> QuerySet[Priority]:
    return Priority.objects.all()


def _people(request: Any) -> QuerySet[User]:
    return people.who_answer()


def _by(rows: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
    return rows.filter(last_by_customer=value == "customer") if value else rows


def _since(rows: QuerySet[Ticket], name: str, value: str) -> QuerySet[Ticket]:
    return rows.filter(opened_at__gte=stamp() - timedelta(days=int(value))) if value else rows


FILTERS = (
    ListFilter(
        name="state",
        filter=django_filters.MultipleChoiceFilter(
            label="Status", choices=Ticket.State.choices, widget=BOXES
        ),
        order=10,
    ),
    ListFilter(
        name="department",
        filter=django_filters.ModelMultipleChoiceFilter(
            label="Department", queryset=_departments, widget=BOXES
        ),
        order=20,
    ),
    ListFilter(
        name="assignee",
        filter=django_filters.ModelChoiceFilter(
            label="Given to", queryset=_people, null_label="Nobody", null_value="none"
        ),
        order=30,
    ),
    ListFilter(
        name="priority",
        filter=django_filters.ModelMultipleChoiceFilter(label="Priority", queryset=_priorities, widget=BOXES),
        order=40,
    ),
    ListFilter(
        name="category",
        filter=django_filters.ModelChoiceFilter(
            label="Category", queryset=_categories, null_label="None", null_value="none"
        ),
        order=50,
    ),
    ListFilter(
        name="origin",
        filter=django_filters.MultipleChoiceFilter(
            label="Came by", choices=Ticket.Origin.choices, widget=BOXES
        ),
        order=60,
    ),
    ListFilter(
        name="by",
        filter=django_filters.ChoiceFilter(
            label="Last word", choices=BY, empty_label="Anybody's", method=_by
        ),
        order=70,
    ),
    ListFilter(
        name="opened",
        filter=django_filters.ChoiceFilter(
            label="Opened", choices=SINCE, empty_label="Any time", method=_since
        ),
        order=80,
    ),
)

"""What narrows the collectors' work list, the disputes and the hand-overs."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet

from billing.models import Debtor
from customers.models import BillingGroup
from herotill.clock import local_day, stamp
from herotill.lists import ListFilter
from herotill.money import rand
from herotill.users.models import User

YES_OR_NO = [("true", "Yes"), ("false", "No")]
WHY = {
    "today": "Next action due",
    "broken": "Broken promise",
    "unpaid": "Unpaid debit",
    "promised": "Promise open",
    "waits": "Waits",
}


def _why(rows: QuerySet[Debtor], name: str, value: list[str]) -> QuerySet[Debtor]:
    meant = {
        "today": Q(next_on__lte=local_day(stamp())),
        "broken": Q(broken__gt=0),
        "unpaid": Q(unpaid__gt=0),
        "promised": Q(promised_for__isnull=False),
        "waits": Q(waits=True),
    }
    wanted = Q()
    for one in value:
        wanted |= meant[one]
    return rows.filter(wanted)


def _days(rows: QuerySet[Debtor], name: str, value: int | None) -> QuerySet[Debtor]:
    return rows if value is None else rows.filter(oldest__lte=local_day(stamp()) - timedelta(days=int(value)))


def _groups(request: Any) -> QuerySet[BillingGroup]:
    return BillingGroup.objects.all()


def _people(request: Any) -> QuerySet[User]:
    return User.objects.filter(kind=User.Kind.STAFF).order_by("name", "username")


def _amount(label: str, lookup: str, field: str) -> django_filters.NumberFilter:
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return django_filters.NumberFilter(
        label=label, field_name=field, lookup_expr=lookup, max_digits=14, decimal_places=2, widget=widget
    )


def _flag(label: str, condition: Callable[[], Q]) -> django_filters.ChoiceFilter:
    def narrowed(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
        if not value:
            return rows
        return rows.filter(condition()) if value == "true" else rows.filter(~condition())

    return django_filters.ChoiceFilter(label=label, choices=YES_OR_NO, empty_label="Either", method=narrowed)


DESK = (
    ListFilter(
        name="collector",
        filter=django_filters.ModelChoiceFilter(
            label="Collector", queryset=_people, null_label="Nobody", null_value="none"
        ),
        order=10,
    ),
    ListFilter(
        name="billing_group",
        filter=django_filters.ModelChoiceFilter(
            label="Billing group", queryset=_groups, null_label="None", null_value="none"
        ),
        order=20,
    ),
    ListFilter(name="amount_min", filter=_amount("Overdue from", "gte", "overdue"), says=rand, order=30),
    ListFilter(name="amount_max", filter=_amount("Overdue to", "lte", "overdue"), says=rand, order=40),
    ListFilter(
        name="days",
        filter=django_filters.NumberFilter(
            label="Overdue for at least (days)",
            method=_days,
            min_value=0,
            max_value=9999,
            decimal_places=0,
            widget=forms.TextInput(attrs={"inputmode": "numeric"}),
        ),
        order=50,
    ),
    ListFilter(
        name="why",
        filter=django_filters.MultipleChoiceFilter(
            label="Why", choices=list(WHY.items()), widget=forms.CheckboxSelectMultiple, method=_why
        ),
        order=60,
    ),
)
DISPUTES = (
    ListFilter(name="answered", filter=_flag("Answered", lambda: Q(answered_at__isnull=False)), order=10),
)
HAND_OVERS = (
    ListFilter(
        name="collector",
        filter=django_filters.CharFilter(label="Collector", field_name="collector", lookup_expr="icontains"),
        order=10,
    ),
    ListFilter(name="back", filter=_flag("Taken back", lambda: Q(back_on__isnull=False)), order=20),
    ListFilter(
        name="from",
        filter=django_filters.DateFilter(
            label="Handed over from",
            field_name="handed_on",
            lookup_expr="gte",
            widget=forms.DateInput(attrs={"type": "date"}),
        ),
        order=30,
    ),
)

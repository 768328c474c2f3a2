"""What narrows the list of receipts."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from billing.models import BankAccount, Receipt
from billing.selectors import receipts as reading
from herotill.lists import ListFilter
from herotill.money import rand
from herotill.users.models import User

YES_OR_NO = [("true", "Yes"), ("false", "No")]


def _accounts(request: Any) -> QuerySet[BankAccount]:
    return BankAccount.objects.all()


def _people(request: Any) -> QuerySet[User]:
    return User.objects.filter(kind=User.Kind.STAFF).order_by("name", "username")


def _where(condition: Any) -> Any:
    def narrowed(rows: QuerySet[Receipt], name: str, value: str) -> QuerySet[Receipt]:
        if not value:
            return rows
        return rows.filter(condition()) if value == "true" else rows.filter(~condition())

    return narrowed


def _flag(label: str, condition: Any) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(
        label=label, choices=YES_OR_NO, empty_label="Either", method=_where(condition)
    )


def _day(label: str, lookup: str) -> django_filters.DateFilter:
    widget = forms.DateInput(attrs={"type": "date"})
    return django_filters.DateFilter(
        label=label, field_name="receipt_date", lookup_expr=lookup, widget=widget
    )


def _amount(label: str, lookup: str) -> django_filters.NumberFilter:
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return django_filters.NumberFilter(
        label=label, field_name="amount", lookup_expr=lookup, max_digits=14, decimal_places=2, widget=widget
    )


FILTERS = (
    ListFilter(
        name="account",
        filter=django_filters.ModelChoiceFilter(label="Bank account", queryset=_accounts),
        order=10,
    ),
    ListFilter(
        name="method",
        filter=django_filters.MultipleChoiceFilter(
            label="Paid by", choices=Receipt.Method.choices, widget=forms.CheckboxSelectMultiple
        ),
        order=20,
    ),
    ListFilter(name="from", filter=_day("Received from", "gte"), order=30),
    ListFilter(name="to", filter=_day("Received to", "lte"), order=40),
    ListFilter(name="amount_min", filter=_amount("Amount from", "gte"), says=rand, order=50),
    ListFilter(name="amount_max", filter=_amount("Amount to", "lte"), says=rand, order=60),
    ListFilter(name="reversed", filter=_flag("Reversed", reading.reversed_ones), order=70),
    ListFilter(name="unallocated", filter=_flag("Unallocated", reading.unallocated_ones), order=80),
    ListFilter(
        name="captured_by",
        filter=django_filters.ModelChoiceFilter(
            label="Captured by", queryset=_people, null_label="By a run or import", null_value="none"
        ),
        order=90,
    ),
)

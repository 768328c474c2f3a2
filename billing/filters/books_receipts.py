"""What narrows the list of receipts from the books kept elsewhere."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms

from billing.models import BooksReceipt
from herotill.lists import ListFilter


def _day(label: str, lookup: str) -> django_filters.DateFilter:
    widget = forms.DateInput(attrs={"type": "date"})
    return django_filters.DateFilter(label=label, field_name="day", lookup_expr=lookup, widget=widget)


def _what(choices: Any) -> django_filters.MultipleChoiceFilter:
    return django_filters.MultipleChoiceFilter(
        label="What it is", choices=choices, widget=forms.CheckboxSelectMultiple, field_name="state"
    )


FILTERS = (
    ListFilter(name="state", filter=_what(BooksReceipt.State.choices), order=10),
    ListFilter(name="from", filter=_day("From", "gte"), order=20),
    ListFilter(name="to", filter=_day("To", "lte"), order=30),
)

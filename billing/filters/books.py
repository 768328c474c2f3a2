"""What narrows the lists of what waits for the books and of what is there."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet

from billing.models import BooksDocument, BooksOwed, DocumentKind
from herotill.lists import ListFilter

BOXES = forms.CheckboxSelectMultiple
YES_OR_NO = [("true", "Yes"), ("false", "No")]
WHAT = [("details", "Customer's details"), ("document", "Document")]


def _what(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    return rows.filter(document__isnull=value == "details") if value else rows


def _differs(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    if not value:
        return rows
    return rows.filter(BooksDocument.DIFFERS if value == "true" else ~BooksDocument.DIFFERS)


OF_OWED = (
    ListFilter(
        name="state",
        filter=django_filters.MultipleChoiceFilter(
            label="State", choices=BooksOwed.State.choices, widget=BOXES, field_name="state"
        ),
        order=10,
    ),
    ListFilter(
        name="what",
        filter=django_filters.ChoiceFilter(label="What", choices=WHAT, empty_label="Either", method=_what),
        order=20,
    ),
)
OF_SENT = (
    ListFilter(
        name="differs",
        filter=django_filters.ChoiceFilter(
            label="Totals or VAT differ", choices=YES_OR_NO, empty_label="Either", method=_differs
        ),
        order=10,
    ),
    ListFilter(
        name="kind",
        filter=django_filters.MultipleChoiceFilter(
            label="Kind", choices=DocumentKind.choices, widget=BOXES, field_name="kind"
        ),
        order=20,
    ),
)

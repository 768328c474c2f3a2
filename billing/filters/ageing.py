"""What narrows the age analysis of everybody, and what day and way of counting it is."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.http import QueryDict

from billing.models import AgedCustomer
from billing.selectors import ageing
from billing.selectors.ageing import Way
from customers.models import BillingGroup, Customer, CustomerGroup
from herotill.lists import ListFilter
from herotill.money import rand

WAYS = {
    "days-document": Way(by_months=False, from_due=False),
    "days-due": Way(by_months=False, from_due=True),
    "months-document": Way(by_months=True, from_due=False),
    "months-due": Way(by_months=True, from_due=True),
}
BUCKETS = dict(zip(("days120", "days90", "days60", "days30", "current"), ageing.BUCKETS, strict=True))


# What only a customer's own row can answer; the rest is told by the sums of a picture as well.
BY_CUSTOMER = {"owing", "total_min", "total_max"}


def day_of(query: QueryDict, today: date) -> date:
    """The day an address asks for; today where it asks for none."""
    try:
        return date.fromisoformat(query.get("as_at") or "")
    except ValueError:
        return today


def way_of(query: QueryDict) -> Way:
    """How an address wants age counted; the company's own way where it does not say."""
    return WAYS.get(query.get("way") or "") or ageing.way()


def _as_it_is(rows: QuerySet[AgedCustomer], name: str, value: Any) -> QuerySet[AgedCustomer]:
    """The rows are those of the day and way already."""
    return rows


def _owing(rows: QuerySet[AgedCustomer], name: str, value: str) -> QuerySet[AgedCustomer]:
    return rows.filter(**{f"{value}__gt": Decimal(0)}) if value in BUCKETS else rows


def _pointed(rows: QuerySet[AgedCustomer], name: str, value: Any) -> QuerySet[AgedCustomer]:
    return rows.filter(**{name: value.pk}) if value else rows


def _groups(request: Any) -> QuerySet[CustomerGroup]:
    return CustomerGroup.objects.all()


def _billing_groups(request: Any) -> QuerySet[BillingGroup]:
    return BillingGroup.objects.all()


def _amount(label: str, lookup: str) -> django_filters.NumberFilter:
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return django_filters.NumberFilter(
        label=label, field_name="total", lookup_expr=lookup, max_digits=14, decimal_places=2, widget=widget
    )


FILTERS = (
    ListFilter(
        name="as_at",
        filter=django_filters.DateFilter(
            label="As at", widget=forms.DateInput(attrs={"type": "date"}), method=_as_it_is
        ),
        order=10,
    ),
    ListFilter(
        name="way",
        filter=django_filters.ChoiceFilter(
            label="Age counted",
            choices=[(name, way.words) for name, way in WAYS.items()],
            empty_label="As the company does",
            method=_as_it_is,
        ),
        order=20,
    ),
    ListFilter(
        name="owing",
        filter=django_filters.ChoiceFilter(
            label="Owing in", choices=list(BUCKETS.items()), empty_label="Any", method=_owing
        ),
        order=30,
    ),
    ListFilter(name="total_min", filter=_amount("Total from", "gte"), says=rand, order=40),
    ListFilter(name="total_max", filter=_amount("Total to", "lte"), says=rand, order=50),
    ListFilter(
        name="group",
        filter=django_filters.ModelChoiceFilter(label="Customer group", queryset=_groups, method=_pointed),
        order=60,
    ),
    ListFilter(
        name="billing_group",
        filter=django_filters.ModelChoiceFilter(
            label="Billing group", queryset=_billing_groups, method=_pointed
        ),
        order=70,
    ),
    ListFilter(
        name="status",
        filter=django_filters.MultipleChoiceFilter(
            label="Status", choices=Customer.Status.choices, widget=forms.CheckboxSelectMultiple
        ),
        order=80,
    ),
    ListFilter(
        name="payment_method",
        filter=django_filters.MultipleChoiceFilter(
            label="Payment type",
            choices=Customer.PaymentMethod.choices[1:],
            widget=forms.CheckboxSelectMultiple,
        ),
        order=90,
    ),
)

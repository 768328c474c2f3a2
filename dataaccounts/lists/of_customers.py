"""What data accounts add to the list of customers: their user names, and what narrows it by them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet

from customers.lists import customers
from customers.models import Customer
from dataaccounts.models import DataAccount
from dataaccounts.selectors import accounts as reading
from herotill.among import few
from herotill.lists import Column, ListFilter, cells
from herotill.reference.models import Highsite


def _names(ids: Sequence[int]) -> dict[int, str]:
    return {pk: ", ".join(names) for pk, names in reading.usernames_of(ids).items()}


customers.columns.register(
    Column(
        name="data_accounts",
        heading="Data accounts",
        cell=cells.SHORT,
        batch=_names,
        permission="dataaccounts.view_dataaccount",
        default=True,
        order=60,
    )
)


def _having(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    kept = DataAccount.objects.filter(customer=OuterRef("pk")).exclude(state=DataAccount.State.CANCELLED)
    wanted = {"prepaid": kept.filter(prepaid=True), "monthly": kept.filter(prepaid=False), "none": kept}
    found = Exists(wanted[value])
    return rows.filter(~found) if value == "none" else rows.filter(found)


def _at(rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
    if not value:
        return rows
    kept = DataAccount.objects.filter(highsite=value).exclude(state=DataAccount.State.CANCELLED)
    there = few(Customer.objects.filter(pk__in=kept.values("customer")))
    return rows.filter(there or Exists(kept.filter(customer=OuterRef("pk"))))


customers.filters.register(
    ListFilter(
        name="data_kind",
        filter=django_filters.ChoiceFilter(
            label="Data accounts",
            choices=[("monthly", "Monthly"), ("prepaid", "Prepaid"), ("none", "None")],
            method=_having,
        ),
        permission="dataaccounts.view_dataaccount",
        order=112,
    )
)
customers.filters.register(
    ListFilter(
        name="data_highsite",
        filter=django_filters.ModelChoiceFilter(
            label="Data accounts at highsite", queryset=lambda request: Highsite.objects.all(), method=_at
        ),
        permission="dataaccounts.view_dataaccount",
        order=114,
    )
)

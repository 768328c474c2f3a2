"""What suspension adds to the list of customers."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import django_filters
from django.db.models import Exists, OuterRef, QuerySet

from billing.lists.suspensions import STATE
from billing.models import SuspensionCase, SuspensionTerms
from customers.lists import customers
from herotill.lists import Column, ListFilter

State = SuspensionCase.State
NONE, NEVER = "none", "never"


def _states(ids: Sequence[int]) -> dict[int, str]:
    found = SuspensionCase.objects.filter(customer__in=ids).exclude(state=State.ENDED)
    return dict(found.values_list("customer_id", "state"))


def _narrowed(rows: QuerySet[Any], name: str, value: str) -> QuerySet[Any]:
    open_ones = SuspensionCase.objects.filter(customer=OuterRef("pk")).exclude(state=State.ENDED)
    if value == NONE:
        return rows.filter(~Exists(open_ones))
    if value == NEVER:
        return rows.filter(pk__in=SuspensionTerms.objects.filter(disabled=True).values("customer"))
    return rows.filter(pk__in=SuspensionCase.objects.filter(state=value).values("customer"))


customers.columns.register(
    Column(
        name="suspension",
        heading="Suspension status",
        cell=STATE,
        batch=_states,
        permission="billing.view_suspensioncase",
        order=140,
    )
)
customers.filters.register(
    ListFilter(
        name="suspension",
        filter=django_filters.ChoiceFilter(
            label="Suspension status",
            choices=[
                *((state.value, state.label) for state in State if state is not State.ENDED),
                (NONE, "No open case"),
                (NEVER, "Never suspended"),
            ],
            method=_narrowed,
        ),
        permission="billing.view_suspensioncase",
        order=140,
    )
)

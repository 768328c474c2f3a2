"""What the profile's head shows, and the notes that pop up beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import Exists, QuerySet

from customers.models import Customer, CustomerNote


def customer(*, code: str) -> Customer | None:
    """The customer with this code and what the head names, or None."""
    found = Customer.objects.select_related("group", "billing_group", "master", "highsite", "balance")
    return found.prefetch_related("categories", "labels").filter(code=code).first()


def popups(*, customer: Customer, user: Any) -> QuerySet[CustomerNote]:
    """The notes that pop up for this person, newest first: those they have not put away."""
    notes = CustomerNote.objects.filter(customer=customer, pops_up=True).select_related("author")
    return notes.exclude(dismissals__user=user).order_by("-created_at", "-id")[:5]


def without(customer: Customer, asked: Mapping[str, QuerySet[Any]]) -> set[str]:
    """The names of those questions that find no row, asked as one."""
    found = Customer.objects.filter(pk=customer.pk).order_by()
    there = found.values_list(*(Exists(rows) for rows in asked.values())).first() if asked else ()
    return {name for name, some in zip(asked, there or (), strict=True) if not some}


def subs(*, customer: Customer) -> int:
    """How many sub-accounts it has, counted up to 1,000."""
    return Customer.objects.filter(master=customer)[:1000].count()

"""The columns that say whose a row is."""

from __future__ import annotations

from django.urls import reverse

from herotill.lists import Column, Link, cells
from herotill.lists.columns import Row


def profile_url(row: Row) -> str:
    """The profile of the row's customer."""
    return reverse("customers:profile", args=[row["customer__code"]])


def _named(row: Row) -> Link:
    return Link(profile_url(row), row["customer__name"], row["customer__code"])


def _beside(row: Row) -> Link | None:
    return Link(profile_url(row), row["customer__name"]) if row["customer__code"] else None


def customer(order: int, *, heads_row: bool = True) -> Column:
    """The customer's name; where it does not head the row, a phone leaves it out."""
    return Column(
        name="customer",
        heading="Customer",
        cell=cells.LINK,
        fields=("customer__name", "customer__code"),
        value=_named if heads_row else _beside,
        default=True,
        narrow=heads_row,
        heads_row=heads_row,
        order=order,
    )


def code(order: int) -> Column:
    """The customer's code; a phone shows it below the name."""
    return Column(
        name="code",
        heading="Account code",
        cell=cells.IDENTIFIER,
        fields=("customer__code",),
        default=True,
        narrow=False,
        order=order,
    )

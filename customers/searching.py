"""What the global search finds of customers."""

from __future__ import annotations

from django.urls import reverse

from herotill.search import Row, SearchKind, search_kinds

CHIPS = {"suspended": ("Suspended", "bad"), "cancelled": ("Cancelled", "")}


def profile(row: Row) -> str:
    return reverse("customers:profile", args=[row.code])


search_kinds.register(
    SearchKind(
        name="customer",
        label="Customers",
        permission="customers.view_customer",
        url=profile,
        icon="user",
        chips=CHIPS,
        order=10,
    )
)
search_kinds.register(
    SearchKind(
        name="customer_number",
        label="Customers",
        permission="customers.see_id_numbers",
        url=profile,
        icon="identification",
        chips=CHIPS,
        of="customer",
        order=11,
    )
)

"""The rights about leads becoming customers."""

from __future__ import annotations

from herotill.users.grants import right

SCREEN = "Customers from leads"

right(
    "workflow.link_customer",
    "link leads to customers who are there already",
    screen=SCREEN,
    to=("manager", "sales", "accounts"),
)
right(
    "workflow.take_over_products",
    "take over what an accepted quote holds",
    screen=SCREEN,
    to=("manager", "sales", "accounts"),
)

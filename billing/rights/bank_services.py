"""The rights about the service that carries debit orders out."""

from __future__ import annotations

from herotill.users.grants import right

SCREEN = "Setup: debit-order service"

right("billing.view_bankservice", "see the debit-order service", screen=SCREEN, to=("manager", "accounts"))
right(
    "billing.change_bankservice",
    "change the debit-order service, ask for and approve other keys",
    screen=SCREEN,
    to=("manager",),
    money=True,
)

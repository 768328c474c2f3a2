"""The rights about customers and services that end."""

from __future__ import annotations

from herotill.users.grants import EVERYBODY, right

SCREEN = "Cancellations"

right("billing.view_cancellation", "see cancellations", screen=SCREEN, to=EVERYBODY)
right(
    "billing.add_cancellation",
    "ask that a customer or service ends",
    screen=SCREEN,
    to=("manager", "accounts", "collections", "sales", "support"),
)
right(
    "billing.approve_cancellation",
    "approve and refuse cancellations",
    screen=SCREEN,
    to=("manager", "accounts"),
)
right("billing.withdraw_cancellation", "withdraw cancellations", screen=SCREEN, to=("manager", "accounts"))

REASONS = "Setup: reasons of cancellations"
CHIEF = ("manager",)
right("billing.view_cancellationreason", "see reasons of cancellations", screen=REASONS, to=EVERYBODY)
right("billing.add_cancellationreason", "add reasons of cancellations", screen=REASONS, to=CHIEF)
right(
    "billing.change_cancellationreason",
    "change and retire reasons of cancellations",
    screen=REASONS,
    to=CHIEF,
)
right("billing.delete_cancellationreason", "delete reasons that nothing uses", screen=REASONS, to=CHIEF)

"""The right to see RADIUS passwords."""

from __future__ import annotations

from herotill.users.grants import right

right(
    "dataaccounts.reveal_password",
    "see the password of a data account, with a reason that is kept",
    screen="Profile: data accounts",
    to=("manager", "support", "technician"),
    sensitive=True,
)

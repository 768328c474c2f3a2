"""The rights about sources of usage, and about what is wrong with sessions."""

from __future__ import annotations

from herotill.users.grants import right

SETUP, SESSIONS = "Setup: network", "Data accounts: sessions"
CHIEF = ("manager",)

right("dataaccounts.view_usagesource", "see sources of usage", screen=SETUP, to=("manager", "technician"))
right("dataaccounts.add_usagesource", "add sources of usage", screen=SETUP, to=CHIEF)
right(
    "dataaccounts.change_usagesource",
    "change sources of usage and their passwords",
    screen=SETUP,
    to=CHIEF,
    sensitive=True,
)
right(
    "dataaccounts.delete_usagesource",
    "delete sources of usage",
    screen=SETUP,
    to=CHIEF,
)
right(
    "dataaccounts.add_usagename",
    "give an account what a name nobody has used",
    screen=SESSIONS,
    to=("manager", "technician"),
)

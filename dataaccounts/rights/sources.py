"""The rights about sources of usage, and about what is wrong with sessions."""

from __future__ import annotations

from herotill.users.grants import right

SETUP, SESSIONS = "Setup: network", "Data sessions"
CHIEF, SUPPORT = ("manager",), ("manager", "support", "technician")

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
    "delete sources of usage that nothing came from",
    screen=SETUP,
    to=CHIEF,
)
right("dataaccounts.view_usagename", "see sessions that have problems", screen=SESSIONS, to=SUPPORT)
right(
    "dataaccounts.add_usagename",
    "give an account what a name nobody has used",
    screen=SESSIONS,
    to=("manager", "technician"),
)
right("dataaccounts.delete_usagename", "take such a name back", screen=SESSIONS, to=CHIEF)

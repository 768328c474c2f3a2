"""The right to see how the helpdesk does."""

from __future__ import annotations

from herotill.users.grants import right

right(
    "helpdesk.see_helpdesk_reports",
    "see the figures of the helpdesk",
    screen="Tickets",
    to=("support", "manager", "auditor"),
)

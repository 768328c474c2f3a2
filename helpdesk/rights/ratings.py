"""The rights about ratings."""

from __future__ import annotations

from herotill.users.grants import right

SCREEN = "Ratings"
DESK = ("manager", "support", "sales", "accounts", "technician")

right("helpdesk.view_rating", "see what customers rated", screen=SCREEN, to=DESK)
right(
    "helpdesk.request_rating", "ask customers for a rating", screen=SCREEN, to=("manager", "support", "sales")
)
right("helpdesk.acknowledge_rating", "acknowledge ratings", screen=SCREEN, to=("manager", "support"))
right("helpdesk.export_ratings", "export large lists of ratings", screen=SCREEN, to=("manager",))

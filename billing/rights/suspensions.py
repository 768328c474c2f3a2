"""The rights about suspension: what each lets a person do, and who holds it."""

from __future__ import annotations

from billing.rights.ageing import BOOKS
from billing.rights.ageing import OFFICE as COLLECTING
from billing.rights.documents import CHIEF, OFFICE
from herotill.users.grants import right

CASES, CARD, SETUP = "Accounts Workflow: suspensions", "Profile: suspension details", "Setup: billing"

right(
    "billing.view_suspensioncase", "see suspension cases and what the next run does", screen=CASES, to=OFFICE
)
right(
    "billing.approve_suspension",
    "approve that customers are warned and suspended",
    screen=CASES,
    to=COLLECTING,
    sensitive=True,
)
right("billing.pause_suspension", "pause suspensions", screen=CASES, to=COLLECTING)
right("billing.reset_suspension", "reset suspension cases", screen=CASES, to=COLLECTING, sensitive=True)
right("billing.suspend_customer", "suspend a customer at once", screen=CASES, to=COLLECTING, sensitive=True)
right("billing.run_suspensions", "run the collections day by hand", screen=CASES, to=BOOKS)
right(
    "billing.export_suspensions",
    "export large lists of suspension cases",
    screen=CASES,
    to=BOOKS,
    sensitive=True,
)
right("billing.view_suspensionterms", "see when a customer is warned and suspended", screen=CARD, to=OFFICE)
right("billing.change_suspensionterms", "change a customer's days of suspension", screen=CARD, to=COLLECTING)
right(
    "billing.disable_suspension",
    "say that a customer is never suspended",
    screen=CARD,
    to=CHIEF,
    sensitive=True,
)
right("billing.view_suspensionrules", "see the rules of suspension", screen=SETUP, to=BOOKS)
right("billing.change_suspensionrules", "change the rules of suspension", screen=SETUP, to=CHIEF)

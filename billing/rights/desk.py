"""The rights at the collectors' desk: what each lets a person do, and who holds it from the start."""

from __future__ import annotations

from billing.rights.ageing import BOOKS
from billing.rights.ageing import OFFICE as COLLECTING
from billing.rights.documents import CHIEF, OFFICE
from herotill.users.grants import right

NOTES, DESK, DISPUTES = "Profile: debtor notes", "Collectors' desk", "Disputes"
FEES, HAND_OVERS = "Late and unpaid fees", "Hand-overs"

right("billing.view_debtornote", "see debtor notes", screen=NOTES, to=OFFICE)
right("billing.add_debtornote", "add debtor notes, and mail reminders with them", screen=NOTES, to=OFFICE)
right("billing.view_promise", "see promises to pay", screen=NOTES, to=OFFICE)
right("billing.add_promise", "take promises to pay down", screen=NOTES, to=COLLECTING)
right("billing.change_promise", "withdraw promises to pay", screen=NOTES, to=COLLECTING)

right("billing.view_debtor", "work at the collectors' desk", screen=DESK, to=COLLECTING, sensitive=True)
right(
    "billing.export_debtors",
    "export large lists of who is overdue",
    screen=DESK,
    to=BOOKS,
    sensitive=True,
)
right("billing.view_assignment", "see who looks after whom", screen=DESK, to=COLLECTING)
right("billing.assign_collector", "say which collector looks after whom", screen=DESK, to=COLLECTING)
right("billing.view_callscript", "see the scripts for calls", screen=DESK, to=COLLECTING)
right("billing.change_callscript", "change the scripts for calls", screen=DESK, to=CHIEF)

right("billing.view_dispute", "see disputes", screen=DISPUTES, to=OFFICE)
right("billing.add_dispute", "note that a customer disputes a document", screen=DISPUTES, to=OFFICE)
right("billing.change_dispute", "answer disputes", screen=DISPUTES, to=BOOKS)

right("billing.view_collectionfee", "see late and unpaid fees", screen=FEES, to=OFFICE)
right("billing.waive_fee", "waive late and unpaid fees", screen=FEES, to=BOOKS, money=True)

right("billing.view_handover", "see what external collectors work on", screen=HAND_OVERS, to=COLLECTING)
right(
    "billing.hand_over",
    "hand debts over to an external collector, with the file, and take them back",
    screen=HAND_OVERS,
    to=CHIEF,
    sensitive=True,
)
right(
    "billing.export_handovers",
    "take large files of what was handed over",
    screen=HAND_OVERS,
    to=CHIEF,
    sensitive=True,
)

"""The rights about tickets."""

from __future__ import annotations

from herotill.users.grants import EVERYBODY, right

SCREEN = "Tickets"
DESK = ("support", "accounts", "sales", "manager", "technician")
LEADS = ("support", "manager")

right("helpdesk.view_ticket", "see tickets", screen=SCREEN, to=EVERYBODY)
right("helpdesk.add_ticket", "open tickets", screen=SCREEN, to=EVERYBODY)
right("helpdesk.change_ticket", "move, link and prioritise tickets", screen=SCREEN, to=DESK)
right("helpdesk.delete_ticket", "delete tickets", screen=SCREEN, to=())
right("helpdesk.answer_ticket", "answer customers in tickets, and note", screen=SCREEN, to=DESK)
right("helpdesk.assign_ticket", "assign tickets to others", screen=SCREEN, to=DESK)
right("helpdesk.close_ticket", "close and reopen tickets", screen=SCREEN, to=DESK)
right("helpdesk.merge_ticket", "merge and split tickets", screen=SCREEN, to=LEADS)
right("helpdesk.export_tickets", "export large lists of tickets", screen=SCREEN, to=("manager",))

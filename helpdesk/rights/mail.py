"""The rights about mail that comes in."""

from __future__ import annotations

from herotill.users.grants import right

SCREEN, SETUP = "Mail that comes in", "Setup: mailboxes and mail rules"
DESK, CHIEF = ("support", "manager"), ("manager",)

right("helpdesk.view_inboundmail", "see mail that came in", screen=SCREEN, to=(*DESK, "auditor"))
right("helpdesk.triage_mail", "decide about mail of unknown senders", screen=SCREEN, to=DESK)
right("helpdesk.view_mailbox", "see mailboxes", screen=SETUP, to=CHIEF)
right("helpdesk.add_mailbox", "add mailboxes", screen=SETUP, to=CHIEF)
right("helpdesk.change_mailbox", "change, try and switch off mailboxes", screen=SETUP, to=CHIEF)
right("helpdesk.delete_mailbox", "delete mailboxes", screen=SETUP, to=())
right("helpdesk.view_mailrule", "see mail rules", screen=SETUP, to=CHIEF)
right("helpdesk.add_mailrule", "add mail rules", screen=SETUP, to=CHIEF)
right("helpdesk.change_mailrule", "change and switch off mail rules", screen=SETUP, to=CHIEF)
right("helpdesk.delete_mailrule", "delete mail rules", screen=SETUP, to=CHIEF)

"""What messages add to the shell: rights, jobs, screens."""

from __future__ import annotations

from herotill.jobs import Job, Queue, jobs
from herotill.messages.services import gateways, sending
from herotill.users.grants import EVERYBODY, right

SCREEN = "Messages"
right("outbox.view_message", "see the messages that were sent", screen=SCREEN, to=EVERYBODY)
right("outbox.send_again", "send messages again", screen=SCREEN, to=("manager", "accounts", "support"))
right("outbox.cancel_message", "cancel messages that wait", screen=SCREEN, to=("manager", "accounts"))
right(
    "outbox.export_messages",
    "export large lists of messages",
    screen=SCREEN,
    to=("manager",),
    sensitive=True,
)

jobs.register(
    Job("messages-mail", "Sends mails", Queue.MESSAGES, sending.send_mail, "every minute", order=30)
)
jobs.register(Job("messages-sms", "Sends SMS", Queue.MESSAGES, sending.send_sms, "every minute", order=31))
jobs.register(
    Job(
        "sms-balance",
        "Asks the SMS gateway what is left",
        Queue.MESSAGES,
        gateways.ask_all,
        "every hour",
        order=32,
    )
)
jobs.register(
    Job(
        "messages-quarters",
        "Makes room for the messages of the coming quarters, and forgets old ones",
        Queue.REPORTS,
        sending.keep_quarters,
        "daily at 03:45",
        order=93,
    )
)

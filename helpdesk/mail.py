"""What mail adds: its rights, pages, the job that fetches it, and how our own mails about tickets are addressed."""

from __future__ import annotations

import helpdesk.rights.mail  # noqa: F401
from helpdesk.lists.mail import BOXES, RULES, SEE, TRIAGE
from helpdesk.models import InboundMail
from helpdesk.services import envelopes as addressing
from helpdesk.services.inbound import polling
from helpdesk.services.ticket_links import KIND
from herotill.counting import remembered
from herotill.jobs import Job, Queue, jobs
from herotill.menu import MenuEntry, menu
from herotill.messages.envelopes import Envelope, envelopes


@remembered("mail-triage")
def _waiting() -> int:
    return InboundMail.objects.filter(outcome="triage", decided_at=None).count()


menu.register(
    MenuEntry(
        "helpdesk.mail-triage",
        "Unknown senders",
        "helpdesk:mail-triage",
        TRIAGE,
        order=40,
        parent="helpdesk",
        counter=lambda user: _waiting(),
    )
)
menu.register(
    MenuEntry("helpdesk.mail", "Mail that came in", "helpdesk:mail", SEE, order=50, parent="helpdesk")
)
menu.register(
    MenuEntry(
        "setup.mailboxes",
        "Mailboxes",
        "helpdesk:mailboxes",
        BOXES,
        "inbox-stack",
        606,
        parent="setup",
        about="At which addresses customers write to which department, and where mail is fetched.",
    )
)
menu.register(
    MenuEntry(
        "setup.mail-rules",
        "Mail rules",
        "helpdesk:mail-rules",
        RULES,
        "funnel",
        607,
        parent="setup",
        about="Which mail opens its tickets elsewhere, more urgently, or closed.",
    )
)
envelopes.register(Envelope(name=KIND, dress=addressing.dress))
jobs.register(
    Job(
        name="mail-fetch",
        title="Fetches mail from the helpdesk's mailboxes",
        queue=Queue.MESSAGES,
        task=lambda now: polling.poll_all(now=now),
        schedule="every minute",
    )
)

"""How our mails about tickets are addressed, so that an answer finds its ticket."""

from __future__ import annotations

import re
from email.utils import formataddr

from helpdesk.models import Mailbox, Ticket
from helpdesk.policies.mail.known import LOOP_HEADER, REPLY_MARKER
from helpdesk.selectors.inbound import tickets_domain
from helpdesk.selectors.rules import rules
from helpdesk.services.notices import ANSWERED
from herotill.messages.envelopes import Dress
from herotill.messages.models import Message
from herotill.reference.selectors.company import company

_MESSAGE_ID = re.compile(r"[!-;=?-~]{1,250}")


def dress(message: Message) -> Dress:
    """A mail about a ticket: from its department, with answers to an address that names the ticket.

    Each mail keeps a Message-ID of its own; the ticket is what it refers to.
    """
    ticket = Ticket.objects.select_related("department").filter(pk=message.subject_id or 0).first()
    if ticket is None:
        return Dress()
    domain = tickets_domain(rules())
    mailbox = _mailbox(ticket)
    headers = {
        "References": " ".join([f"<ticket-{ticket.pk}.{ticket.token}@{domain}>", *_theirs(ticket)]),
        "In-Reply-To": " ".join(_theirs(ticket)) or f"<ticket-{ticket.pk}.{ticket.token}@{domain}>",
        LOOP_HEADER: domain,
    }
    if message.template == ANSWERED:
        headers["Auto-Submitted"] = ""  # a person wrote it
    if mailbox is None:
        return Dress(headers=headers)
    local, _, host = mailbox.address.partition("@")
    return Dress(
        sender=formataddr((f"{company().called} {ticket.department}".strip(), mailbox.address)),
        reply_to=f"{local}+{ticket.pk}-{ticket.token}@{host}",
        headers=headers,
        above=REPLY_MARKER,
    )


def _mailbox(ticket: Ticket) -> Mailbox | None:
    """That of the department, else the first there is."""
    boxes = list(Mailbox.objects.filter(active=True).order_by("pk"))
    own = [box for box in boxes if box.department_id == ticket.department_id]
    return next(iter(own or boxes), None)


def _theirs(ticket: Ticket) -> list[str]:
    """The Message-ID of the last mail that spoke on it, if it can stand in a header."""
    last = ticket.mails.exclude(message_id="").exclude(post=None).order_by("-received_at", "-pk").first()
    return [f"<{last.message_id}>"] if last and _MESSAGE_ID.fullmatch(last.message_id) else []

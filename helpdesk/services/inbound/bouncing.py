"""Mail of ours that came back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from helpdesk.models import InboundMail, Ticket
from helpdesk.selectors import correspondents
from helpdesk.services.tickets import posting
from herotill.messages.services import failing


def take(mail: InboundMail, returned_id: str, now: datetime) -> None:
    """Write down whom our mail reaches no more.

    Anybody can send a report about anybody: believed is only one about a mail that we know to be ours, and of the
    addresses in it only those that we wrote to.
    """
    message = failing.came_back(message_id=returned_id, addresses=mail.failed_recipients, now=now)
    if message and message.subject_kind == "ticket" and mail.ticket_id is None:
        mail.ticket_id = message.subject_id
    wrote_to = {message.address.lower()} if message else set(_addresses(mail.ticket_id))
    failed = [address for address in mail.failed_recipients if address in wrote_to]
    failing.mark(addresses=failed, message=message, now=now)
    if failed and mail.ticket_id:
        words = f"Our mail to {', '.join(failed)} came back."
        posting.happened({mail.ticket_id: words[:5000]}, now, None, posting.Via.EMAIL)


def _addresses(ticket: int | None) -> Sequence[str]:
    return correspondents.of(Ticket.objects.get(pk=ticket)) if ticket else ()

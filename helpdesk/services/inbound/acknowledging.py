"""Thanks for a mail that opened a ticket: to people, and seldom enough that two machines never talk for long."""

from __future__ import annotations

from datetime import datetime, timedelta
from email.message import EmailMessage

from helpdesk.models import Post
from helpdesk.services import notices
from helpdesk.services.locking import alone_with
from herotill.messages.models import Message

WITHIN = timedelta(hours=1)
AT_MOST = 3
FROM_LISTS = ("List-Id", "List-Unsubscribe", "List-Post")


def acknowledge(post: Post, message: EmailMessage, now: datetime) -> bool:
    """Tell whoever wrote which number their ticket has. False where nothing is sent."""
    address = post.ticket.requester_email
    if any(message.get(name) for name in FROM_LISTS):
        return False
    alone_with(f"thanks:{address}")
    lately = Message.objects.filter(
        address=address, template=notices.OPENED, queued_at__gt=now - WITHIN, subject_kind=notices.KIND
    )
    if lately.count() >= AT_MOST:
        return False
    return notices.queue(notices.OPENED, post=post, now=now)

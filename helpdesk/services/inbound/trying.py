"""A message that ends whoever reads it: it is tried a few times, and then left."""

from __future__ import annotations

from django.db.models import F

from helpdesk.models import FetchTry, Mailbox
from herotill.integrations.imap import Waiting

MOST = 3


def begun(mailbox: Mailbox, message: Waiting) -> bool:
    """Note that a message is tried; False where that was done often enough.

    The note is there before the message is opened: nothing can be noted by a process that was killed over it.
    """
    FetchTry.objects.bulk_create(
        [FetchTry(mailbox=mailbox, message=_name(message), count=0)], ignore_conflicts=True
    )
    mine = FetchTry.objects.filter(mailbox=mailbox, message=_name(message))
    return bool(mine.filter(count__lt=MOST).update(count=F("count") + 1))


def over(mailbox: Mailbox, message: Waiting) -> None:
    """It was taken in, or given up: both are written down elsewhere."""
    FetchTry.objects.filter(mailbox=mailbox, message=_name(message)).delete()


def _name(message: Waiting) -> str:
    return f"{message.uid} of {message.size}"

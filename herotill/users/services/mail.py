"""Mails about log-ins: written down with the change they tell of, sent after it."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable
from datetime import datetime
from smtplib import SMTPException
from typing import Any, TypeVar

from django.core.mail import EmailMessage
from django.db import transaction
from django.db.models import F, QuerySet
from django.template.loader import render_to_string

from herotill.users.models import AccessLink, SecurityMail

log = logging.getLogger(__name__)
Owed = TypeVar("Owed", AccessLink, SecurityMail)
BATCH, TRIES = 100, 10


def owe(*, to: Iterable[str], subject: str, template: str, context: dict[str, Any]) -> None:
    """Write down one mail for each address; double and empty ones are left out."""
    text, line = render_to_string(f"emails/users/{template}.txt", context), " ".join(subject.split())[:200]
    SecurityMail.objects.bulk_create(
        SecurityMail(to=address, subject=line, text=text) for address in dict.fromkeys(filter(None, to))
    )


def send_owed(*, now: datetime) -> int:
    """Send what is owed; returns how many went out. One that fails waits for the next time, at most TRIES times."""
    return send_each(SecurityMail.objects.filter(sent_at=None), lambda owed: _send(owed, now))


def _send(owed: SecurityMail, now: datetime) -> int:
    EmailMessage(owed.subject, owed.text, to=[owed.to]).send()
    SecurityMail.objects.filter(pk=owed.pk).update(sent_at=now)
    return 1


def send_each(owed: QuerySet[Owed], send: Callable[[Owed], int]) -> int:
    """Give every owed row to `send`, each in a transaction of its own that holds the row; the sum of its answers."""
    waiting = owed.filter(tries__lt=TRIES).order_by("tries", "id")[:BATCH].values_list("pk", flat=True)
    return sum(_send_one(owed, key, send) for key in list(waiting))


@transaction.atomic
def _send_one(owed: QuerySet[Owed], key: int, send: Callable[[Owed], int]) -> int:
    row = owed.filter(pk=key).select_for_update(skip_locked=True, of=("self",)).first()
    if row is None:
        return 0
    try:
        with transaction.atomic():
            return send(row)
    except (OSError, SMTPException) as trouble:
        log.warning("Mail %s of %s stays owed: %s", key, owed.model.__name__, type(trouble).__name__)
        owed.filter(pk=key).update(tries=F("tries") + 1)
        return 0

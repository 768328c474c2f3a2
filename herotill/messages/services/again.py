"""What a person decides about single messages: once more, not at all, now."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from herotill.errors import DomainError
from herotill.jobs import nudge
from herotill.messages.models import Message
from herotill.messages.services.outbox import JOBS
from herotill.messages.templates import templates

State = Message.State
OVER = (State.SENT, State.DELIVERED, State.FAILED, State.UNKNOWN, State.CANCELLED)


@transaction.atomic
def send_again(*, message: Message, now: datetime, actor_id: int, to: str = "") -> Message:
    """Write the message once more, to the same address or another; its links are made anew.

    Raises DomainError for one that is still on its way, or that its recipient does not want.
    """
    found = Message.objects.select_for_update(of=("self",)).get(pk=message.pk)
    if found.state not in OVER:
        raise DomainError("It is still on its way, or not wanted.")
    if found.template not in templates:
        raise DomainError("There is no such template any more.")
    same = "template channel purpose customer_id subject_kind subject_id context attachments rank".split()
    copy = Message.objects.create(
        **{name: getattr(found, name) for name in same},
        address=to or found.address,
        again=found.pk,
        queued_at=now,
        next_try_at=now,
        queued_by=actor_id,
    )
    nudge(JOBS[copy.channel])
    return copy


def cancel(*, message: Message) -> None:
    """Do not send it. Raises DomainError once it was begun."""
    waiting = Message.objects.filter(pk=message.pk, state__in=[State.WAITING, State.HELD])
    if not waiting.update(state=State.CANCELLED, next_try_at=None, error=""):
        raise DomainError("It does not wait any more.")


def release(*, message: Message, now: datetime) -> None:
    """Send what was held back. Raises DomainError for one that is not."""
    held = Message.objects.filter(pk=message.pk, state=State.HELD)
    if not held.update(state=State.WAITING, next_try_at=now):
        raise DomainError("It is not held back.")
    nudge(JOBS[message.channel])

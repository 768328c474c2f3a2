"""Editing what templates say. One that prints bank details takes a second person."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Max

from herotill import approvals
from herotill.errors import DomainError
from herotill.messages.models import Wording
from herotill.messages.policies import rendering
from herotill.messages.selectors.wordings import current, waiting
from herotill.messages.templates import SMS, Template
from herotill.users.models import User

KIND = "message-template"
State = Wording.State


def is_guarded(template: Template, text: str) -> bool:
    """Whether the text, or the one in use, prints bank details."""
    bank = {name for name, field in template.by_name.items() if field.bank}
    used = rendering.fields_of(text) | rendering.fields_of(current([template.name])[template.name][1])
    return bool(bank & used)


@transaction.atomic
def save(
    *, template: Template, subject: str, text: str, actor: User, now: datetime, reason: str = ""
) -> Wording:
    """A new version. In use at once, or when a second person has approved it.

    Raises DomainError for fields it does not know, and for what looks like bank details.
    """
    _check(template, subject, text)
    return _add(template, subject, text, actor, now, reason)


@transaction.atomic
def reset(*, template: Template, actor: User, now: datetime, reason: str = "") -> Wording:
    """Back to the words it came with."""
    return _add(template, "", "", actor, now, reason)


def _check(template: Template, subject: str, text: str) -> None:
    if not text.strip():
        raise DomainError("Say something.", field="text")
    if template.channel != SMS and not subject.strip():
        raise DomainError("A mail needs a subject.", field="subject")
    bank = {name for name, field in template.by_name.items() if field.bank}
    if no := rendering.trouble_with(subject, set(template.by_name) - bank):
        raise DomainError(no, field="subject")
    if no := rendering.trouble_with(text, template.by_name):
        raise DomainError(no, field="text")


def _add(template: Template, subject: str, text: str, actor: User, now: datetime, reason: str) -> Wording:
    guarded = is_guarded(template, text or template.text)
    if guarded and waiting(template.name):
        raise DomainError("A new text waits for a second person already.")
    wording = Wording.objects.create(
        template=template.name,
        number=_next(template.name),
        subject=subject.strip(),
        text=text.replace("\r\n", "\n"),
        reset=not text,
        state=State.WAITS if guarded else State.COUNTS,
        made_by=actor,
        made_at=now,
    )
    if guarded:
        approvals.ask(kind=KIND, subject_id=wording.pk, payload={}, reason=reason, actor=actor, now=now)
    return wording


def _next(name: str) -> int:
    return (Wording.objects.filter(template=name).aggregate(last=Max("number"))["last"] or 0) + 1


def count(*, pk: int) -> None:
    """A second person approved it: it is in use from now on."""
    _decide(pk, State.COUNTS)


def drop(*, pk: int) -> None:
    """Nobody approved it: what was in use stays."""
    _decide(pk, State.DROPPED)


def _decide(pk: int, state: str) -> None:
    wording = Wording.objects.select_for_update(of=("self",)).get(pk=pk)
    wording.state = state
    wording.save(update_fields=["state"])

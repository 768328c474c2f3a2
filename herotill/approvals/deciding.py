"""Asking for a second person, and being one."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from herotill import secrets
from herotill.access import may
from herotill.approvals import counting, telling
from herotill.approvals.kinds import ApprovalKind, Asked, Row, Subject, kinds
from herotill.errors import DomainError
from herotill.models import ApprovalRequest
from herotill.users.models import User

State = ApprovalRequest.State
LASTS = timedelta(days=30)
CHANGED = "What it is about has changed since it was asked. Ask again."
EXPIRED = f"Nobody decided within {LASTS.days} days."


def ask(
    *, kind: str, subject_id: int | None, payload: Mapping[str, Any], reason: str, actor: User, now: datetime
) -> ApprovalRequest:
    """Have a deed wait for a second person; every administrator is told.

    Raises DomainError without a reason, and where one of this kind already waits for the subject.
    """
    known = kinds[kind]
    if not reason.strip():
        raise DomainError("Say why, for whoever decides.", field="reason")
    subject = known.subject(subject_id, payload)
    if subject is None:
        raise DomainError("This is not there any more.")
    request = ApprovalRequest(
        kind=kind,
        subject_id=subject_id,
        about=subject.about[:200],
        payload=_closed(known, payload),
        shown=[list(row) for row in known.describe(subject_id, payload)],
        basis=digest(subject),
        reason=reason.strip()[:500],
        asked_by=actor,
        asked_at=now,
    )
    _keep(request)
    counting.forget()
    telling.asked(request=request, title=known.title)
    return request


def _keep(request: ApprovalRequest) -> None:
    try:
        with transaction.atomic():
            request.save(force_insert=True)
    except IntegrityError as trouble:
        if "one_approval_waits" not in str(trouble):
            raise
        raise DomainError(f"Something already waits for a second person at {request.about}.") from None


def decide(
    *, request: ApprovalRequest, approve: bool, answer: str = "", actor: User, now: datetime
) -> ApprovalRequest:
    """Be the second person: what was asked is done, or refused with a reason.

    Raises DomainError for the one who asked, without the kind's right, for what was decided already, and
    where the subject changed since: that request then lapses.
    """
    with transaction.atomic():
        locked = _open(request)
        known = kinds[locked.kind]
        if why := refusal(request=locked, user=actor):
            raise DomainError(why)
        if not approve and not answer.strip():
            raise DomainError("Say why not, for whoever asked.", field="answer")
        lapses = approve and is_stale(known, locked)
        state = State.LAPSED if lapses else State.APPROVED if approve else State.REFUSED
        _close(locked, state, CHANGED if lapses else answer, now, None if lapses else actor)
        if state == State.APPROVED:
            known.carry_out(opened(known, locked), actor, now)
        else:
            known.dropped(opened(known, locked), now)
    if lapses:
        raise DomainError(CHANGED)
    return locked


def withdraw(*, request: ApprovalRequest, actor: User, now: datetime) -> None:
    """Take one's own request back."""
    with transaction.atomic():
        locked = _open(request)
        if locked.asked_by_id != actor.pk:
            raise DomainError("Only the person who asked can take it back.")
        _drop(locked, State.WITHDRAWN, "", now)


def lapse(*, kind: str, subject_id: int, why: str, now: datetime) -> int:
    """End what waits for a subject because something else was done with it; returns how many (0 or 1)."""
    with transaction.atomic():
        waiting = _waiting().filter(kind=kind, subject_id=subject_id)
        found = list(waiting.select_for_update(of=("self",)))
        for request in found:
            _drop(request, State.LAPSED, why, now)
    return len(found)


def lapse_old(*, now: datetime) -> int:
    """End what nobody decided in time; returns how many."""
    ids = list(_waiting().filter(asked_at__lt=now - LASTS).values_list("pk", flat=True))
    ended = 0
    for pk in ids:
        with transaction.atomic():
            request = _waiting().select_for_update(of=("self",)).filter(pk=pk).first()
            if request:
                _drop(request, State.LAPSED, EXPIRED, now)
                ended += 1
    return ended


def refusal(*, request: ApprovalRequest, user: User) -> str:
    """Why this person cannot decide it, or nothing."""
    if request.asked_by_id == user.pk:
        return "You asked for this yourself; a second person decides."
    if not may(user, kinds[request.kind].permission):
        return "You may not decide this."
    return ""


def digest(subject: Subject) -> str:
    """What must not have changed, in short."""
    return hashlib.sha256(json.dumps(subject.values, sort_keys=True, default=str).encode()).hexdigest()


def is_stale(kind: ApprovalKind, request: ApprovalRequest) -> bool:
    """Whether the subject is gone or no longer what it was when this was asked."""
    subject = kind.subject(request.subject_id, opened(kind, request).payload)
    return subject is None or digest(subject) != request.basis


def opened(kind: ApprovalKind, request: ApprovalRequest) -> Asked:
    """The request with its secrets in plain text, for carrying it out."""
    payload = {
        name: secrets.decrypt(value) if value and name in kind.secret else value
        for name, value in request.payload.items()
    }
    return Asked(request, request.subject_id, payload)


def _closed(kind: ApprovalKind, payload: Mapping[str, Any]) -> dict[str, Any]:
    return {
        name: secrets.encrypt(str(value)) if value and name in kind.secret else value
        for name, value in payload.items()
    }


def rows(request: ApprovalRequest) -> list[Row]:
    """What would change, or did, as it was shown."""
    return [Row(*row) for row in request.shown]


def _waiting() -> Any:
    return ApprovalRequest.objects.filter(state=State.OPEN).order_by("pk")


def _open(request: ApprovalRequest) -> ApprovalRequest:
    locked: ApprovalRequest | None = (
        _waiting().select_for_update(of=("self",)).filter(pk=request.pk).select_related("asked_by").first()
    )
    if locked is None:
        raise DomainError("This was decided already.")
    return locked


def _drop(request: ApprovalRequest, state: State, answer: str, now: datetime) -> None:
    kind = kinds[request.kind]
    _close(request, state, answer, now)
    kind.dropped(opened(kind, request), now)


def _close(
    request: ApprovalRequest, state: State, answer: str, now: datetime, by: User | None = None
) -> None:
    request.state, request.answer, request.decided_by, request.decided_at = (
        state,
        answer.strip()[:500],
        by,
        now,
    )
    request.save(update_fields=["state", "answer", "decided_by", "decided_at"])
    counting.forget()
    telling.decided(request=request, title=kinds[request.kind].title)

"""Rows of a statement we fetched that confirm, or take back, payments of a gateway that signs nothing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from billing.models import CardAttempt, CollectionResult
from billing.selectors import periods
from billing.services.cards import booking, settling
from herotill.errors import DomainError
from herotill.jobs import count

Kind, State = CollectionResult.Kind, CardAttempt.State
HASHED = 60  # letters of the hash of the word we sent along, as the rows keep it


def settle(now: datetime) -> str:
    """The job: book and reverse what rows of the statement say of card payments; the rest is left to a person."""
    newest = _rows().order_by("-pk").values_list("pk", flat=True)[:1000]
    done = sum(_settle(pk, now) for pk in sorted(newest))
    count(settled=done)
    return f"{done} card payments settled by the statement."


def _rows() -> QuerySet[CollectionResult]:
    """Rows that no line of a batch is behind, and that carry what we sent along with a card payment."""
    told = CollectionResult.objects.filter(
        booked_at=None, line=None, kind__in=[Kind.RECEIPT, Kind.UNPAID, Kind.DISPUTED]
    )
    return told.exclude(reference="").exclude(trouble="")


@transaction.atomic
def _settle(pk: int, now: datetime) -> bool:
    row = CollectionResult.objects.select_for_update(of=("self",)).get(pk=pk)
    attempt = CardAttempt.objects.filter(proof_hash__startswith=row.reference).first()
    if len(row.reference) < HASHED or attempt is None or row.booked_at:
        return False
    if not (_booked(attempt, row, now) if row.kind == Kind.RECEIPT else _reversed(attempt, row, now)):
        return False
    row.booked_at, row.trouble = now, ""
    row.save(update_fields=["booked_at", "trouble"])
    return True


def _booked(attempt: CardAttempt, row: CollectionResult, now: datetime) -> bool:
    """Book it, in the period that is open; what cannot be booked is left to a person, with the reason."""
    day = max(row.day, periods.open_from())
    try:
        made = settling.by_statement(
            reference=attempt.reference, amount=row.amount, day=day, told_id=row.told_id, actor=None, now=now
        )
    except DomainError as no:
        CollectionResult.objects.filter(pk=row.pk).update(trouble=str(no)[:200])
        return False
    return made is not None


def _reversed(attempt: CardAttempt, row: CollectionResult, now: datetime) -> bool:
    """A payment that came back. One that is not booked yet waits for its own row first."""
    if attempt.state not in (State.PAID, State.REVIEW) or not attempt.receipt_id:
        return False
    try:
        booking.reverse(
            attempt=attempt,
            why=row.text or "Came back, says the statement",
            actor=None,
            now=now,
            code=row.code,
        )
    except DomainError:
        return False
    return True

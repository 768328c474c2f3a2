"""Credit notes: whole or part of an issued invoice or debit note, at the rates stored there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from billing.models import Document, DocumentKind, Line
from billing.policies import crediting as policy
from billing.selectors import crediting as reading
from billing.services import documents
from herotill.errors import DomainError
from herotill.users.models import User


@transaction.atomic
def make(
    *,
    document: Document,
    amounts: Mapping[int, Decimal],
    reason: str,
    day: date,
    actor: User | None,
    now: datetime,
) -> tuple[Document, documents.Outcome]:
    """Credit so much, VAT included, of each of these lines (by their ids), and issue the note.

    It goes to its document first and the rest is credit. Over the person's limit it stays a draft that waits
    for a second person. Raises DomainError without a reason, for nothing, and beyond a line.
    """
    said = documents.answering(document, reason)
    lines = _lines(_creditable(document), amounts)
    made = documents.make(
        kind=DocumentKind.CREDIT_NOTE,
        customer=document.customer,
        day=max(day, document.document_date),
        lines=lines,
        against=document,
        reason=said,
        actor=actor,
    )
    return made, documents.issue(documents=[made.pk], actor=actor, now=now)


def _creditable(document: Document) -> Document:
    if document.is_draft or document.kind not in reading.CREDITABLE:
        raise DomainError("Only an issued invoice or debit note can be credited.")
    return document


def _lines(document: Document, amounts: Mapping[int, Decimal]) -> list[Line]:
    left = {line.pk: (line, credited) for line, credited in reading.lines_left(document)}
    found = []
    for pk, incl in amounts.items():
        if pk not in left:
            raise DomainError("One of these lines stands on another document.")
        line, credited = left[pk]
        if incl:
            found.append(documents.copied(line, policy.credit(credited, incl), credits=line))
    if not found:
        raise DomainError("Say how much is to be credited.")
    return found


def whole(document: Document) -> dict[int, Decimal]:
    """All that can still be credited of a document, for `make`."""
    return {line.pk: credited.left.incl for line, credited in reading.lines_left(document)}

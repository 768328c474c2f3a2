"""Debit notes: what an issued invoice charged too little, at the rates stored there."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from django.db import transaction

from billing.models import Document, DocumentKind, Line
from billing.services import documents
from herotill import vat
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
    """Charge so much more, VAT included, for each of these lines of an issued invoice, and issue the note."""
    said = documents.answering(document, reason)
    if document.is_draft or document.kind != DocumentKind.INVOICE:
        raise DomainError("Only an issued invoice can be raised by a debit note.")
    dated = max(day, document.document_date)
    made = documents.make(
        kind=DocumentKind.DEBIT_NOTE,
        customer=document.customer,
        day=dated,
        due=documents.due_date(customer=document.customer, day=dated),
        lines=_lines(document, amounts),
        against=document,
        reason=said,
        actor=actor,
    )
    return made, documents.issue(documents=[made.pk], actor=actor, now=now)


def _lines(document: Document, amounts: Mapping[int, Decimal]) -> list[Line]:
    lines = {line.pk: line for line in document.lines.all()}
    if not set(amounts) <= set(lines):
        raise DomainError("One of these lines stands on another document.")
    if any(amount < 0 for amount in amounts.values()):
        raise DomainError("A debit note only charges more. To charge less, make a credit note.")
    found = [
        documents.copied(lines[pk], vat.split(amount, lines[pk].vat_rate, True))
        for pk, amount in amounts.items()
        if amount
    ]
    if not found:
        raise DomainError("Say how much more is to be charged.")
    return found

"""Disputes: what a customer says is wrong with a document, and our answer. Until then it is not overdue."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction

from billing.models import Dispute, Document, OpenItem
from billing.services import locks, work_list
from herotill.errors import DomainError
from herotill.messages.services import outbox
from herotill.users.models import User


@transaction.atomic
def add(*, document: Document, reason: str, now: datetime, actor: User | None) -> Dispute:
    """Note that a customer disputes a document. Raises DomainError where nothing of it is owed, or one is open."""
    locks.hold([document.customer_id])
    if not OpenItem.objects.filter(document=document, open__gt=0).exists():
        raise DomainError("Nothing of this document is owed, so nothing of it can be disputed.")
    try:
        with transaction.atomic():
            made = Dispute.objects.create(
                document=document, reason=reason.strip(), opened_by=actor, opened_at=now
            )
    except IntegrityError as trouble:
        if "one_open_dispute" not in str(trouble):
            raise
        raise DomainError("This document is disputed already; that dispute waits for an answer.") from None
    work_list.renew(now=now, customers=[document.customer_id])
    return made


@transaction.atomic
def answer(*, dispute: Dispute, text: str, tell: bool, now: datetime, actor: User | None) -> None:
    """Answer a dispute; the document counts as overdue again from its due date. `tell` mails the answer.

    Raises DomainError where it is answered already.
    """
    document = Document.objects.select_related("customer").get(pk=dispute.document_id)
    locks.hold([document.customer_id])
    held = Dispute.objects.select_for_update().get(pk=dispute.pk)
    if held.answered_at:
        raise DomainError("This dispute is answered already.")
    held.answered_at, held.answer, held.answered_by = now, text.strip(), actor
    held.save(update_fields=["answered_at", "answer", "answered_by"])
    if tell:
        _tell(held, document, now, actor)
    work_list.renew(now=now, customers=[document.customer_id])


def _tell(dispute: Dispute, document: Document, now: datetime, actor: User | None) -> None:
    outbox.queue(
        template="dispute_answered",
        customer_id=document.customer_id,
        context={
            "name": document.customer.name,
            "code": document.customer.code,
            "document": str(document),
            "reason": dispute.reason,
            "answer": dispute.answer,
        },
        subject_kind="dispute",
        subject_id=dispute.pk,
        key=f"dispute/{dispute.pk}",
        actor_id=actor.pk if actor else None,
        now=now,
    )

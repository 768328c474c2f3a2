"""Mails about documents, queued in the transaction that issues them."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from billing.models import Document, DocumentKind
from herotill.bulk import array_of_ids
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.messages.services import again, outbox
from herotill.users.models import User

SUBJECT = "document"
# A write-off is our own affair; a reseller's clients hear from their reseller alone.
SAID_OF = (DocumentKind.INVOICE, DocumentKind.CREDIT_NOTE, DocumentKind.DEBIT_NOTE, DocumentKind.ADJUSTMENT)
_ISSUED = """
SELECT d.customer_id, d.id AS subject_id, jsonb_build_object('name', c.name, 'code', c.code, 'document', d.name,
        'date', d.document_date::text, 'due', d.due_date::text, 'amount', to_char(d.incl, 'FM999,999,999,990.00'))
        AS context, 'document-' || d.id AS key
FROM billing_document d JOIN customers_customer c ON c.id = d.customer_id
LEFT JOIN LATERAL (
    SELECT m.mode FROM billing_subaccountmode m
    WHERE m.customer_id = d.customer_id AND m.starts_on <= d.document_date ORDER BY m.starts_on DESC LIMIT 1
) now_billed ON true
WHERE d.id = ANY (%(documents)s) AND d.kind = %(of_kind)s AND d.status = 'issued' AND NOT d.before
  AND now_billed.mode IS DISTINCT FROM 'reseller'
"""


def template_of(kind: str) -> str:
    """What the template for documents of a kind is called."""
    return kind.replace("_", "-")


def queue(*, documents: Collection[int], kinds: Collection[str], actor: User | None, now: datetime) -> int:
    """Queue the mail of each of these issued documents, which has their print; how many.

    Each document is mailed once in this way, ever. History from before is never, nor are reseller's clients.
    """
    return sum(
        outbox.queue_select(
            _ISSUED,
            {"documents": array_of_ids(documents), "of_kind": str(kind)},
            template=template_of(kind),
            now=now,
            subject_kind=SUBJECT,
            actor_id=actor.pk if actor else None,
        )
        for kind in SAID_OF
        if kind in kinds
    )


def once_more(*, document: Document, now: datetime, actor: User) -> None:
    """Mail a document again as it was mailed last; the first time, if it never was.

    Raises DomainError for one that is not mailed: a draft, history from before, a write-off, a reseller's client's.
    """
    last = Message.objects.filter(subject_kind=SUBJECT, subject_id=document.pk).order_by("-queued_at").first()
    if last is not None:
        again.send_again(message=last, now=now, actor_id=actor.pk)
    elif not queue(documents=[document.pk], kinds=[document.kind], actor=actor, now=now):
        raise DomainError("This document is not one that is mailed.")

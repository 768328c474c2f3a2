"""What is read of disputes."""

from __future__ import annotations

from django.db.models import QuerySet

from billing.models import Dispute


def open_of(document_id: int) -> Dispute | None:
    """The open dispute of a document."""
    found = Dispute.objects.filter(document=document_id, answered_at=None)
    return found.select_related("opened_by").first()


def of(document_id: int) -> list[Dispute]:
    """All disputes of a document, the newest first."""
    found = Dispute.objects.filter(document=document_id).select_related("opened_by", "answered_by")
    return list(found.order_by("-pk"))


def everything() -> QuerySet[Dispute]:
    return Dispute.objects.order_by()


def waiting() -> int:
    """How many wait for an answer."""
    return Dispute.objects.filter(answered_at=None).count()

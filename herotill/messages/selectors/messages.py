"""What is read of messages."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Count, Q

from herotill.messages.models import Message

LATELY = timedelta(days=7)


def in_trouble(*, since: datetime) -> dict[str, int]:
    """How many messages of late failed, and of how many nobody knows whether they went out."""
    of_late = Message.objects.filter(state__in=["failed", "unknown"], queued_at__gte=since)
    return of_late.aggregate(
        failed=Count("pk", filter=Q(state="failed")), unknown=Count("pk", filter=Q(state="unknown"))
    )


def of_customer(*, customer_id: int, search: str = "", limit: int | None = None) -> list[Message]:
    """What was said to a customer, newest first, without what will be said later."""
    found = Message.objects.filter(customer_id=customer_id)
    if search:
        found = found.filter(
            Q(subject__icontains=search) | Q(body__icontains=search) | Q(address__icontains=search)
        )
    newest = found.order_by("-queued_at", "-id").defer("body", "context")
    return list(newest[:limit] if limit else newest)


def waiting(channel: str) -> int:
    """How many messages wait to go out by this channel."""
    return Message.objects.filter(channel=channel, state=Message.State.WAITING).count()

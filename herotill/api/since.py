"""What was changed since a moment, as the audit trail knows it, whoever and whatever changed it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Annotated, Any

from django.db.models import BigIntegerField, QuerySet
from django.db.models.functions import Cast
from pydantic import AwareDatetime, Field

from herotill.api.refusing import Refused
from herotill.clock import stamp
from herotill.models import AuditEvent

LONGEST = timedelta(days=92)
Since = Annotated[
    AwareDatetime | None,
    Field(description=f"Only what is new or was changed since then, within {LONGEST.days} days."),
]


def customers_changed(rows: QuerySet[Any], since: datetime | None, *models: str) -> QuerySet[Any]:
    """Of these customers those whose own row, or a row of theirs of these models, was added or changed since."""
    return rows if since is None else rows.filter(pk__in=_events(since, models).values("customer_id"))


def rows_changed(rows: QuerySet[Any], since: datetime | None, model: str) -> QuerySet[Any]:
    """Of these rows of an audited model those that were added or changed since."""
    if since is None:
        return rows
    return rows.filter(
        pk__in=_events(since, [model]).values_list(Cast("object_id", BigIntegerField()), flat=True)
    )


def in_reach(since: datetime) -> datetime:
    """The moment in UTC. Raises Refused for one so long ago that a program had better read everything.

    Python knows more offsets and later years than the database: what is far off is as good as soon.
    """
    now = stamp()
    if since < now - LONGEST:
        raise Refused(422, "too_long_ago", f"Ask for the last {LONGEST.days} days, or for everything.")
    return min(since, now + LONGEST).astimezone(UTC)


def _events(since: datetime, models: Sequence[str]) -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(model__in=models, at__gte=in_reach(since))

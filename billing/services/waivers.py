"""Months of things that a person decided not to bill, whatever app they are of."""

from __future__ import annotations

from django.db import IntegrityError, transaction

from billing.models import Line, Waiver
from herotill.errors import DomainError
from herotill.months import Month
from herotill.users.models import User


@transaction.atomic
def leave_out(
    *, customer_id: int, source: str, item_id: int, month: Month, reason: str, actor: User | None
) -> Waiver:
    """Leave a month of a thing unbilled for ever. Raises DomainError where it is billed or left out already."""
    lines = Line.objects.filter(source=source, item_id=item_id, period=month.first)
    billed = lines.filter(document__isnull=False).select_related("document").order_by("-pk").first()
    if billed:
        raise DomainError(f"{month.label} is billed ({billed.document}); a credit note takes it back.")
    lines.filter(document=None).delete()
    try:
        with transaction.atomic():
            return Waiver.objects.create(
                customer_id=customer_id,
                source=source,
                item_id=item_id,
                period=month.first,
                reason=reason,
                set_by=actor,
            )
    except IntegrityError:
        raise DomainError(f"{month.label} is left out already.", field="month") from None

"""What former customers asked for in the portal, blanked: copies go with their files, words go, that it was stays."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from customers.models import DetailsCheck, ForgetWish
from customers.services import data_copies


def blank(customers: Collection[int], now: datetime) -> None:
    """In the caller's transaction; what still waits is over."""
    data_copies.end_of(customers=customers, now=now)
    checks = DetailsCheck.objects.filter(customer__in=customers)
    checks.filter(state=DetailsCheck.State.WAITING).update(state=DetailsCheck.State.REPLACED, answered_at=now)
    checks.update(words="")
    wishes = ForgetWish.objects.filter(customer__in=customers)
    wishes.filter(state=ForgetWish.State.WAITING).update(
        state=ForgetWish.State.ANSWERED, answered_at=now, answer="•••"
    )
    wishes.exclude(answer="").update(answer="•••")
    wishes.update(words="")

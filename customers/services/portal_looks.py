"""Staff look at the portal as a customer: recorded with a reason, for a quarter of an hour, changing nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from customers.models import Customer, PortalLook
from herotill import links
from herotill.errors import DomainError
from herotill.users.models import User

LASTS = timedelta(minutes=15)
SHORTEST_REASON = 5


@transaction.atomic
def begin(*, customer: Customer, staff: User, reason: str, session_key: str, now: datetime) -> str:
    """Begin a look and return its token, which only the browser keeps; other looks of the person end."""
    if len(reason.strip()) < SHORTEST_REASON:
        raise DomainError("Say why you look, in a few words.", field="reason")
    if customer.anonymised_on:
        raise DomainError("This customer was anonymised; there is nothing to look at.")
    token = links.new()
    PortalLook.objects.filter(staff=staff, ended_at=None, ends_at__gt=now).update(ended_at=now)
    PortalLook.objects.create(
        customer=customer,
        staff=staff,
        reason=reason.strip(),
        token_hash=links.hashed(token),
        session_id=session_key,
        began_at=now,
        ends_at=now + LASTS,
    )
    return token


def end(*, token: str, now: datetime) -> None:
    """The person has seen enough; a look that is over stays so."""
    PortalLook.objects.filter(token_hash=links.hashed(token), ended_at=None).update(ended_at=now)

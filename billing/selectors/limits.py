"""How much people may credit alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from decimal import Decimal

from django.db.models import QuerySet

from billing.models import Document, Limit
from billing.policies import limits
from billing.selectors.documents import OVER_LIMIT
from herotill.models import ApprovalRequest
from herotill.money import ZERO
from herotill.users.models import Role, User

A_DAY = timedelta(days=1)


def limit_of(user: User) -> Decimal:
    """What this person may credit or write off for one customer within a day; nothing without a role that says so."""
    of_roles = Limit.objects.filter(role__in=user.groups.all()).values_list("amount", flat=True)
    return limits.limit(of_roles)


def credited_alone(user: User, customers: Collection[int], *, now: datetime) -> dict[int, Decimal]:
    """What this person credited each of these customers in the day before `now` without a second person."""
    agreed = ApprovalRequest.objects.filter(kind=OVER_LIMIT, state=ApprovalRequest.State.APPROVED)
    issued = Document.objects.filter(
        customer__in=customers,
        issued_by=user,
        issued_at__gt=now - A_DAY,
        kind__in=[*limits.LIMITED, "adjustment"],
    ).exclude(pk__in=agreed.values("subject_id"))
    found = dict.fromkeys(customers, ZERO)
    for customer, kind, incl in issued.values_list("customer_id", "kind", "incl"):
        found[customer] += limits.credited(kind=kind, amount=incl)
    return found


def by_role() -> Sequence[tuple[Role, Decimal]]:
    """Every role with its limit."""
    amounts = dict(Limit.objects.values_list("role_id", "amount"))
    roles: QuerySet[Role] = Role.objects.order_by("label")
    return [(role, amounts.get(role.pk, Decimal(0))) for role in roles]

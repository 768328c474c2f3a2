"""How much people may credit alone."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from django.db.models import QuerySet

from billing.models import Limit
from billing.policies import limits
from herotill.users.models import Role, User


def limit_of(user: User) -> Decimal:
    """What this person may credit or write off in one document alone; nothing without a role that says so."""
    of_roles = Limit.objects.filter(role__in=user.groups.all()).values_list("amount", flat=True)
    return limits.limit(of_roles)


def by_role() -> Sequence[tuple[Role, Decimal]]:
    """Every role with its limit."""
    amounts = dict(Limit.objects.values_list("role_id", "amount"))
    roles: QuerySet[Role] = Role.objects.order_by("label")
    return [(role, amounts.get(role.pk, Decimal(0))) for role in roles]

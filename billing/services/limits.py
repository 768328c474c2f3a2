"""How much each role may credit alone."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from django.db import transaction

from billing.models import Limit
from herotill.errors import DomainError
from herotill.users.models import Role

# What the roles of the product begin with; any other begins with nothing.
FROM_THE_START = {
    "administrator": Decimal("10000.00"),
    "manager": Decimal("10000.00"),
    "accounts": Decimal("1000.00"),
}


@transaction.atomic
def apply() -> None:
    """Give each role its limit once; what a person changes later stays."""
    for role in Role.objects.all():
        Limit.objects.get_or_create(
            role=role, defaults={"amount": FROM_THE_START.get(role.name, Decimal("0.00"))}
        )


@transaction.atomic
def save(*, amounts: Mapping[int, Decimal]) -> int:
    """Set limits of roles by their ids; how many changed. Raises DomainError for less than nothing."""
    if any(amount < 0 for amount in amounts.values()):
        raise DomainError("A limit is not less than nothing.")
    known = {limit.role_id: limit for limit in Limit.objects.select_for_update().order_by("pk")}
    changed = 0
    for role, amount in amounts.items():
        limit = known.get(role)
        if limit is None:
            Limit.objects.create(role_id=role, amount=amount)
        elif limit.amount != amount:
            limit.amount = amount
            limit.save(update_fields=["amount"])
        else:
            continue
        changed += 1
    return changed

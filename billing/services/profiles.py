"""How a customer is billed: highsite, billing group, days until due, way of paying, price list."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from billing.models import BillingProfile
from billing.selectors import seen as seeing
from customers.models import Customer
from customers.services import customers
from herotill.users.models import User

OF_CUSTOMER = ("highsite", "billing_group", "payment_method")
OF_PROFILE = ("price_list", "due_days", "paused")


@transaction.atomic
def change(
    *, customer: Customer, changes: Mapping[str, Any], actor: User, seen: tuple[int, str] | None = None
) -> None:
    """Change what is named, and nothing else.

    `seen` is the customer's version and the mark of the profile that the person looked at; raises
    DomainError if either has changed since.
    """
    version, mark = seen or (None, None)
    own = {name: changes[name] for name in OF_CUSTOMER if name in changes}
    customers.update(customer=customer, changes=own, actor=actor, seen=version)
    profile = BillingProfile.objects.select_for_update().filter(customer=customer).first()
    if mark is not None:
        seeing.insist(profile, mark)
    values = {name: changes[name] for name in OF_PROFILE if name in changes}
    if values:
        _set(profile or BillingProfile(customer=customer), values)


def _set(profile: BillingProfile, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(profile, name, value)
    profile.save()


def use_the_groups(*, customer: Customer, actor: User) -> None:
    """Let the billing group say again when this customer's invoices are due."""
    change(customer=customer, changes={"due_days": None}, actor=actor)

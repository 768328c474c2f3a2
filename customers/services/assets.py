"""The register of equipment at customers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from customers.models import Asset, Customer
from herotill.errors import DomainError
from herotill.users.models import User


def add(*, customer: Customer, values: Mapping[str, Any], actor: User) -> Asset:
    """Register equipment; `values` are fields of Asset by name."""
    return Asset.objects.create(customer=customer, **values)


def change(*, asset: Asset, values: Mapping[str, Any], actor: User) -> None:
    """Change the named fields."""
    if values:
        Asset.objects.filter(pk=asset.pk).update(**values)


def give_back(*, asset: Asset, day: date, actor: User) -> None:
    """Record that the equipment came back on `day` (a local date)."""
    if asset.installed_on and day < asset.installed_on:
        raise DomainError("It cannot come back before it was installed.", field="returned_on")
    if not Asset.objects.filter(pk=asset.pk, returned_on__isnull=True).update(returned_on=day):
        raise DomainError("It is recorded as returned already.")


def remove(*, asset: Asset, actor: User) -> None:
    """Delete a row that was a mistake; the audit trail keeps it."""
    asset.delete()

"""Packages: what they promise. A change counts at once for everybody who has one."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from dataaccounts.models import Package
from dataaccounts.selectors import packages as reading
from dataaccounts.services import allowances, session_orders
from herotill.errors import DomainError
from herotill.users.models import User

AT_ONCE = 10_000


@transaction.atomic
def add(*, values: Mapping[str, Any], actor: User | None) -> Package:
    """Offer a package."""
    package = Package(**values)
    _check(package)
    return _saved(package)


@transaction.atomic
def change(*, package: Package, values: Mapping[str, Any], actor: User | None, now: datetime) -> int:
    """Change what a package promises; how many sessions that are up are owed it.

    Its accounts, and those it is the service once capped of, have it from now on.
    """
    held = Package.objects.select_for_update().get(pk=package.pk)
    before = reading.promised(held)
    for name, value in values.items():
        setattr(held, name, value)
    _check(held)
    _saved(held)
    return 0 if reading.promised(held) == before else _owe(held, actor, now)


def _check(package: Package) -> None:
    if package.once_capped_id and package.once_capped_id == package.pk:
        raise DomainError("A package cannot be its own service once capped.", field="once_capped")
    if package.allowance and package.when_capped == "reduce" and not package.once_capped_id:
        raise DomainError("Say with which service it goes on once capped.", field="once_capped")
    if not package.staff and package.product_id is None:
        raise DomainError("Choose what is billed; only a package for staff has no product.", field="product")


def _saved(package: Package) -> Package:
    try:
        with transaction.atomic():
            package.save()
    except IntegrityError as no:
        if "package_name_once" not in str(no):
            raise
        raise DomainError("There is a package of that name.", field="name") from None
    return package


def _owe(package: Package, actor: User | None, now: datetime) -> int:
    """Owe the sessions of everybody who has it, some thousands at a time."""
    having = reading.having(package)
    after, owed = 0, 0
    while ids := list(having.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:AT_ONCE]):
        owed += session_orders.owe(account_ids=ids, why=f"{package} changed"[:200], actor=actor, now=now)
        allowances.judge(accounts=ids, now=now)
        after = ids[-1]
    return owed


@transaction.atomic
def retire(*, package: Package, retired: bool, actor: User | None) -> None:
    """Sell a package no longer, or again; who has it keeps it."""
    Package.objects.filter(pk=package.pk).update(retired=retired)


@transaction.atomic
def delete(*, package: Package, actor: User | None) -> None:
    """Delete a package that nothing uses. Raises DomainError for any other."""
    if uses := reading.uses(package):
        raise DomainError(f"{uses}, so it can be retired, not deleted.")
    package.delete()

"""Addresses of a customer."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction

from customers.models import Address, Customer
from customers.services import facts
from herotill.errors import DomainError
from herotill.users.models import User


def _check_kind(customer: Customer, kind: str, besides: int | None = None) -> None:
    if kind == Address.Kind.OTHER:
        return
    others = Address.objects.filter(customer=customer, kind=kind)
    if (others.exclude(pk=besides) if besides else others).exists():
        name = Address.Kind(kind).label.lower()
        raise DomainError(f"There is a {name} address already; change that one.", field="kind")


@transaction.atomic
def add(*, customer: Customer, values: Mapping[str, Any], actor: User) -> Address:
    """Add an address; `values` are fields of Address by name."""
    Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    _check_kind(customer, values["kind"])
    made = Address.objects.create(customer=customer, **values)
    _tell(customer.pk)
    return made


@transaction.atomic
def change(*, address: Address, values: Mapping[str, Any], actor: User) -> Address:
    """Change the named fields of an address."""
    Customer.objects.select_for_update(of=("self",)).get(pk=address.customer_id)
    if "kind" in values:
        _check_kind(address.customer, values["kind"], besides=address.pk)
    if values:
        Address.objects.filter(pk=address.pk).update(**values)
        _tell(address.customer_id)
    return Address.objects.get(pk=address.pk)


@transaction.atomic
def remove(*, address: Address, actor: User) -> None:
    """Take an address away. Equipment that stood there stays on the register without a place."""
    address.delete()
    _tell(address.customer_id)


def _tell(customer: int) -> None:
    facts.changed({customer: ["addresses"]})

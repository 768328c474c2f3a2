"""A sub-account lets its master see what is private, and takes that back."""

from __future__ import annotations

from django.db import transaction

from customers.models import Customer, SharedWithMaster
from herotill.errors import DomainError
from herotill.users.models import User


@transaction.atomic
def agree(*, customer: Customer, actor: User) -> None:
    """Let the present master see ID number, bank details and tickets; another master later asks anew."""
    locked = Customer.objects.select_for_update(of=("self",)).get(pk=customer.pk)
    if locked.master_id is None:
        raise DomainError("This account stands for itself.")
    values = {"master_id": locked.master_id, "agreed_by": actor}
    SharedWithMaster.objects.update_or_create(customer=locked, defaults=values)


def stop(*, customer: Customer) -> None:
    """Let the master see it no longer."""
    SharedWithMaster.objects.filter(customer=customer).delete()

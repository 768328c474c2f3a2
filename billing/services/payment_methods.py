"""How a customer pays."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from customers.models import Customer
from customers.services import customers
from herotill.errors import DomainError
from herotill.users.models import User


@transaction.atomic
def set(*, customer: Customer, method: str, actor: User, now: datetime) -> None:
    """Say how the customer pays: debit order, EFT, credit card or cash. Raises DomainError for another word.

    Debit-order details and mandate stay as they are, so that going back needs no new ones.
    """
    if method not in Customer.PaymentMethod.values:
        raise DomainError("Choose how the customer pays.", field="method")
    current = Customer.objects.get(pk=customer.pk)
    if current.payment_method != method:
        customers.update(customer=current, changes={"payment_method": method}, actor=actor)

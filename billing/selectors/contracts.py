"""What is read of rental contracts and of the deposits held for them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from django.db.models import Case, F, Q, QuerySet, Sum, When

from billing.models import DepositEntry, RentalContract
from customers.models import Customer
from herotill.money import ZERO
from herotill.reading import reading

SIGNED = Case(When(kind=DepositEntry.Kind.RECEIVED, then=F("amount")), default=-F("amount"))


def of(*, customer: Customer) -> list[RentalContract]:
    """A customer's contracts, the newest first, with item, asset and penalty."""
    found = RentalContract.objects.filter(customer=customer)
    return list(found.select_related("item__product", "asset", "penalty"))


def deposits(*, customer: Customer) -> list[DepositEntry]:
    """Every movement of a customer's deposits, the oldest first."""
    found = DepositEntry.objects.filter(customer=customer)
    return list(found.select_related("document", "account", "made_by", "contract"))


def held(*, customer: int, as_at: date) -> Decimal:
    """The deposits held of a customer as at a day; they are part of no balance."""
    found = DepositEntry.objects.using(reading()).filter(customer=customer, day__lte=as_at)
    return found.aggregate(sum=Sum(SIGNED))["sum"] or ZERO


def expiring(*, first: date, last: date) -> QuerySet[RentalContract]:
    """Consumers' contracts whose term ends between two days and was not announced; held for the caller."""
    return (
        RentalContract.objects.filter(
            consumer=True, ended_on=None, expiry_told_on=None, ends_on__range=(first, last)
        )
        .select_related("customer")
        .select_for_update(of=("self",), skip_locked=True)
        .order_by("pk")
    )


def rising(today: date) -> QuerySet[RentalContract]:
    """Contracts that run and rise by the year, with their items."""
    running = Q(ended_on=None) & (Q(ends_on=None) | Q(ends_on__gt=today))
    found = RentalContract.objects.filter(running, escalation__gt=0, item__isnull=False)
    return found.select_related("item__product")

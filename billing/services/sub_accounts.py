"""Whom a sub-account's bills go to. What was posted never moves."""

from __future__ import annotations

from datetime import date

from django.db import transaction
from django.db.models import Max, Q

from billing.models import Line, SubAccountMode
from customers.models import Customer
from herotill.errors import DomainError
from herotill.months import Month
from herotill.users.models import User

Mode = SubAccountMode.Mode


@transaction.atomic
def set_mode(
    *, customer: Customer, mode: str, month: date, today: date, actor: User | None
) -> SubAccountMode:
    """Bill a sub-account in another way from a month on.

    Raises DomainError for a month that has begun or is billed, and where the master does not fit the mode.
    A change to come of the same month is replaced.
    """
    starts = Month.of(month)
    Customer.objects.select_for_update(of=("self",), no_key=True).get(pk=customer.pk)
    _refuse_master(customer, mode)
    first_free = first_month(customer=customer, today=today)
    if starts.first < first_free:
        raise DomainError(
            f"It can change from {Month.of(first_free).label}: what is billed or has begun stays as it is.",
            field="month",
        )
    made, _ = SubAccountMode.objects.update_or_create(
        customer=customer, starts_on=starts.first, defaults={"mode": mode, "set_by": actor}
    )
    return made


def _refuse_master(customer: Customer, mode: str) -> None:
    master = customer.master
    if master is None:
        raise DomainError(f"{customer.name} is no sub-account.")
    if mode == Mode.RESELLER and not master.is_reseller:
        raise DomainError(f"{master.name} is no reseller.", field="mode")


def first_month(*, customer: Customer, today: date) -> date:
    """The first month, by its first day, from which the mode can change: the next that is not billed.

    Who was never billed and never had a mode may begin with this month.
    """
    lines = Line.objects.filter(Q(customer=customer) | Q(for_customer=customer), document__isnull=False)
    billed: date | None = lines.exclude(source="").aggregate(last=Max("period"))["last"]
    begun = SubAccountMode.objects.filter(customer=customer, starts_on__lte=today).exists()
    this = Month.of(today)
    if billed is None and not begun:
        return this.first
    return max(this.next.first, Month.of(billed).next.first if billed else this.first)


@transaction.atomic
def withdraw(*, mode: SubAccountMode, today: date, actor: User | None) -> None:
    """Take back a change that is to come. Raises DomainError once its month has begun."""
    if mode.starts_on <= today:
        raise DomainError("Its month has begun; set another from a later month.")
    mode.delete()

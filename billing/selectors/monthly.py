"""What a customer pays every month, in amounts with VAT; and what a master pays for its sub-accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import OuterRef, Subquery, Sum

from billing.models import Line, SubAccountMode
from billing.selectors import other_charges, recurring
from billing.selectors.other_charges import Charge
from billing.selectors.recurring import Row
from customers import owing
from customers.models import Customer
from herotill import vat
from herotill.money import ZERO
from herotill.months import Month
from herotill.reference.selectors.vat import rates

Mode = SubAccountMode.Mode


@dataclass(frozen=True, slots=True)
class Monthly:
    """One thing that is billed every month, or `once`. `amount` has VAT; None where nobody has said a price yet."""

    text: str
    amount: Decimal | None
    starts_on: date
    ends_on: date | None = None
    once: bool = False
    waits: bool = False
    held_until: date | None = None

    def counts_on(self, day: date) -> bool:
        """Whether it is part of what this month comes to."""
        running = self.starts_on <= day and (self.ends_on is None or self.ends_on >= day)
        return running and not (self.once or self.waits or self.held_until)


def of(*, customer: Customer, day: date) -> list[Monthly]:
    """What is billed for a customer every month, by the prices of a day."""
    rate = rates().on(day)
    holds = recurring.holds(customer=customer, since=day)
    items = [_item(row, rate) for row in recurring.rows(customer=customer, day=day, holds=holds)]
    charges = other_charges.of(customer=customer, day=day)
    others = [one for one in charges if one.billable.ends_on is None or one.billable.ends_on >= day]
    return items + [_charge(one, rate) for one in others]


def _item(row: Row, rate: Decimal) -> Monthly:
    item, product = row.item, row.item.product
    return Monthly(
        text=item.text or product.name,
        amount=_incl(row.after, rate, product.price_includes_vat, product.vat_class),
        starts_on=item.starts_on,
        ends_on=item.ends_on,
        once=item.once,
        waits=item.waiting,
        held_until=row.hold.last if row.hold else None,
    )


def _charge(one: Charge, rate: Decimal) -> Monthly:
    thing = one.billable
    amount = _incl(one.after, rate, thing.includes_vat, thing.vat_class)
    return Monthly(thing.text, amount, thing.starts_on, thing.ends_on, thing.once)


def _incl(amount: Decimal | None, rate: Decimal, includes: bool, vat_class: str) -> Decimal | None:
    if amount is None:
        return None
    return vat.split(amount, rate if vat_class == vat.STANDARD else ZERO, includes).incl


def total(found: Sequence[Monthly], day: date) -> Decimal:
    return sum((one.amount or ZERO for one in found if one.counts_on(day)), ZERO)


@dataclass(frozen=True, slots=True)
class Sub:
    """A sub-account as its master reads it: how it is billed, what it owes by itself, and what this month's
    invoices of the master have of it."""

    customer: Customer
    mode: str
    owed: Decimal
    late: Decimal
    billed: Decimal

    @property
    def pays_itself(self) -> bool:
        return self.mode == Mode.ITSELF


def subs_of(*, customer: Customer, day: date, limit: int = 100) -> list[Sub]:
    """The sub-accounts of a master: three questions, however many."""
    newest = SubAccountMode.objects.filter(customer=OuterRef("pk"), starts_on__lte=day)
    mode = Subquery(newest.order_by("-starts_on").values("mode")[:1])
    theirs = Customer.objects.filter(master=customer).exclude(status=Customer.Status.CANCELLED)
    found: list[Any] = list(theirs.annotate(mode=mode).order_by("name_key", "pk")[:limit])
    ids = [one.pk for one in found]
    owed: Mapping[int, owing.Owed] = owing.of(ids) if ids else {}
    billed = _billed(customer, ids, day) if ids else {}
    return [
        Sub(one, one.mode or Mode.ITSELF, *owed.get(one.pk, owing.Owed(ZERO)), billed.get(one.pk, ZERO))
        for one in found
    ]


def _billed(master: Customer, subs: Sequence[int], day: date) -> Mapping[int, Decimal]:
    lines = Line.objects.filter(customer=master, for_customer__in=subs, period=Month.of(day).first)
    issued = lines.filter(document__status="issued").order_by()
    sums = issued.values("for_customer").annotate(sum=Sum("incl"))
    return {sub: amount for sub, amount in sums.values_list("for_customer", "sum") if sub}

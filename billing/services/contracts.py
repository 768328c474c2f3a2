"""Rental contracts: made, changed, ended early, announced and raised by the year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django.db import transaction

from billing.models import ItemPrice, RecurringItem, RentalContract
from billing.policies import contracts as deciding
from billing.selectors import contracts as reading
from billing.selectors import recurring as items
from billing.selectors import seen as seeing
from billing.services import price_notices, recurring, single
from customers.models import Customer
from herotill import business_days
from herotill.errors import DomainError
from herotill.messages.services.outbox import New, queue_many
from herotill.money import ZERO, cents
from herotill.months import Month
from herotill.users.models import User

Ending = RentalContract.Ending
LONGEST = 24
HUNDRED = Decimal(100)
# A rise is made this long before its day, so that its notice can be sent in time.
AHEAD = timedelta(days=75)
AT_ONCE = 500


@transaction.atomic
def add(*, customer: Customer, values: Mapping[str, Any], actor: User | None) -> RentalContract:
    """Note a contract. Raises DomainError where its terms cannot be agreed."""
    contract = RentalContract(customer=customer, created_by=actor, **values)
    _settle_terms(contract)
    contract.save()
    _fix_price(contract)
    return contract


@transaction.atomic
def change(
    *, contract: RentalContract, values: Mapping[str, Any], actor: User | None, seen: str
) -> RentalContract:
    """Change a contract that has not ended; `seen` marks what the person looked at."""
    held = RentalContract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    seeing.insist(held, seen)
    if held.ended_on:
        raise DomainError(f"It ended on {held.ended_on}.")
    old_item = held.item
    for name, value in values.items():
        setattr(held, name, value)
    _settle_terms(held)
    held.save()
    if old_item and old_item != held.item:
        _set_fixed(old_item, None)
    _fix_price(held)
    return held


def _settle_terms(contract: RentalContract) -> None:
    if contract.months and contract.consumer and contract.months > LONGEST:
        raise DomainError(
            f"A consumer's term is at most {LONGEST} months (Consumer Protection Act, section 14).",
            field="months",
        )
    if contract.item and contract.item.customer_id != contract.customer_id:
        raise DomainError("That item is another customer's.", field="item")
    if contract.fixed_price and (contract.escalation or not contract.months):
        raise DomainError("A fixed price needs a term and has no yearly rise.", field="fixed_price")
    if contract.ending == Ending.REMAINING and not contract.months:
        raise DomainError("Without a term no months remain.", field="ending")
    contract.ends_on = deciding.last_day(contract.starts_on, contract.months) if contract.months else None


def _fix_price(contract: RentalContract) -> None:
    if contract.item:
        _set_fixed(contract.item, contract.ends_on if contract.fixed_price else None)


def _set_fixed(item: RecurringItem, until: date | None) -> None:
    if item.fixed_until != until:
        item.fixed_until = until
        item.save(update_fields=["fixed_until"])


@transaction.atomic
def delete(*, contract: RentalContract, actor: User | None) -> None:
    """Delete a contract that was noted by mistake. Raises DomainError once it held a deposit or has ended."""
    if contract.deposit_entries.exists():
        raise DomainError("A deposit was received for it; end it instead.")
    if contract.ended_on:
        raise DomainError("It has ended; it is kept.")
    if contract.item and contract.fixed_price:
        _set_fixed(contract.item, None)
    contract.delete()


def monthly(contract: RentalContract, day: date) -> Decimal:
    """What a month costs on a day by the contract's item, after its discount; nothing without an item."""
    if contract.item is None:
        return ZERO
    return items.after_discount(contract.item, items.price_on(contract.item, day), day) or ZERO


def penalty(*, contract: RentalContract, told_on: date, last: date) -> deciding.Penalty:
    """What ending on `last` would cost."""
    return deciding.penalty(contract, told_on=told_on, last=last, monthly=monthly(contract, told_on))


@transaction.atomic
def end(
    *, contract: RentalContract, told_on: date, last: date, reason: str, actor: User | None
) -> RentalContract:
    """End a contract on a last day: its item ends with it, and what the early end costs becomes a draft invoice.

    `told_on` is the day the customer gave notice.
    """
    held = RentalContract.objects.select_for_update(of=("self",)).get(pk=contract.pk)
    if held.ended_on:
        raise DomainError(f"It ended on {held.ended_on}.")
    if last < held.starts_on:
        raise DomainError(f"It begins on {held.starts_on}.", field="last")
    owed = penalty(contract=held, told_on=told_on, last=last)
    if owed.amount:
        held.penalty = _charge(held, owed, told_on, actor)
    held.ended_on, held.ended_why = last, reason
    held.save(update_fields=["ended_on", "ended_why", "penalty"])
    if held.item and (held.item.ends_on is None or held.item.ends_on > last):
        recurring.end(item=held.item, last_day=max(last, held.item.starts_on), actor=actor)
    return held


def _charge(contract: RentalContract, owed: deciding.Penalty, day: date, actor: User | None) -> Any:
    product = contract.item.product if contract.item else None
    return single.draft(
        customer=contract.customer,
        product=product,
        text=f"{contract.equipment} ended early. {owed.how}",
        amount=owed.amount,
        day=day,
        actor=actor,
    )


def announce_expiries(*, today: date, now: datetime) -> int:
    """Tell consumers whose term ends in 40 to 80 business days; how many contracts were announced.

    Each term is announced once, whoever calls this and how often.
    """
    first = business_days.after(today, deciding.LATEST)
    last = business_days.after(today, deciding.EARLIEST)
    told = 0
    while some := _announce(first, last, today, now):
        told += some
    return told


@transaction.atomic
def _announce(first: date, last: date, today: date, now: datetime) -> int:
    due = list(reading.expiring(first=first, last=last)[:AT_ONCE])
    queue_many(
        [_expiry(contract) for contract in due],
        template="contract_expiry",
        now=now,
        subject_kind="rental_contract",
    )
    RentalContract.objects.filter(pk__in=[contract.pk for contract in due]).update(expiry_told_on=today)
    return len(due)


def _expiry(contract: RentalContract) -> New:
    return New(
        customer_id=contract.customer_id,
        subject_id=contract.pk,
        key=f"contract-expiry-{contract.pk}-{contract.ends_on}",
        context={
            "customer": contract.customer.name,
            "equipment": contract.equipment,
            "last_day": f"{contract.ends_on}",
            "notice_days": f"{contract.notice_days}",
        },
    )


@transaction.atomic
def raise_by_the_year(*, today: date, now: datetime) -> int:
    """Make and announce the yearly rises that are near, all of them or none; how many were made.

    A rise begins with the month on or after the anniversary; it counts once its notice was sent in time.
    """
    made = [price for contract in reading.rising(today) if (price := _rise(contract, today)) is not None]
    price_notices.announce_item_prices(prices=[price.pk for price in made], actor=None, now=now)
    return len(made)


def _rise(contract: RentalContract, today: date) -> ItemPrice | None:
    item = contract.item
    day = _rises_on(contract, today)
    if item is None or day > today + AHEAD or not _runs(contract, item, day):
        return None
    before = items.price_on(item, day - timedelta(days=1))
    if before is None:
        return None
    amount = cents(before * (HUNDRED + contract.escalation) / HUNDRED)
    price, made = ItemPrice.objects.get_or_create(item=item, starts_on=day, defaults={"amount": amount})
    return price if made else None


def _rises_on(contract: RentalContract, today: date) -> date:
    yearly = deciding.anniversary(contract.starts_on, today)
    return yearly if yearly.day == 1 else Month.of(yearly).next.first


def _runs(contract: RentalContract, item: RecurringItem, day: date) -> bool:
    ends: Sequence[date | None] = (contract.ends_on, item.ends_on)
    return all(end is None or end >= day for end in ends)

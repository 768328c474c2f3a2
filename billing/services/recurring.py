"""Recurring items: what a customer is billed for every month, at which price, and until when."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from billing.models import ItemPrice, Line, PriceNotice, RecurringItem, Waiver
from billing.selectors import recurring as reading
from billing.selectors import seen as seeing
from billing.services import waivers
from customers.models import Customer
from herotill.errors import DomainError
from herotill.months import Month
from herotill.reference.models import Product
from herotill.users.models import User

SOURCE = "item"
DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class NewItem:
    """What an item begins with; `price` is one of its own, which the customer agreed to by ordering.

    One that is `waiting` is not billed before `begin`.
    """

    product: Product
    starts_on: date
    price: Decimal | None = None
    text: str = ""
    quantity: Decimal = Decimal(1)
    discount: Decimal = Decimal(0)
    discount_until: date | None = None
    once: bool = False
    ends_on: date | None = None
    pro_rata: str = ""
    bill_from: date | None = None
    waiting: bool = False


@transaction.atomic
def add(*, customer: Customer, new: NewItem, actor: User | None) -> RecurringItem:
    """Bill a customer for a product from a day on. Raises DomainError where nobody says what it costs."""
    if new.product.retired:
        raise DomainError(f"{new.product} is no longer sold.", field="product")
    if new.price is None and reading.list_price(new.product, customer, new.starts_on) is None:
        raise DomainError(
            f"{new.product} has no price on {new.starts_on}; give this item one of its own.", field="price"
        )
    _in_order(new.starts_on, new.ends_on)
    item = RecurringItem.objects.create(
        customer=customer,
        product=new.product,
        text=new.text,
        quantity=new.quantity,
        discount=new.discount,
        discount_until=new.discount_until,
        once=new.once,
        starts_on=new.starts_on,
        ends_on=new.ends_on,
        bill_from=new.bill_from,
        pro_rata=new.pro_rata,
        waiting=new.waiting,
        created_by=actor,
    )
    if new.price is not None:
        ItemPrice.objects.create(
            item=item, starts_on=new.starts_on, amount=new.price, agreed=True, set_by=actor
        )
    return item


# Their own prices begin with them, so that the first days are not billed by the list.
_BEGIN = (
    """UPDATE billing_itemprice p SET starts_on = %(day)s FROM billing_recurringitem i
    WHERE i.id = p.item_id AND i.id = ANY (%(ids)s) AND i.waiting AND p.starts_on = i.starts_on""",
    """UPDATE billing_recurringitem SET waiting = false, starts_on = %(day)s
    WHERE id = ANY (%(ids)s) AND waiting AND (ends_on IS NULL OR ends_on >= %(day)s)""",
)


@transaction.atomic
def begin(*, items: Collection[int], day: date, actor: User | None) -> int:
    """Bill those of these items that wait from `day` on, at the prices they were ordered at; how many."""
    ids = list(
        RecurringItem.objects.select_for_update()
        .filter(pk__in=items, waiting=True)
        .values_list("pk", flat=True)
    )
    with connection.cursor() as cursor:
        for statement in _BEGIN:
            cursor.execute(statement, {"ids": ids, "day": day})
        return cursor.rowcount


def _in_order(first: date, last: date | None) -> None:
    if last and last < first:
        raise DomainError("The last day lies before the first.", field="ends_on")


def _held(item: RecurringItem) -> RecurringItem:
    """The item as it is now, kept from others until the transaction ends."""
    found = RecurringItem.objects.select_for_update(no_key=True).filter(pk=item.pk).first()
    if found is None:
        raise DomainError("Somebody else has deleted this item.")
    return found


@transaction.atomic
def change(*, item: RecurringItem, values: Mapping[str, Any], actor: User | None, seen: str) -> RecurringItem:
    """Change an item's text, quantity, discount or rule for parts of months; `seen` marks what was looked at.

    It counts for months that are not billed yet.
    """
    held = _held(item)
    seeing.insist(held, seen)
    for name, value in values.items():
        setattr(held, name, value)
    held.save(update_fields=list(values))
    return held


@transaction.atomic
def set_price(
    *, item: RecurringItem, amount: Decimal | None, starts_on: date, agreed: bool, actor: User | None
) -> ItemPrice:
    """Give an item a price of its own from a day on, or (None) the price list's again.

    Raises DomainError for days that are billed already, and where the list has no price or counts already.
    A rise that the customer did not agree to counts only after its notice (`price_notices.announce`).
    """
    held = _held(item)
    billed = reading.billed_upto(held)
    if billed and starts_on <= billed:
        raise DomainError(
            f"It is billed up to {billed}. Change the price from a later day; a credit note puts right"
            " what was billed.",
            field="starts_on",
        )
    if starts_on < held.starts_on:
        raise DomainError(f"It begins on {held.starts_on}.", field="starts_on")
    listed = _price_of_list(held, starts_on) if amount is None else amount
    _refuse_in_fixed_term(held, listed, starts_on, agreed)
    told = PriceNotice.objects.filter(item_price__item=held, item_price__starts_on=starts_on)
    told.exclude(item_price__amount=amount).delete()  # They were told of another price.
    price, _ = ItemPrice.objects.update_or_create(
        item=held, starts_on=starts_on, defaults={"amount": amount, "agreed": agreed, "set_by": actor}
    )
    return price


def _price_of_list(item: RecurringItem, day: date) -> Decimal:
    own = item.prices.filter(starts_on__lte=day).order_by("-starts_on").first()
    if own is None or (own.amount is None and own.starts_on < day):
        raise DomainError("It follows the price list on that day already.", field="to_list")
    listed = reading.list_price(item.product, item.customer, day)
    if listed is None:
        raise DomainError(f"{item.product} has no list price on {day}.", field="to_list")
    return listed


def _refuse_in_fixed_term(item: RecurringItem, amount: Decimal, day: date, agreed: bool) -> None:
    until = item.fixed_until
    now = reading.price_on(item, day)
    if until and day <= until and not agreed and now is not None and amount > now:
        raise DomainError(f"Its price is fixed until {until}; it rises only if the customer agrees.")


@transaction.atomic
def end(*, item: RecurringItem, last_day: date, actor: User | None) -> str:
    """Bill an item up to a last day; a sentence about days after it that are billed already, or nothing."""
    held = _held(item)
    if last_day < held.starts_on:
        raise DomainError(f"It begins on {held.starts_on}.", field="last_day")
    was = held.ends_on
    _refuse_missed(held, last_day)
    held.ends_on = last_day
    held.save(update_fields=["ends_on"])
    _forget_waiting(held, after=min(last_day, was or last_day))
    billed = reading.billed_upto(held)
    if billed and billed > last_day:
        return f"Ended on {last_day}. It is billed up to {billed} already: credit the days from {last_day + DAY}."
    return ""


@transaction.atomic
def delete(*, item: RecurringItem, actor: User | None) -> None:
    """Delete an item that was never billed, with its charges that wait. Raises DomainError for any other."""
    held = _held(item)
    if on := reading.billed_on(held):
        raise DomainError(f"It has been billed ({on}); it can be ended, not deleted.")
    if contract := held.contracts.first():
        raise DomainError(f"The contract for {contract.equipment} bills by it; take it off there first.")
    Line.objects.filter(source=SOURCE, item_id=held.pk, document=None).delete()
    held.delete()


def _refuse_missed(item: RecurringItem, last_day: date) -> None:
    """A month is billed once: where it was billed up to an earlier end, its days after that would be missed."""
    was = item.ends_on
    if was is None or (item.pro_rata or item.product.pro_rata) == "full":
        return
    month = Month.of(was)
    on, upto = reading.billed_on(item, period=month.first), reading.billed_upto(item)
    if on and upto and upto < min(last_day, month.last):
        raise DomainError(
            f"{month.label} is billed up to {upto} ({on}), its last day so far. Add it anew from {was + DAY}.",
            field="last_day",
        )


def _forget_waiting(item: RecurringItem, *, after: date) -> None:
    """Months that wait with days after this one go, whole; the next generation makes what is left of them."""
    waiting = Line.objects.filter(source=SOURCE, item_id=item.pk, document=None)
    waiting.filter(period__gte=Month.of(after + DAY).first).delete()


@transaction.atomic
def waive(*, item: RecurringItem, month: date, reason: str, actor: User | None) -> Waiver:
    """Leave a month of an item unbilled for ever. Raises DomainError where it is billed."""
    held = _held(item)
    return waivers.leave_out(
        customer_id=held.customer_id,
        source=SOURCE,
        item_id=held.pk,
        month=Month.of(month),
        reason=reason,
        actor=actor,
    )

"""Holds: days on which a customer, or one item, is not billed."""

from __future__ import annotations

from datetime import date

from django.db import IntegrityError, transaction
from django.db.models import Q, QuerySet

from billing.models import Hold, Line, RecurringItem
from customers.models import Customer
from herotill.errors import DomainError
from herotill.months import Month
from herotill.users.models import User

OVERLAP = "These days are held already."


@transaction.atomic
def add(
    *,
    customer: Customer,
    first: date,
    last: date,
    reason: str,
    actor: User | None,
    item: RecurringItem | None = None,
) -> Hold:
    """Bill nothing from `first` to `last`, both included: of one item, or of the whole customer.

    Raises DomainError for days that are held or billed already.
    """
    if last < first:
        raise DomainError("The last day lies before the first.", field="last")
    _refuse_billed(customer, item, first, last)
    if _overlapping(customer, item, first, last).exists():
        raise DomainError(OVERLAP, field="first")
    try:
        with transaction.atomic():
            made = Hold.objects.create(
                customer=customer, item=item, first=first, last=last, reason=reason, set_by=actor
            )
    except IntegrityError as trouble:
        if "holds_do_not_overlap" not in str(trouble):
            raise
        raise DomainError(OVERLAP, field="first") from None
    _forget_waiting(made)
    return made


def _overlapping(customer: Customer, item: RecurringItem | None, first: date, last: date) -> QuerySet[Hold]:
    found = Hold.objects.filter(customer=customer, first__lte=last, last__gte=first)
    return found if item is None else found.filter(Q(item=None) | Q(item=item))


def _charged(customer: Customer, item: RecurringItem | None) -> QuerySet[Line]:
    """What is charged of the things that a hold is for."""
    lines = Line.objects.filter(Q(for_customer=customer) | Q(customer=customer, for_customer=None))
    return lines.filter(source="item", item_id=item.pk) if item else lines.exclude(source="")


def _refuse_billed(customer: Customer, item: RecurringItem | None, first: date, last: date) -> None:
    billed = (
        _charged(customer, item)
        .filter(document__isnull=False, credits=None, first__lte=last, last__gte=first)
        .select_related("document")
        .order_by("-last")
        .first()
    )
    if billed:
        raise DomainError(
            f"Days up to {billed.last} are billed already ({billed.document}). Hold from a later day; a credit"
            " note takes back what was billed.",
            field="first",
        )


def _forget_waiting(hold: Hold) -> None:
    """Charges that wait for its months go; the next generation makes them without the days held."""
    waiting = _charged(hold.customer, hold.item).filter(document=None)
    waiting.filter(period__gte=Month.of(hold.first).first, period__lte=hold.last).delete()


@transaction.atomic
def withdraw(*, hold: Hold, today: date, actor: User | None) -> None:
    """Take back a hold that is to come; one that runs ends with today. Raises DomainError for one that is over."""
    held = Hold.objects.select_for_update().filter(pk=hold.pk).first()
    if held is None:
        raise DomainError("Somebody else has withdrawn it.")
    if held.last <= today:
        raise DomainError("It is over.")
    _refuse_left_out(held, max(today, held.first))
    _forget_waiting(held)
    if held.first > today:
        held.delete()
    else:
        held.last = today
        held.save(update_fields=["last"])


def _refuse_left_out(hold: Hold, since: date) -> None:
    """A month that was billed without the held days cannot be billed for them again."""
    months = {"period__gte": Month.of(since).first, "period__lte": hold.last}
    done = _charged(hold.customer, hold.item).filter(document__isnull=False, credits=None, **months)
    line = done.select_related("document").order_by("-period").first()
    if line and line.period:
        raise DomainError(
            f"{Month.of(line.period).label} was billed without the days held ({line.document}); charge them by hand."
        )

"""Long suspended: billing stops, and cancellation is proposed. When the case ends, billing begins again."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, timedelta

from django.db.models import Max, Q

from billing.models import CustomerDown, Hold, Line
from billing.services import holds
from herotill.errors import DomainError
from herotill.events import NewFact, record_many
from herotill.months import Month

REASON = "Suspended for long: billing has stopped"
PROPOSED = "customer.cancellation-proposed"
LONGEST = timedelta(days=3650)
"""A hold has a last day; nobody stays suspended for longer than that."""


def stop(cases: Mapping[int, int], day: date) -> None:
    """Stop billing these customers (case by customer) and those who went down with them.

    From the first day that is not billed yet.
    """
    for down in CustomerDown.objects.filter(case__in=cases.values(), back_at=None).select_related("customer"):
        CustomerDown.objects.filter(pk=down.pk).update(hold=_hold(down, day))
    record_many(NewFact(PROPOSED, f"{PROPOSED}-{case}", customer) for customer, case in cases.items())


def _hold(down: CustomerDown, day: date) -> Hold | None:
    """The hold; none where the days are held already."""
    first = max(day, _billed_until(down.customer_id) + timedelta(days=1))
    try:
        return holds.add(customer=down.customer, first=first, last=first + LONGEST, reason=REASON, actor=None)
    except DomainError:
        return None


def _billed_until(customer: int) -> date:
    own = Q(for_customer=customer) | Q(customer=customer, for_customer=None)
    lines = Line.objects.filter(own, document__isnull=False, credits=None).exclude(source="")
    return lines.aggregate(last=Max("last"))["last"] or date.min


def begin_again(cases: Collection[int], day: date) -> None:
    """Bill again from tomorrow; where a month was billed without the days held, from the next month."""
    for hold in Hold.objects.filter(pk__in=_holds(cases), last__gt=day):
        try:
            holds.withdraw(hold=hold, today=day, actor=None)
        except DomainError:
            hold.last = max(Month.of(day).last, hold.first)
            hold.save(update_fields=["last"])


def _holds(cases: Collection[int]) -> list[int]:
    found = CustomerDown.objects.filter(case__in=cases, hold__isnull=False)
    return list(found.values_list("hold_id", flat=True))

"""Customers of the demo who leave, or wanted to."""

from __future__ import annotations

from datetime import timedelta

from billing.models import Cancellation, CancellationReason
from billing.services import cancellations
from customers.models import Customer
from herotill.demo import DemoOrder
from herotill.users.models import User

REASONS = (
    ("Moves house", False),
    ("Too expensive", True),
    ("Slow or unreliable", True),
    ("Goes to a competitor", True),
    ("Business closed", False),
)
STORIES = (
    ("asked", "Moves to Durban at the end of the month."),
    ("approved", "Got a cheaper offer for fibre."),
    ("confirmed", "The shop closes."),
    ("denied", "Was angry about the outage; called back."),
    ("ended", "The shop closed for good."),
)


def make_cancellations(order: DemoOrder) -> None:
    """A cancellation in each state that waits for somebody, once."""
    for name, won_back in REASONS:
        CancellationReason.objects.get_or_create(name=name, defaults={"won_back": won_back})
    if Cancellation.objects.exists():
        return
    now = order.moment
    manager = User.objects.filter(username="manager").first() or User.objects.order_by("pk").first()
    reasons = list(CancellationReason.objects.order_by("pk"))
    free = Customer.objects.filter(status="active", master=None, subs=None).exclude(
        code__in=("ALI001", "MIC001")
    )
    chosen = free.order_by("-code")[: len(STORIES)]
    for place, (customer, (ending, said)) in enumerate(zip(chosen, STORIES, strict=False)):
        over = timedelta(days=45) if ending == "ended" else timedelta(0)
        then = now - over
        one = cancellations.ask(
            customer=customer,
            reason=reasons[place],
            comment=said,
            last_day=order.today - over + timedelta(days=20 + place),
            actor=manager,
            now=then,
        )
        if ending != "asked" and manager:
            cancellations.approve(cancellation=one, actor=manager, now=then)
        if ending in ("confirmed", "ended") and manager:
            cancellations.confirm_by_hand(cancellation=one, why="By letter", actor=manager, now=then)
        if ending == "denied" and manager:
            cancellations.withdraw(cancellation=one, why="Stays after a call", actor=manager, now=now)

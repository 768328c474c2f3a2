"""Cases of suspension in every state, made by the days of the last weeks as they would have gone by."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.db.models import QuerySet

from billing.demo.items import MANUALS
from billing.demo.runs import LARGEST
from billing.models import SuspensionCase, SuspensionRules
from billing.services import suspensions
from herotill import business_days
from herotill.clock import moment
from herotill.demo import DemoOrder
from herotill.users.models import User

State = SuspensionCase.State
DAYS = 24
# So many days ago, so many of the oldest cases were approved.
APPROVED = {22: 5, 9: 3, 4: 3, 0: 2}
WAITING, LATELY = 2, 9  # so many of those listed last are left waiting, since so many days ago


def make_cases(order: DemoOrder) -> None:
    """Let the last weeks go by, once: some were approved early, some late, most wait."""
    clerk = User.objects.filter(username="collections").first()
    if clerk is None or order.customers > LARGEST or SuspensionCase.objects.exists():
        return
    SuspensionRules.objects.update(enabled=True)
    for ago in range(DAYS, -1, -1):
        day = order.today - timedelta(days=ago)
        _go_by(day, APPROVED.get(ago, 0), clerk, keep=WAITING if ago <= LATELY else 0)
    _decide(clerk, _at(order.today))
    order.say("Customers who do not pay are warned and suspended")


def cases() -> QuerySet[SuspensionCase]:
    """The open cases; whoever has one is not paid off by other parts, so that a case stays in every state."""
    return SuspensionCase.objects.exclude(state=State.ENDED)


def _at(day: date) -> datetime:
    return moment(day, time(10))


def _go_by(day: date, approved: int, clerk: User, *, keep: int) -> None:
    if business_days.is_business_day(day):
        suspensions.run(day, _at(day))
    listed = SuspensionCase.objects.filter(state=State.LISTED).exclude(customer__code__in=MANUALS)
    waiting = list(listed.order_by("counts_from", "pk").values_list("pk", flat=True))
    chosen = waiting[: max(0, min(approved, len(waiting) - keep))]
    suspensions.approve(cases=chosen, actor=clerk, now=_at(day))
    if chosen and business_days.is_business_day(day):
        suspensions.run(day, _at(day))


def _decide(clerk: User, now: datetime) -> None:
    """Of the suspended customers one stays so, one has a pause, and the case of another was reset.

    One that is listed is approved, and waits for the next run.
    """
    down = list(
        SuspensionCase.objects.filter(state=State.SUSPENDED).order_by("pk").values_list("pk", flat=True)
    )
    if down:
        suspensions.pause(cases=down[1:2], days=3, why="Pays on Friday.", actor=clerk, now=now)
        suspensions.reset(cases=down[2:3], reason="The payment went to another account", actor=clerk, now=now)
    warned = SuspensionCase.objects.filter(state=State.WARNED).order_by("pk").values_list("pk", flat=True)
    suspensions.pause(cases=list(warned[:1]), days=5, why="Is in hospital.", actor=clerk, now=now)
    listed = SuspensionCase.objects.filter(state=State.LISTED).exclude(customer__code__in=MANUALS)
    if not SuspensionCase.objects.filter(state=State.APPROVED).exists():
        chosen = listed.order_by("pk").values_list("pk", flat=True)[1:2]
        suspensions.approve(cases=list(chosen), actor=clerk, now=now)

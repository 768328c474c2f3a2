"""What a cancellation ends and what it costs, what is open, and why customers left."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import NamedTuple

from django.db.models import Count, Prefetch, Q, QuerySet, prefetch_related_objects
from django.db.models.functions import TruncMonth

from billing.models import Cancellation, CancelledAccount, RecurringItem, RentalContract
from billing.policies import cancelling
from billing.policies.contracts import Penalty
from customers.models import Asset, Customer
from dataaccounts.models import DataAccount, VoiceLine
from herotill.clock import local_day
from herotill.money import ZERO


class Fee(NamedTuple):
    """What a contract asks for ending before its term."""

    contract: RentalContract
    penalty: Penalty


@dataclass(frozen=True, slots=True)
class Consequences:
    """All that ends with a cancellation. `notice_until` is the first last day that gives every notice."""

    accounts: list[DataAccount]
    voice_lines: list[VoiceLine]
    items: list[RecurringItem]
    fees: list[Fee]
    equipment: list[Asset]
    notice_until: date

    @property
    def owed(self) -> Decimal:
        return sum((fee.penalty.amount for fee in self.fees), ZERO)


def accounts_of(cancellation: Cancellation) -> QuerySet[DataAccount]:
    """The data accounts that it ends and that have not ended."""
    live = DataAccount.objects.exclude(state=DataAccount.State.CANCELLED).order_by("username")
    if cancellation.whole:
        return live.filter(customer=cancellation.customer_id)
    return live.filter(pk__in=cancellation.accounts.values("account"))


def voice_lines_of(cancellation: Cancellation) -> QuerySet[VoiceLine]:
    """The voice lines that it ends: those of a whole customer that would go on."""
    if not cancellation.whole:
        return VoiceLine.objects.none()
    live = VoiceLine.objects.exclude(state=VoiceLine.State.CANCELLED).exclude(
        ends_on__lte=cancellation.last_day
    )
    return live.filter(customer=cancellation.customer_id).order_by("number")


def items_of(cancellation: Cancellation) -> QuerySet[RecurringItem]:
    """The recurring items that it ends: those of a whole customer that would go on."""
    if not cancellation.whole:
        return RecurringItem.objects.none()
    going_on = Q(ends_on=None) | Q(ends_on__gt=cancellation.last_day)
    found = RecurringItem.objects.filter(going_on, customer=cancellation.customer_id, once=False)
    return found.select_related("product").order_by("pk")


def contracts_of(cancellation: Cancellation) -> QuerySet[RentalContract]:
    """The contracts that it ends."""
    if not cancellation.whole:
        return RentalContract.objects.none()
    running = RentalContract.objects.filter(customer=cancellation.customer_id, ended_on=None)
    return running.select_related("customer", "item__product").order_by("pk")


def equipment_of(customer: int) -> list[Asset]:
    """What of ours is to be collected from a customer."""
    return list(Asset.objects.filter(customer=customer, owner=Asset.Owner.ISP, returned_on=None))


def told_on(cancellation: Cancellation) -> date:
    """The day on which notice was given."""
    return local_day(cancellation.asked_at)


def consequences(cancellation: Cancellation, penalties: Sequence[Fee]) -> Consequences:
    """What it ends; `penalties` are worked out by the service that ends contracts."""
    notices = [fee.contract.notice_days for fee in penalties]
    return Consequences(
        accounts=list(accounts_of(cancellation).select_related("package")),
        voice_lines=list(voice_lines_of(cancellation)),
        items=list(items_of(cancellation)),
        fees=list(penalties),
        equipment=equipment_of(cancellation.customer_id) if cancellation.whole else [],
        notice_until=cancelling.notice_ends(told_on(cancellation), notices),
    )


def of(*, customer: Customer) -> list[Cancellation]:
    """A customer's cancellations, the newest first."""
    found = Cancellation.objects.filter(customer=customer)
    return list(found.select_related("reason", "asked_by", "approved_by", "final_draft").order_by("-pk"))


def running(*, customer: Customer) -> Cancellation | None:
    """The newest cancellation that is on its way."""
    return (
        Cancellation.objects.filter(customer=customer, state__in=Cancellation.OPEN)
        .select_related("reason")
        .order_by("-whole", "-pk")
        .first()
    )


def on_their_way(customer: Customer) -> QuerySet[Cancellation]:
    return Cancellation.objects.filter(customer=customer, state__in=Cancellation.OPEN)


def all_running(*, customer: Customer) -> list[Cancellation]:
    """Everything that is on its way to end."""
    found = list(on_their_way(customer).order_by("-whole", "pk"))
    in_part = [one for one in found if not one.whole]
    prefetch_related_objects(
        in_part, Prefetch("accounts", CancelledAccount.objects.select_related("account"))
    )
    return found


def choices(customer: Customer) -> list[tuple[int, str]]:
    """The data accounts that can end, with their packages."""
    live = DataAccount.objects.filter(customer=customer).exclude(state=DataAccount.State.CANCELLED)
    found = live.select_related("package").order_by("username")
    return [(one.pk, f"{one.username}, {one.package.name}") for one in found]


def earliest(*, customer: Customer, day: date) -> date:
    """The first last day that gives the contracts of a customer their notice, told on `day`."""
    running = RentalContract.objects.filter(customer=customer, ended_on=None)
    return cancelling.notice_ends(day, running.values_list("notice_days", flat=True))


class ReasonRow(NamedTuple):
    """How many left for one reason in one month, and how many of those who wanted to stayed."""

    month: date
    reason: str
    won_back: bool
    asked: int
    left: int
    stayed: int


def by_reason(*, first: date, last: date) -> list[ReasonRow]:
    """Cancellations asked between two days, by month and reason, the most frequent first."""
    State = Cancellation.State
    found = (
        Cancellation.objects.filter(asked_at__date__range=(first, last))
        .annotate(month=TruncMonth("asked_at"))
        .values("month", "reason__name", "reason__won_back")
        .annotate(
            asked=Count("pk"),
            left=Count("pk", filter=Q(state__in=(State.CONFIRMED, State.DONE))),
            stayed=Count("pk", filter=Q(state__in=(State.DENIED, State.WITHDRAWN, State.LAPSED))),
        )
        .order_by("-month", "-asked", "reason__name")
    )
    return [
        ReasonRow(
            row["month"].date(),
            row["reason__name"],
            row["reason__won_back"],
            row["asked"],
            row["left"],
            row["stayed"],
        )
        for row in found
    ]

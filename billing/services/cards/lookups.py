"""Payments that no notice came for: what the gateway's own history says of them, and those nobody finished."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import Q

from billing.models import CardAttempt, CardGateway
from billing.services.cards import booking, charging, gateways, settling
from herotill.clock import local_day
from herotill.errors import DomainError, IntegrationError
from herotill.integrations.cards import Can, Notification
from herotill.jobs import count

State, Purpose = CardAttempt.State, CardAttempt.Purpose
PAYER_AFTER, CHARGE_AFTER = timedelta(minutes=15), timedelta(minutes=2)
GIVEN_UP, NEVER_CHARGED = timedelta(days=2), timedelta(hours=2)
NOT_FINISHED = "Not finished by the payer."
NOT_THERE = "The gateway knows of no such charge."


def look_up_due(now: datetime) -> str:
    """The job: ask each gateway's history about what is open, a call a day of it, and end what is over."""
    found = 0
    for (gateway, day), waiting in _waiting(now).items():
        try:
            told = _came_in(gateway, day)
        except IntegrationError:
            continue
        found += sum(_settle(attempt, told.get(attempt.reference), now) for attempt in waiting)
    count(settled=found)
    return f"{found} card payments settled without a notice."


def _waiting(now: datetime) -> Mapping[tuple[CardGateway, date], list[CardAttempt]]:
    payers = ~Q(purpose=Purpose.STORED) & Q(started_at__lt=now - PAYER_AFTER)
    charges = Q(purpose=Purpose.STORED, claimed_at__lt=now - CHARGE_AFTER)
    open_ones = CardAttempt.objects.filter(payers | charges, state=State.STARTED)
    days: dict[tuple[CardGateway, date], list[CardAttempt]] = defaultdict(list)
    for one in open_ones.select_related("gateway").order_by("pk"):
        days[one.gateway, local_day(one.claimed_at or one.started_at)].append(one)
    return days


def _came_in(gateway: CardGateway, day: date) -> Mapping[str, Notification]:
    bank = gateways.adapter(gateway)
    return {one.reference: one for one in bank.came_in(day)} if Can.LOOK_UP in bank.can else {}


def _settle(attempt: CardAttempt, told: Notification | None, now: datetime) -> bool:
    if told is not None:
        _apply(attempt, told, now)
        return True
    if attempt.claimed_at and attempt.claimed_at < now - NEVER_CHARGED:
        charging.not_asked(attempt=attempt, why=NOT_THERE, now=now)
        return True
    if not attempt.claimed_at and attempt.started_at < now - GIVEN_UP:
        return _give_up(attempt, now)
    return False


def _apply(attempt: CardAttempt, told: Notification, now: datetime) -> None:
    """Book what came in; what cannot be booked waits for a person and holds up nobody else."""
    try:
        with transaction.atomic():
            bank = gateways.adapter(attempt.gateway)
            settling.apply(gateway=attempt.gateway, told=told, bank=bank, believed=True, now=now)
    except DomainError as no:
        with transaction.atomic():
            settling.park(gateway=attempt.gateway, told=told, why=str(no), now=now)


@transaction.atomic
def _give_up(attempt: CardAttempt, now: datetime) -> bool:
    """End what nobody finished; should it be paid after all, it is booked all the same."""
    held = booking.held(attempt.pk)
    if held.state == State.STARTED:
        booking.close(held, State.CANCELLED, NOT_FINISHED, now)
    return True

"""What gateways tell afterwards: delivered, failed, answered. In any order, and as often as they like."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Q, QuerySet

from herotill.integrations.sms import Reply, Report
from herotill.messages.models import Message
from herotill.messages.services import consent
from herotill.typed import can_be_kept, number

State = Message.State
BY_SMS = "by SMS: STOP"
OPEN = (State.SENDING, State.SENT, State.UNKNOWN)


def take(*, reports: Iterable[Report], gateway: str, now: datetime) -> int:
    """Write down what became of messages; returns how many changed. Delivered is the last word."""
    return sum(_take(one, gateway, now) for one in reports)


def _take(report: Report, gateway: str, now: datetime) -> int:
    found = _meant(report, gateway)
    at = min(report.at, now) if report.at else now
    if report.state == "delivered":
        came = found.filter(state__in=[*OPEN, State.FAILED]).update(
            state=State.DELIVERED, delivered_at=at, error="", next_try_at=None
        )
        found.filter(sent_at=None, state=State.DELIVERED).update(sent_at=at)
        return came
    if report.state == "failed":
        return found.filter(state__in=OPEN).update(
            state=State.FAILED, error=report.error[:300], next_try_at=None
        )
    return found.filter(state=State.UNKNOWN).update(state=State.SENT, sent_at=at, error="")


def _meant(report: Report, gateway: str) -> QuerySet[Message]:
    """The message it is about: by our reference, or by the gateway's id."""
    which = Q(pk__in=[])
    if (pk := number(report.reference)) is not None:
        which |= Q(pk=pk)
    elif report.gateway_id and can_be_kept(report.gateway_id):
        which |= Q(gateway_id=report.gateway_id)
    return Message.objects.filter(which, gateway=gateway)


def answer(*, replies: Iterable[Reply], now: datetime) -> int:
    """Take answers: STOP ends marketing to that number. Returns how many did."""
    stops = [one for one in replies if one.sender and consent.is_stop(one.text)]
    for one in stops:
        consent.record(channel="sms", address=one.sender, wanted=False, how=BY_SMS, now=now)
    return len(stops)

"""What gateways post to us: kept as it came, answered at once, judged by a job, booked once."""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from typing import Any

from django.db import IntegrityError, transaction

from billing.models import CardAttempt, CardGateway, CardNotice
from billing.services.cards import gateways, settling
from billing.services.suspensions.deciding import report_payment
from herotill import links
from herotill.errors import DomainError, IntegrationError
from herotill.integrations.cards import Can, Gateway, Notification
from herotill.jobs import count, nudge

log = logging.getLogger(__name__)
JOB = "card-notices"
LARGEST = 64 * 1024
TRIES, AT_ONCE = 60, 200
SLOWEST = timedelta(hours=1)


def take(*, kind: str, token: str, raw: bytes, came_from: str, now: datetime) -> CardNotice | None:
    """Keep what was posted to one of our addresses, encrypted, and have it judged; none for an address that is none."""
    gateway = _gateway(kind, token)
    if gateway is None:
        return None
    notice = CardNotice(gateway=gateway, came_at=now, came_from=came_from or None, next_try_at=now)
    notice.raw = raw[:LARGEST].decode("latin-1")
    notice.save()
    nudge(JOB)
    return notice


def _gateway(kind: str, token: str) -> CardGateway | None:
    """Whose address this is: the gateway's own, or that of one payment at it."""
    row = CardGateway.objects.filter(kind=kind).first()
    if row is None or links.known(row.notify_hash, token):
        return row
    own = CardAttempt.objects.filter(gateway=row, proof_hash=links.hashed(token)).exists()
    return row if own else None


def judge_due(now: datetime) -> str:
    """The job: judge what waits, one after the other; what cannot be judged yet waits longer each time."""
    due = CardNotice.objects.filter(decided_at=None, next_try_at__lte=now).order_by("next_try_at", "pk")
    found = list(due.values_list("pk", flat=True)[:AT_ONCE])
    for pk in found:
        try:
            judge(pk=pk, now=now)
        except Exception as trouble:  # one that we stumble over holds up nobody else's payment
            log.exception("Notice %s could not be judged.", pk)
            _later(
                CardNotice.objects.get(pk=pk), f"The program met an error ({type(trouble).__name__}).", now
            )
    count(judged=len(found))
    return f"{len(found)} notices judged."


def judge(*, pk: int, now: datetime) -> None:
    """Judge one notice, unless somebody else does or did."""
    notice = CardNotice.objects.select_related("gateway__account").get(pk=pk)
    if notice.decided_at or notice.gateway is None:
        return
    bank, raw = gateways.adapter(notice.gateway), gateways.raw_of(notice)
    try:
        told = bank.parse(raw)
    except ValueError:
        _decided(notice, "This cannot be read as a notice.", now)
        return
    try:
        verdict = bank.verify(raw, notice.came_from or "")
    except IntegrationError as trouble:
        _later(notice, str(trouble), now)
        return
    _note(notice, told)
    if Can.SIGN in bank.can and not verdict.stands:
        _decided(notice, verdict.why, now)
    else:
        _carry_out(notice, told, bank, verdict.stands, now)


def _note(notice: CardNotice, told: Notification) -> None:
    notice.status, notice.amount, notice.gateway_reference = told.status, told.amount, told.gateway_reference


def _later(notice: CardNotice, why: str, now: datetime) -> None:
    """Ask again in a minute, then more and more rarely; at last a person looks."""
    notice.tries += 1
    if notice.tries >= TRIES:
        _decided(notice, f"Never verified: {why}", now)
        return
    notice.next_try_at = now + min(timedelta(minutes=notice.tries), SLOWEST)
    notice.outcome = why[:200]
    notice.save(update_fields=["tries", "next_try_at", "outcome"])


def _carry_out(notice: CardNotice, told: Notification, bank: Gateway, believed: bool, now: datetime) -> None:
    """Do what follows, in one transaction with the word that it is done; a second of the same does nothing."""
    try:
        with transaction.atomic():
            notice.attempt, outcome = settling.apply(
                gateway=notice.gateway, told=told, bank=bank, believed=believed, now=now
            )
            notice.verified = believed
            _decided(notice, outcome, now)
    except IntegrityError as error:
        notice.verified, notice.attempt = False, None
        _decided(notice, _twice(error), now)
    except DomainError as no:
        notice.verified = believed
        with transaction.atomic():
            notice.attempt = settling.park(gateway=notice.gateway, told=told, why=str(no), now=now)
            _decided(notice, f"It could not be booked: {no}", now)
    if notice.attempt and notice.attempt.state == CardAttempt.State.REPORTED:
        report_payment(customer=notice.attempt.customer, now=now)


def _twice(error: IntegrityError) -> str:
    """In words what the database refused because it is there already; any other trouble is raised again."""
    if "card_notice_counts_once" in str(error) or "receipt_booked_once" in str(error):
        return settling.TOLD
    if "gateway_reference_once" in str(error):
        return "Another payment has this reference of the gateway's."
    raise error


def _decided(notice: CardNotice, outcome: str, now: datetime) -> None:
    """Write the outcome, unless somebody else was faster."""
    values: dict[str, Any] = {
        "outcome": outcome[:200],
        "decided_at": now,
        "attempt": notice.attempt,
        "verified": notice.verified,
        "status": notice.status,
        "amount": notice.amount,
        "gateway_reference": notice.gateway_reference,
        "tries": notice.tries,
    }
    CardNotice.objects.filter(pk=notice.pk, decided_at=None).update(**values)

"""Charging stored cards: each payment is a row first, claimed once, and asked about where its end is not known."""

from __future__ import annotations

import time
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db import connection, transaction

from billing.collecting import OutLine, ResultRow, line_reference
from billing.models import CardAttempt, CardGateway, CollectionLine, CollectionResult, StoredCard
from billing.services import locks
from billing.services.cards import attempts, booking, gateways, stored
from billing.services.cards.attempts import Wanted
from billing.services.cards.booking import Money, close
from herotill import jobs
from herotill.clock import local_day
from herotill.errors import DomainError, IntegrationError
from herotill.integrations.cards import Can, Charged
from herotill.integrations.http import NotSent
from herotill.jobs import nudge
from herotill.money import rand
from herotill.secrets import decrypt
from herotill.users.models import User

JOB, LONGEST, AT_ONCE = "card-charges", 50.0, 2_000
State, Purpose = CardAttempt.State, CardAttempt.Purpose
ENDS_CARD = ("81", "84", "85", "87", "88")
UNCERTAIN = "No answer came; the gateway is asked what became of it."

_CLAIM = """
UPDATE billing_cardattempt SET claimed_at = %(now)s WHERE id = (
    SELECT a.id FROM billing_cardattempt a
    LEFT JOIN billing_collectionline l ON l.id = a.line_id
    LEFT JOIN billing_collectionbatch b ON b.id = l.batch_id
    WHERE a.state = 'started' AND a.purpose = 'stored' AND a.claimed_at IS NULL
      AND (a.line_id IS NULL OR (l.state = 'sent' AND b.action_date <= %(day)s))
    ORDER BY a.id LIMIT 1 FOR UPDATE OF a SKIP LOCKED)
RETURNING id
"""


@transaction.atomic
def charge(
    *,
    card: StoredCard,
    amount: Decimal,
    document_id: int | None,
    form_key: str | None,
    actor: User | None,
    now: datetime,
) -> CardAttempt:
    """Have a stored card charged as soon as this has committed. Raises DomainError where it cannot be."""
    gateway = card.gateway
    if card.status != StoredCard.Status.ACTIVE or not gateway.is_on:
        raise DomainError("This card is not charged any more.")
    bank = gateways.adapter(gateway)
    if Can.CHARGE not in bank.can or amount < bank.smallest:
        raise DomainError(f"{gateway} does not charge R {amount} to a stored card.", field="amount")
    _refuse_while_collected(card)
    wanted = Wanted(Purpose.STORED, amount, document_id, form_key=form_key)
    made = attempts.new(
        gateway=gateway, customer_id=card.customer_id, wanted=wanted, actor=actor, now=now, card=card
    )
    CardAttempt.objects.bulk_create([made], ignore_conflicts=True)
    nudge(JOB)
    found = {"form_key": form_key} if form_key else {"reference": made.reference}
    return CardAttempt.objects.get(**found)


def _refuse_while_collected(card: StoredCard) -> None:
    """An open amount is collected once, in whatever way (rule 2)."""
    locks.hold([card.customer_id])
    live = CollectionLine.objects.filter(customer=card.customer_id, entries__live=True)
    line = live.exclude(batch__state="draft").select_related("batch").first()
    if line:
        raise DomainError(f"{rand(line.amount)} is being collected on {line.batch.action_date} already.")


def charge_lines(*, lines: Iterable[OutLine], now: datetime) -> int:
    """Have the cards of a batch charged: a row for each line, once; returns how many were new."""
    rows = [line for line in lines if line.card]
    known = CardGateway.objects.in_bulk({line.card.gateway_id for line in rows if line.card})
    before = CardAttempt.objects.filter(line__in=[line.pk for line in rows]).count()
    for place in range(0, len(rows), AT_ONCE):
        made = [_of_line(line, known, now) for line in rows[place : place + AT_ONCE]]
        CardAttempt.objects.bulk_create(made, ignore_conflicts=True)
    nudge(JOB)
    return len(rows) - before


def _of_line(line: OutLine, known: dict[int, CardGateway], now: datetime) -> CardAttempt:
    assert line.card is not None
    return attempts.new(
        gateway=known[line.card.gateway_id],
        customer_id=line.customer_id,
        wanted=Wanted(Purpose.STORED, line.amount),
        actor=None,
        now=now,
        line_id=line.pk,
        card_id=line.card.card_id,
    )


def charge_due(now: datetime) -> str:
    """The job: charge what is due, one after the other; killed anywhere, none is charged twice."""
    started, count = time.monotonic(), 0
    while (pk := _claim(now)) is not None:
        count += 1
        if not _charge(pk, now):
            break
        if time.monotonic() - started > LONGEST:
            nudge(JOB)
            break
    jobs.count(charged=count)
    return f"{count} cards charged or asked about."


def _claim(now: datetime) -> int | None:
    """Take one payment; from here on nobody asks for it a second time."""
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, {"now": now, "day": local_day(now)})
        found = cursor.fetchone()
    return found[0] if found else None


def _charge(pk: int, now: datetime) -> bool:
    """Ask the gateway once and write down what it said; false where the gateway cannot be reached now."""
    known = CardAttempt.objects.select_related("gateway", "card", "customer", "line__batch")
    attempt = known.get(pk=pk)
    if why := _refused_by_us(attempt):
        not_asked(attempt=attempt, why=why, now=now)
        return True
    assert attempt.card is not None
    token: Any = attempt.card.token
    try:
        said = gateways.adapter(attempt.gateway).charge(
            decrypt(token.token), attempt.amount, attempt.reference, f"Account {attempt.customer.code}"
        )
    except NotSent as no:
        return _not_sent(attempt, no, now)
    except IntegrationError:
        CardAttempt.objects.filter(pk=pk, state=State.STARTED).update(says=UNCERTAIN)
        return True
    _write_down(attempt, said, now)
    return True


def _refused_by_us(attempt: CardAttempt) -> str:
    """Why a claimed payment is not to be asked for after all."""
    if attempt.card is None or attempt.card.status != StoredCard.Status.ACTIVE:
        return "The card was removed meanwhile."
    if not attempt.gateway.is_on:
        return f"{attempt.gateway} is switched off."
    if not gateways.may_book(gateways.adapter(attempt.gateway)):
        return "In test mode no card is charged."
    return _paid_since(attempt.line) if attempt.line else ""


@transaction.atomic
def _paid_since(line: CollectionLine) -> str:
    """Why a line is not to be charged any more: its day may be long after its batch was sent (rule 3)."""
    from billing.services.batches import files

    locks.hold([line.customer_id])
    going = files.Going(line.pk, line.customer_id, line.mandate_id, line.card_id, line.amount)
    return files.why_not_now(line.batch, [going]).get(line.pk, "")


def _not_sent(attempt: CardAttempt, no: NotSent, now: datetime) -> bool:
    """Nothing reached the gateway: it is tried again by the next call of the job, or given up."""
    if no.retry:
        CardAttempt.objects.filter(pk=attempt.pk).update(claimed_at=None, says=str(no)[:200])
        return False
    not_asked(attempt=attempt, why=str(no), now=now)
    return True


def _write_down(attempt: CardAttempt, said: Charged, now: datetime) -> None:
    if not said.paid:
        declined(attempt=attempt, said=said, now=now)
    elif attempt.line_id:
        collected(attempt=attempt, gateway_reference=said.gateway_reference, fee=None, now=now)
    elif said.gateway_reference:
        with transaction.atomic():
            held = booking.held(attempt.pk)
            if held.state == State.STARTED:
                money = Money(held.amount, said.gateway_reference, local_day(now))
                booking.book(attempt=held, money=money, actor=held.started_by, now=now)
    else:
        CardAttempt.objects.filter(pk=attempt.pk, state=State.STARTED).update(says=UNCERTAIN)


@transaction.atomic
def collected(*, attempt: CardAttempt, gateway_reference: str, fee: Decimal | None, now: datetime) -> None:
    """The card of a batch's line was charged: its result is booked, once, whoever tells it."""
    held = booking.held(attempt.pk)
    if held.state in (State.PAID, State.REVERSED):
        return
    _book_result(held, CollectionResult.Kind.COLLECTED, "charge", held.amount, "", now)
    held.gateway_reference, held.fee = gateway_reference, fee
    close(held, State.PAID, "", now)


@transaction.atomic
def not_asked(*, attempt: CardAttempt, why: str, now: datetime) -> None:
    """The card was never charged, so nothing came back; what its line was to collect is free for another."""
    held = booking.held(attempt.pk)
    if held.state == State.STARTED:
        let_go(attempt=held, why=why)
        close(held, State.FAILED, why, now)


def let_go(*, attempt: CardAttempt, why: str) -> None:
    """Give free what the line of a held payment was to collect."""
    going = CollectionLine.objects.filter(pk=attempt.line_id or 0, state=CollectionLine.State.SENT)
    going.update(state=CollectionLine.State.REFUSED, withdrawn_why=why[:200])


@transaction.atomic
def declined(*, attempt: CardAttempt, said: Charged, now: datetime) -> None:
    """The card was not charged; one that is over is charged no more."""
    held = booking.held(attempt.pk)
    if held.state != State.STARTED:
        return
    if held.line_id:
        _book_result(held, CollectionResult.Kind.UNPAID, "declined", held.amount, said.code, now, said.says)
    card = StoredCard.objects.select_for_update().get(pk=held.card_id or 0)
    if said.code in ENDS_CARD:
        stored.refuse(card=card, why=said.says, now=now)
    close(held, State.FAILED, said.says, now)


@transaction.atomic
def came_back(*, attempt: CardAttempt, why: str, now: datetime) -> None:
    """A collected line of a card came back: disputed, or declined after all (rule 15)."""
    held = booking.held(attempt.pk)
    if held.state != State.PAID:
        raise DomainError("There is nothing of this payment that could come back.")
    _book_result(held, CollectionResult.Kind.DISPUTED, "dispute", held.amount, "86", now, why)
    stored.refuse_charged(attempt=held, why=why, now=now)
    close(held, State.REVERSED, why, now)


def _book_result(
    attempt: CardAttempt, kind: str, told_type: str, amount: Decimal, code: str, now: datetime, text: str = ""
) -> None:
    from billing.services import collection_results

    assert attempt.line_id is not None
    row = ResultRow(
        told_id=attempt.reference,
        told_type=told_type,
        kind=kind,
        day=local_day(now),
        amount=amount,
        reference=attempt.customer.code,
        code=code,
        text=text,
        line_reference=line_reference(attempt.line_id),
    )
    rows: Sequence[ResultRow] = [row]
    collection_results.book(channel=attempt.gateway.kind, rows=rows, run_id=None, now=now, actor=None)

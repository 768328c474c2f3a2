"""Batches built and brought up to date: who is collected of, how much, and who is left out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, transaction

from billing.collecting import channels
from billing.models import BatchTouch, CollectionBatch, CollectionLine
from billing.policies import batches as policy
from billing.policies.batches import Candidate, Out, Planned, Terms
from billing.selectors import batches as reading
from billing.selectors import cutover
from billing.selectors import debit_notices as notices
from billing.services import locks
from billing.services.batches import checking, rows
from billing.services.batches.rows import Row
from customers.models import BillingGroup
from herotill.bulk import without_gc
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.money import rand
from herotill.users.models import User

State, LineState = CollectionBatch.State, CollectionLine.State
TOLD = 200  # changes that an update lists one by one


@without_gc()
@transaction.atomic
def build(
    *,
    group: BillingGroup,
    action_date: date,
    due_upto: date,
    method: str,
    channel: str,
    actor: User | None,
    now: datetime,
) -> CollectionBatch:
    """A draft batch of a group for a date. Raises DomainError where there is one, or the date cannot be."""
    _refuse(action_date, method, channel, local_day(now))
    batch = _made(group, action_date, due_upto, method, channel, actor)
    touch(batch, actor, "Built it")
    _fill(batch, {}, now)
    return batch


def _refuse(action_date: date, method: str, channel: str, today: date) -> None:
    known = channels.get(channel)
    if known is None or known.method != method:
        raise DomainError("There is no such way to collect.", field="channel")
    if action_date < today:
        raise DomainError("That day is over.", field="action_date")


def _made(
    group: BillingGroup, action_date: date, due_upto: date, method: str, channel: str, actor: User | None
) -> CollectionBatch:
    try:
        with transaction.atomic():
            return CollectionBatch.objects.create(
                billing_group=group,
                action_date=action_date,
                due_upto=due_upto,
                method=method,
                channel=channel,
                name=_name(group, action_date, method),
                made_by=actor,
            )
    except IntegrityError as error:
        if "one_batch_a_group_and_date" not in str(error) and "batch_name_once" not in str(error):
            raise
        raise DomainError(
            f"{group.name} has a batch for {action_date} already.", field="action_date"
        ) from error


def _name(group: BillingGroup, action_date: date, method: str) -> str:
    """Its name at the bank, unique; a further one of a day that was cancelled before gets a number."""
    cards = " cards" if method == CollectionBatch.Method.CARD else ""
    stem = f"{group.name[:35]}{cards} {action_date}"
    taken = CollectionBatch.objects.filter(name__startswith=stem).count()
    return f"{stem} ({taken + 1})" if taken else stem


@without_gc()
@transaction.atomic
def update(*, batch: CollectionBatch, actor: User | None, now: datetime) -> CollectionBatch:
    """Work a draft out anew from what is owed now. Amounts edited and lines left out by people stay so."""
    batch = locked(batch)
    touch(batch, actor, "Updated it")
    old = rows.now_in(batch)
    wanted = _fill(batch, old, now)
    batch.changes = _changes(old, wanted)
    batch.save(update_fields=["changes"])
    return batch


def locked(batch: CollectionBatch) -> CollectionBatch:
    """The draft with its people's accounts held. Raises DomainError where it is none any more."""
    people = reading.people(group=batch.billing_group_id, method=batch.method)
    theirs = CollectionLine.objects.filter(batch=batch).values_list("customer_id", flat=True)
    locks.hold({*people, *theirs})
    return draft(batch)


def draft(batch: CollectionBatch) -> CollectionBatch:
    """The batch itself, held. Raises DomainError where it is no draft any more."""
    found = CollectionBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if found.state != State.DRAFT:
        raise DomainError(f"{found.name} is {found.get_state_display().lower()}; it is not changed any more.")
    return found


def touch(batch: CollectionBatch, actor: User | None, what: str, *, is_hand: bool = True) -> None:
    """Note what somebody did. Who had a hand in what is collected may not release it."""
    BatchTouch.objects.create(batch=batch, person=actor, what=what[:200], is_hand=is_hand)


def _fill(batch: CollectionBatch, old: Mapping[int, Row], now: datetime) -> dict[int, Row]:
    people = reading.people(group=batch.billing_group_id, method=batch.method)
    if not old:
        locks.hold(people)
    decided = decide(batch, people)
    wanted = {
        planned.customer_id: row_of(one, planned, old.get(planned.customer_id))
        for one, planned in decided
        if isinstance(planned, Planned)
    }
    rows.bring(batch, old, wanted)
    rows.leave_out(batch, [planned for _, planned in decided if isinstance(planned, Out)])
    batch.built_at = now
    batch.save(update_fields=["built_at"])
    batch.refresh_from_db()
    checking.check(batch, now)
    return wanted


def decide(batch: CollectionBatch, people: list[int]) -> list[tuple[Candidate, Planned | Out]]:
    """What becomes of each of these customers in the batch, as things are now."""
    terms = _terms(batch)
    parts = reading.parts(customers=people, batch=batch)
    pasts = reading.pasts(customers=people, batch=batch)
    told = notices.announced(batch)
    decided: list[tuple[Candidate, Planned | Out]] = []
    for one in reading.candidates(customers=people, batch=batch):
        past = pasts.get(one.customer_id, policy.Past())
        planned = policy.plan(one, parts.get(one.customer_id, []), past, terms)
        if isinstance(planned, Planned):
            planned = _with_notice(planned, past, told, batch)
        decided.append((one, planned))
    return decided


def _terms(batch: CollectionBatch) -> Terms:
    rules = reading.rules()
    return Terms(
        action_date=batch.action_date,
        by_card=batch.method == CollectionBatch.Method.CARD,
        channel=batch.channel,
        signed=cutover.signed(),
        minimum=rules.minimum,
        unusual_factor=rules.unusual_factor,
        days=policy.mandated(batch.action_date),
    )


def _with_notice(
    planned: Planned, past: policy.Past, told: notices.Announced, batch: CollectionBatch
) -> Planned:
    if past.last is None or past.last == planned.amount or told.has(planned.customer_id, planned.amount):
        return planned
    warning = policy.not_announced(past.last, batch.action_date, told.days)
    return replace(planned, warnings=[*planned.warnings, warning])


def row_of(one: Candidate, planned: Planned, old: Row | None = None) -> Row:
    """What the line of a customer says; what a person set in `old` stays."""
    row = Row(
        customer_id=one.customer_id,
        mandate_id=one.mandate_id,
        card_id=one.card_id,
        reference=one.code,
        due=planned.due,
        credit=planned.credit,
        amount=planned.amount,
        warnings=tuple(planned.warnings),
        covers=tuple(planned.covers),
    )
    return _as_edited(row, planned, old) if old else row


def _as_edited(row: Row, planned: Planned, old: Row) -> Row:
    """What a person set stays, as far as so much is still due."""
    if old.edited_why:
        amount = min(old.amount, planned.amount)
        row = replace(row, amount=amount, edited_why=old.edited_why, covers=covered(row.covers, amount))
    if old.state == LineState.WITHDRAWN:
        row = replace(row, state=old.state, withdrawn_why=old.withdrawn_why)
    return row


def covered(covers: Any, amount: Decimal) -> tuple[tuple[int, Decimal], ...]:
    """The first of what is covered, up to an amount."""
    return tuple(policy.cover([policy.Part(entry, part) for entry, part in covers], amount))


def _changes(old: Mapping[int, Row], wanted: Mapping[int, Row]) -> list[str]:
    """What an update changed, in words; the first of them one by one."""
    told = [f"{row.reference}: {rand(row.amount)} is new." for pk, row in wanted.items() if pk not in old]
    told += [f"{row.reference}: {rand(row.amount)} is out." for pk, row in old.items() if pk not in wanted]
    told += [
        f"{row.reference}: {rand(old[pk].amount)} is now {rand(row.amount)}."
        for pk, row in wanted.items()
        if pk in old and old[pk].amount != row.amount
    ]
    if len(told) > TOLD:
        return [*told[:TOLD], f"And {len(told) - TOLD:,} more."]
    return told or ["Nothing changed."]

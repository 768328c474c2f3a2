"""Releasing a batch: by a second person, after everything was worked out once more, under a seal (rule 4)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime

from django.db import connection, transaction

from billing.models import CollectionBatch, CollectionLine
from billing.policies.batches import LEFT_OUT, Out, Planned
from billing.selectors import batch_hands, cutover
from billing.services.batches import building, checking, rows
from billing.services.batches.rows import Row
from herotill.bulk import without_gc
from herotill.errors import DomainError
from herotill.money import rand
from herotill.users.models import User

State, LineState = CollectionBatch.State, CollectionLine.State
PAID = "Paid since it was built."


@without_gc()
@transaction.atomic
def release(*, batch: CollectionBatch, actor: User, now: datetime) -> CollectionBatch:
    """Let a batch go. Who has paid since it was built is dropped, with the reason.

    Raises DomainError for who had a hand in it, before the take-over is signed, and for what would be refused.
    """
    batch = building.locked(batch)
    if not cutover.signed():
        raise DomainError("Nothing is collected before what was taken over is signed.")
    _refuse_hands(batch, actor)
    old = rows.now_in(batch)
    rows.bring(batch, old, recomputed(batch, old))
    batch.refresh_from_db()
    if not batch.lines:
        raise DomainError("There is nothing in it to collect.")
    problems = checking.check(batch, now)
    if problems:
        raise DomainError(f"It cannot be released: {problems[0].text}")
    return _sealed(batch, actor, now)


def _refuse_hands(batch: CollectionBatch, actor: User) -> None:
    if why := batch_hands.refusal(batch, actor):
        raise DomainError(why)


def recomputed(batch: CollectionBatch, old: Mapping[int, Row]) -> dict[int, Row]:
    """The lines with no more than may be collected now; none is added, none becomes more."""
    planned = [pk for pk, row in old.items() if row.state == LineState.PLANNED]
    return {
        **old,
        **{
            one.customer_id: _less(old[one.customer_id], building.row_of(one, most))
            if isinstance(most, Planned)
            else _dropped(old[one.customer_id], most)
            for one, most in building.decide(batch, planned)
        },
    }


def _dropped(row: Row, out: Out) -> Row:
    words = PAID if out.why in ("nothing", "credit", "minimum") else f"{LEFT_OUT[out.why]}."
    return replace(row, state=LineState.WITHDRAWN, withdrawn_why=words)


def _less(row: Row, most: Row) -> Row:
    if row.amount == most.amount and not row.edited_why:
        return most
    amount = min(row.amount, most.amount)
    return replace(
        most, amount=amount, edited_why=row.edited_why, covers=building.covered(most.covers, amount)
    )


def _sealed(batch: CollectionBatch, actor: User, now: datetime) -> CollectionBatch:
    CollectionLine.objects.filter(batch=batch, state=LineState.PLANNED).update(released=True)
    batch.release_hash = seal(batch)
    batch.state, batch.released_by, batch.released_at, batch.trouble = State.RELEASED, actor, now, ""
    batch.save(update_fields=["release_hash", "state", "released_by", "released_at", "trouble"])
    lines = "1 line" if batch.lines == 1 else f"{batch.lines:,} lines"
    building.touch(batch, actor, f"Released {lines}, {rand(batch.total)}", is_hand=False)
    return batch


def seal(batch: CollectionBatch) -> str:
    """The hash over lines, amounts, accounts and date as they are now."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT billing_release_hash(%s)", [batch.pk])
        found: str = cursor.fetchone()[0]
        return found


def refuse_broken(batch: CollectionBatch) -> None:
    """Raise DomainError unless the batch is released, and is what was released."""
    if not batch.release_hash or batch.state in (State.DRAFT, State.CANCELLED, State.REJECTED):
        raise DomainError(f"{batch.name} is not released.")
    if seal(batch) != batch.release_hash:
        raise DomainError(
            f"{batch.name} is not what was released: something in it changed since. Take the release back."
        )


@transaction.atomic
def take_back(*, batch: CollectionBatch, why: str, actor: User) -> CollectionBatch:
    """Make a released batch a draft again, before it was sent. Raises DomainError afterwards."""
    found = _open(batch, (State.RELEASED,), why)
    CollectionBatch.objects.filter(pk=found.pk).update(
        state=State.DRAFT, release_hash="", released_by=None, released_at=None, trouble=""
    )
    CollectionLine.objects.filter(batch=found, released=True).update(released=False)
    building.touch(found, actor, f"Took the release back: {why.strip()}")
    found.refresh_from_db()
    return found


@transaction.atomic
def cancel(*, batch: CollectionBatch, why: str, actor: User) -> CollectionBatch:
    """Give a batch up that was not sent; what it would have collected is free for another."""
    found = _open(batch, (State.DRAFT, State.RELEASED), why)
    CollectionBatch.objects.filter(pk=found.pk).update(state=State.CANCELLED, trouble=why.strip()[:300])
    building.touch(found, actor, f"Cancelled it: {why.strip()}")
    found.refresh_from_db()
    return found


def _open(batch: CollectionBatch, states: tuple[str, ...], why: str) -> CollectionBatch:
    if not why.strip():
        raise DomainError("Say why.", field="why")
    found = CollectionBatch.objects.select_for_update(of=("self",)).get(pk=batch.pk)
    if found.state not in states:
        raise DomainError(f"{found.name} is {found.get_state_display().lower()}; it stays so.")
    if found.sent_at:
        raise DomainError(f"{found.name} may have reached the bank; it is looked up first.")
    return found

"""What people change in a draft: an amount, with a reason; a line left out and put back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from billing.models import CollectionBatch, CollectionLine
from billing.policies.batches import LEFT_OUT, Planned
from billing.services import locks
from billing.services.batches import building, checking, rows
from billing.services.batches.rows import Row
from herotill.errors import DomainError
from herotill.money import ZERO, rand
from herotill.users.models import User

State, LineState = CollectionBatch.State, CollectionLine.State


@transaction.atomic
def edit_line(
    *, line: CollectionLine, amount: Decimal, why: str, actor: User, now: datetime
) -> CollectionBatch:
    """Collect another amount of a customer: up to what is due, within the mandate."""
    batch, old, most = _most(line)
    if not why.strip():
        raise DomainError("Say why.", field="why")
    if amount <= ZERO:
        raise DomainError("To collect nothing, leave the line out.", field="amount")
    if amount > most.amount:
        raise DomainError(f"No more than {rand(most.amount)} can be collected.", field="amount")
    wanted = replace(
        most,
        amount=amount,
        edited_why=why.strip()[:200],
        covers=building.covered(most.covers, amount),
        state=old.state,
        withdrawn_why=old.withdrawn_why,
    )
    says = f"{line.reference}: {rand(old.amount)} became {rand(amount)}: {why.strip()}"
    return _changed(batch, old, wanted, actor, says, now)


@transaction.atomic
def withdraw_line(*, line: CollectionLine, why: str, actor: User, now: datetime) -> CollectionBatch:
    """Leave a customer out of this batch."""
    batch, old = _held(line)
    if not why.strip():
        raise DomainError("Say why.", field="why")
    if old.state == LineState.WITHDRAWN:
        raise DomainError("It is left out already.")
    wanted = replace(old, state=LineState.WITHDRAWN, withdrawn_why=why.strip()[:200])
    return _changed(batch, old, wanted, actor, f"{line.reference} left out: {why.strip()}", now)


@transaction.atomic
def put_back(*, line: CollectionLine, actor: User, now: datetime) -> CollectionBatch:
    """Take a customer who was left out by hand back in, with what is due now."""
    batch, old, most = _most(line)
    if old.state != LineState.WITHDRAWN:
        raise DomainError("It is not left out.")
    return _changed(batch, old, most, actor, f"{line.reference} put back", now)


def _held(line: CollectionLine) -> tuple[CollectionBatch, Row]:
    locks.hold([line.customer_id])
    batch = building.draft(line.batch)
    old = rows.now_in(batch, line.customer_id).get(line.customer_id)
    if old is None:
        raise DomainError("This line is no longer in the batch.")
    return batch, old


def _most(line: CollectionLine) -> tuple[CollectionBatch, Row, Row]:
    """The line as it is, and as it would be with all that may be collected now."""
    batch, old = _held(line)
    ((one, planned),) = building.decide(batch, [line.customer_id])
    if not isinstance(planned, Planned):
        raise DomainError(f"Nothing can be collected: {LEFT_OUT[planned.why].lower()}.")
    return batch, old, building.row_of(one, planned)


def _changed(
    batch: CollectionBatch, old: Row, wanted: Row, actor: User, says: str, now: datetime
) -> CollectionBatch:
    rows.bring(batch, {old.customer_id: old}, {wanted.customer_id: wanted})
    building.touch(batch, actor, says)
    batch.refresh_from_db()
    checking.check(batch, now, wanted.customer_id)
    return batch

"""Beginning a move, noting the old system's figures, signing it off and calling it off."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import IntegrityError, transaction

from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.models import MovingIn, OldFigure
from herotill.moving_in import steps
from herotill.moving_in.comparing import compare
from herotill.users.models import User


def begin(*, actor: User) -> MovingIn:
    """Begin a move; billing is off from now on. Raises DomainError while another is under way."""
    try:
        with transaction.atomic():
            return MovingIn.objects.create(began_by=actor)
    except IntegrityError:
        raise DomainError("A move is under way already.") from None


@transaction.atomic
def note(*, step: str, count: int, amount: Decimal | None, actor: User, now: datetime) -> OldFigure:
    """Note what the old system has of a step. A later figure takes the place of the earlier, which the trail keeps."""
    move = _held()
    values = {"count": count, "amount": amount, "noted_by": actor, "noted_at": now}
    return OldFigure.objects.update_or_create(move=move, step=steps[step].name, defaults=values)[0]


@transaction.atomic
def sign(*, actor: User, now: datetime) -> MovingIn:
    """Sign that all has come over; billing is on again. Raises DomainError naming what is still in the way."""
    move = _held()
    if lacks := compare(move, day=local_day(now)).lacks:
        more = f" and {len(lacks) - 3} more" if len(lacks) > 3 else ""
        raise DomainError(f"Nothing was signed. Still in the way: {'; '.join(lacks[:3])}{more}.")
    move.signed_by, move.signed_at = actor, now
    move.save(update_fields=["signed_by", "signed_at"])
    return move


@transaction.atomic
def call_off(*, why: str, actor: User, now: datetime) -> MovingIn:
    """End a move without its proof; what was imported stays. Raises DomainError without a reason."""
    move = _held()
    if not why.strip():
        raise DomainError("Say why it is called off.", field="why")
    move.called_off_by, move.called_off_at, move.why = actor, now, why.strip()[:300]
    move.save(update_fields=["called_off_by", "called_off_at", "why"])
    return move


def _held() -> MovingIn:
    move = MovingIn.objects.select_for_update().filter(MovingIn.OPEN).first()
    if move is None:
        raise DomainError("No move is under way.")
    return move

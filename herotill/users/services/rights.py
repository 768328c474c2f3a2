"""Giving and taking rights and roles. Money rights take a second person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.models import Group
from django.db import transaction

from herotill.errors import DomainError
from herotill.users.grants import ADMINISTRATOR, AUDITOR, Right, money_rights, rights
from herotill.users.models import RightsRequest, Role, User
from herotill.users.policies import granting
from herotill.users.selectors import rights as reading

Cell = tuple[int, str]


@transaction.atomic
def change_matrix(*, names: Iterable[str], wanted: set[Cell], seen: str, actor: User) -> int:
    """Make the roles hold exactly the `wanted` pairs of role and right, as far as `names` go.

    `seen` is the fingerprint of what the form showed. Money rights become requests. Returns how many of
    those were made; raises DomainError if somebody else changed the matrix meanwhile.
    """
    shown = [rights[name] for name in names]
    roles = {role.pk: role for role in Role.objects.select_for_update(of=("self",)).order_by("pk")}
    held = reading.held_by_roles(right.name for right in shown)
    if seen != reading.fingerprint(held, names):
        raise DomainError("Somebody else changed these rights meanwhile. Look at them again, then save.")
    giver, asked = reading.giver(actor), 0
    for right in shown:
        for role in roles.values():
            has, should = right.name in held[role.pk], (role.pk, right.name) in wanted
            if has and not should:
                _take(role, right)
            elif should and not has:
                asked += _give(role, right, giver, actor)
    return asked


def _take(role: Role, right: Right) -> None:
    if role.name == ADMINISTRATOR:
        raise DomainError("Administrators hold every right.")
    role.permissions.remove(reading.permissions([right.name])[right.name])


def _give(role: Role, right: Right, giver: granting.Giver, actor: User) -> int:
    """Give the right, or ask a second person; 1 if asked."""
    if role.name == AUDITOR and right.changes:
        raise DomainError(f"Auditors change nothing, so they cannot get “{right.label}”.")
    refusal = granting.refusal_of_right(
        giver, right=right.name, label=right.label, role=role.name, role_label=role.label
    )
    if refusal:
        raise DomainError(refusal)
    permission = reading.permissions([right.name])[right.name]
    if right.money:
        return _ask(actor, role=role, permission=permission)
    role.permissions.add(permission)
    return 0


def _ask(actor: User, **what: object) -> int:
    _, new = RightsRequest.objects.get_or_create(
        **what, outcome=RightsRequest.Outcome.PENDING, defaults={"requested_by": actor}
    )
    return int(new)


@transaction.atomic
def set_roles(*, user: User, roles: Iterable[Role], actor: User) -> list[Role]:
    """Make these the person's roles; returns those that wait for a second person, as they hold money rights."""
    wanted, present = (
        {role.pk: role for role in roles},
        {role.pk: role for role in Role.objects.filter(user=user)},
    )
    taken = [role for key, role in present.items() if key not in wanted]
    given = [role for key, role in wanted.items() if key not in present]
    if not taken and not given:
        return []
    if user.kind != User.Kind.STAFF:
        raise DomainError("Customers hold no roles.")
    giver = reading.giver(actor)
    if refusal := granting.refusal_of_role(giver, rights=(), role_label="", receiver_id=user.pk):
        raise DomainError(refusal)
    for role in taken:
        if role.name == ADMINISTRATOR:
            keep_an_administrator(without=user)
        user.groups.remove(role.pk)
    return [role for role in given if _give_role(user, role, giver, actor)]


def _give_role(user: User, role: Role, giver: granting.Giver, actor: User) -> bool:
    """Put the person into the role, or ask a second person; True if asked."""
    held = reading.of_role(role)
    refusal = granting.refusal_of_role(giver, rights=held, role_label=role.label, receiver_id=user.pk)
    if refusal:
        raise DomainError(refusal, field="roles")
    if held & money_rights():
        _ask(actor, role=role, user=user)
        return True
    user.groups.add(role.pk)
    return False


def keep_an_administrator(*, without: User) -> None:
    """Refuse what would leave nobody who holds every right. Locks the role, so that two cannot go at once."""
    Group.objects.select_for_update().get(name=ADMINISTRATOR)
    active = set(User.objects.filter(groups__name=ADMINISTRATOR, is_active=True).values_list("pk", flat=True))
    if active == {without.pk}:
        raise DomainError(f"{without} is the last administrator; make somebody else one first.")


@transaction.atomic
def approve(*, request: RightsRequest, actor: User, now: datetime) -> None:
    """Be the second person: what was asked is given."""
    locked = _pending(request)
    refusal = granting.refusal_of_approval(
        reading.giver(actor),
        rights=reading.asked(locked),
        requested_by=locked.requested_by_id,
        receiver_id=locked.user_id,
        role=locked.role.name,
    )
    if refusal:
        raise DomainError(refusal)
    _decide(locked, actor, RightsRequest.Outcome.APPROVED, now)
    if locked.permission:
        locked.role.permissions.add(locked.permission)
    elif locked.user:
        locked.user.groups.add(locked.role.pk)


@transaction.atomic
def refuse(*, request: RightsRequest, actor: User, now: datetime) -> None:
    """Say no to it, or take one's own request back."""
    _decide(_pending(request), actor, RightsRequest.Outcome.REFUSED, now)


def _pending(request: RightsRequest) -> RightsRequest:
    locked = reading.pending().select_for_update(of=("self",)).filter(pk=request.pk).first()
    if locked is None:
        raise DomainError("This was decided already.")
    return locked


def _decide(request: RightsRequest, actor: User, outcome: RightsRequest.Outcome, now: datetime) -> None:
    RightsRequest.objects.filter(pk=request.pk).update(outcome=outcome, decided_by=actor, decided_at=now)

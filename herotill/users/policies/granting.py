"""Who may give which right to whom, decided without the database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Giver:
    """Somebody who gives rights: who they are, what they hold, and in which roles they stand themselves."""

    user_id: int
    holds: frozenset[str]
    roles: frozenset[str]


def refusal_of_right(giver: Giver, *, right: str, label: str, role: str, role_label: str) -> str:
    """Why `giver` may not give a right to a role; "" if they may."""
    if role in giver.roles:
        return f"You hold the role {role_label} yourself; somebody else has to change its rights."
    if right not in giver.holds:
        return f"You cannot give “{label}”, since you do not hold it."
    return ""


def refusal_of_role(giver: Giver, *, rights: Iterable[str], role_label: str, receiver_id: int) -> str:
    """Why `giver` may not put somebody into a role; "" if they may."""
    if receiver_id == giver.user_id:
        return "You cannot change your own roles."
    if missing := set(rights) - giver.holds:
        return f"You cannot give the role {role_label}: it holds {len(missing)} rights that you do not."
    return ""


def refusal_of_taking_over(giver: Giver, *, rights: Iterable[str], name: str) -> str:
    """Why `giver` may not say where somebody's password links go; "" if they may: it could make them that person."""
    if missing := set(rights) - giver.holds:
        return f"{name} holds {len(missing)} rights that you do not; somebody who holds them has to do this."
    return ""


def refusal_of_approval(
    approver: Giver, *, rights: Iterable[str], requested_by: int, receiver_id: int | None, role: str
) -> str:
    """Why `approver` may not be the second person; "" if they may. `receiver_id` is None for a right of a role."""
    if approver.user_id == requested_by:
        return "A second person has to approve what you gave."
    if approver.user_id == receiver_id or (receiver_id is None and role in approver.roles):
        return "You would give this to yourself; somebody else has to approve it."
    if set(rights) - approver.holds:
        return "You can approve only rights that you hold."
    return ""

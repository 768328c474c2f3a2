"""Reads about who holds which right."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.contrib.auth.models import Group, Permission
from django.db.models import F, QuerySet, Value
from django.db.models.functions import Concat

from herotill.users.grants import ROLES, rights
from herotill.users.models import RightsRequest, Role, User
from herotill.users.policies.granting import Giver

NAME = Concat(F("content_type__app_label"), Value("."), F("codename"))


def giver(user: User) -> Giver:
    """The person as somebody who gives rights; what is blocked for them now does not count as held."""
    return Giver(
        user.pk, frozenset(user.get_all_permissions()), frozenset(user.groups.values_list("name", flat=True))
    )


def roles() -> list[Role]:
    """All roles, those that come with the product first and in their order."""
    known = list(ROLES)
    return sorted(
        Role.objects.all(),
        key=lambda role: (known.index(role.name) if role.name in known else 99, role.label),
    )


def held_by_roles(names: Iterable[str] | None = None) -> dict[int, set[str]]:
    """The rights of each role by its number; only those in `names` if given."""
    pairs: Any = Group.permissions.through.objects.annotate(
        right=Concat(F("permission__content_type__app_label"), Value("."), F("permission__codename"))
    )
    if names is not None:
        pairs = pairs.filter(right__in=list(names))
    held: dict[int, set[str]] = defaultdict(set)
    for role, right in pairs.values_list("group_id", "right"):
        held[role].add(right)
    return held


def of_role(role: Role) -> set[str]:
    return set(role.permissions.annotate(right=NAME).values_list("right", flat=True))


def of_person(user: User) -> set[str]:
    """What the person's roles hold, whether they may log in or not."""
    return set(
        Permission.objects.filter(group__user=user).annotate(right=NAME).values_list("right", flat=True)
    )


def permissions(names: Iterable[str]) -> dict[str, Permission]:
    """The rows of these rights by name."""
    found = (
        Permission.objects.annotate(right=NAME).filter(right__in=list(names)).select_related("content_type")
    )
    return {each.right: each for each in found}


def fingerprint(held: dict[int, set[str]], names: Iterable[str]) -> str:
    """Changes when any role gains or loses one of `names`: what a form saw, to compare on saving."""
    wanted = set(names)
    lines = [
        f"{role}:{','.join(sorted(held[role] & wanted))}" for role in sorted(held) if held[role] & wanted
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()[:16]


def areas() -> dict[str, str]:
    """The apps that have rights, by label, in words."""
    return {right.app: right.area for right in rights}


def pending() -> QuerySet[RightsRequest]:
    """What waits for a second person, the oldest first."""
    wanted = RightsRequest.objects.filter(outcome=RightsRequest.Outcome.PENDING)
    return wanted.select_related("role", "permission__content_type", "user", "requested_by")


def asked(request: RightsRequest) -> Sequence[str]:
    """The rights that approving this request gives."""
    if request.permission:
        return [f"{request.permission.content_type.app_label}.{request.permission.codename}"]
    return sorted(of_role(request.role))

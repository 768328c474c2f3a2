"""The roles and what they hold from the start, brought up to date after every migration."""

from __future__ import annotations

from django.contrib.auth.models import Group, Permission
from django.db import transaction

from herotill.users.grants import ADMINISTRATOR, ROLES, given
from herotill.users.models import AppliedGrant, Role
from herotill.users.selectors.rights import NAME


@transaction.atomic
def apply() -> None:
    """Make missing roles, give each default grant once, and administrators everything.

    A grant that a person took away since stays away; AppliedGrant remembers that it was made.
    """
    roles = _roles()
    permissions: dict[str, int] = dict(Permission.objects.annotate(right=NAME).values_list("right", "pk"))
    wanted = {(roles[role], permissions[name]) for role, name in given() if name in permissions}
    new = wanted - set(AppliedGrant.objects.values_list("role_id", "permission_id"))
    AppliedGrant.objects.bulk_create(
        (AppliedGrant(role_id=role, permission_id=permission) for role, permission in new),
        ignore_conflicts=True,
    )
    _hold(new | {(roles[ADMINISTRATOR], permission) for permission in permissions.values()})


def _roles() -> dict[str, int]:
    present = dict(Role.objects.values_list("name", "pk"))
    for name, (label, description) in ROLES.items():
        if name not in present:
            present[name] = Role.objects.create(name=name, label=label, description=description).pk
    return present


def _hold(pairs: set[tuple[int, int]]) -> None:
    through = Group.permissions.through
    through.objects.bulk_create(
        (through(group_id=role, permission_id=permission) for role, permission in pairs),
        ignore_conflicts=True,
    )

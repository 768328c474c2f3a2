"""The first person of an installation, whom nobody could let in."""

from __future__ import annotations

from django.contrib.auth.models import Group
from django.db import transaction

from herotill.errors import DomainError
from herotill.users.grants import ADMINISTRATOR
from herotill.users.models import User


@transaction.atomic
def make_first(*, username: str, name: str, email: str, password: str) -> User:
    """An administrator where there is none who may log in. Raises DomainError where there is one, or the name is taken.

    Somebody who has the name already, on the staff and switched off or without the role, is not made one by this.
    """
    role = Group.objects.select_for_update().get(name=ADMINISTRATOR)
    if User.objects.filter(groups=role, is_active=True).exists():
        raise DomainError("There is an administrator already, who can take others on under Setup, People.")
    if User.objects.by_name(username).exists():
        raise DomainError(f"The log-in name {username} is taken.")
    user = User.objects.create_user(username, password, kind=User.Kind.STAFF, name=name, email=email)
    user.groups.add(role)
    return user

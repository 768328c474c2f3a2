"""What a token may be for. Each scope stands for one right, which its owner has to hold as well."""

from __future__ import annotations

from dataclasses import dataclass

from ninja import Router

from herotill.access import may
from herotill.registry import Registry
from herotill.users.models import User


@dataclass(frozen=True, slots=True)
class Scope:
    """A part of the API. `label` says in words what it lets a program do."""

    name: str
    label: str
    right: str
    order: int = 100


@dataclass(frozen=True, slots=True)
class Resource:
    """Endpoints of one app about one noun."""

    name: str
    router: Router
    order: int = 100


scopes: Registry[Scope] = Registry("scope")
resources: Registry[Resource] = Registry("API resource")


def open_to(user: User) -> list[Scope]:
    """The scopes that this person may give to a token: those whose right they hold."""
    return [scope for scope in scopes if may(user, scope.right)]

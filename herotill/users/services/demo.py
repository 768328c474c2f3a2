"""The people of the demo, whose password everybody knows."""

from __future__ import annotations

from functools import cache

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction

from herotill.demo import DemoOrder
from herotill.errors import DomainError
from herotill.users.backends import DEMO_PASSWORD
from herotill.users.grants import ADMINISTRATOR, ROLES
from herotill.users.models import User
from herotill.users.services import default_grants

NAMES = {
    ADMINISTRATOR: "Naledi Mokoena",
    "manager": "Pieter Steenkamp",
    "accounts": "Fatima Davids",
    "collections": "Themba Ndlovu",
    "sales": "Chloe Adams",
    "support": "Sipho Dlamini",
    "technician": "Johan Botha",
    "auditor": "Priya Govender",
}


@cache
def password_hash() -> str:
    """The demo's one password, hashed once: everybody shares it."""
    return make_password(DEMO_PASSWORD)


@transaction.atomic
def people() -> dict[str, User]:
    """One person for each role, made or brought back, by log-in name; refuses outside DEMO."""
    if not settings.DEMO:
        raise DomainError("Known passwords exist in the demo only: set DEMO=1.")
    default_grants.apply()
    return {_log_in_name(role): _person(role) for role in ROLES}


def _log_in_name(role: str) -> str:
    return "admin" if role == ADMINISTRATOR else role


def _person(role: str) -> User:
    username = _log_in_name(role)
    values = {
        "kind": User.Kind.STAFF,
        "name": NAMES[role],
        "email": f"{username}@isp.example",
        "password": password_hash(),
        "is_active": True,
    }
    user, _ = User.objects.update_or_create(username=username, defaults=values)
    user.groups.add(Group.objects.get(name=role))
    return user


def make_people(order: DemoOrder) -> None:
    """The demo's part of this app; outside DEMO there are no log-ins with a known password."""
    if settings.DEMO:
        people()
    else:
        order.say("No log-ins made: passwords that everybody knows exist with DEMO=1 only.")

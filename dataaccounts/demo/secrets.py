"""Passwords and secrets: known in the demo, so that a router may be simulated; random anywhere else."""

from __future__ import annotations

import random

from django.conf import settings

from dataaccounts.services import radius_secrets
from herotill.demo import DemoOrder

SECRET_LENGTH = 24


def password(order: DemoOrder, username: str) -> str | None:
    """The password of an account of the demo; outside it None, which makes a random one."""
    return _drawn(order, f"password/{username}", radius_secrets.PASSWORD_LENGTH)


def secret(order: DemoOrder, number: int) -> str | None:
    """The secret of a router of the demo, likewise."""
    return _drawn(order, f"secret/{number}", SECRET_LENGTH)


def _drawn(order: DemoOrder, what: str, length: int) -> str | None:
    if not settings.DEMO:
        return None
    chance = random.Random(f"{order.seed}/{what}")
    return "".join(chance.choices(radius_secrets.LETTERS, k=length))

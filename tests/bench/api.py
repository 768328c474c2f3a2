"""The API's list of customers, at its beginning and deep within, and one customer, against the floor view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.test import Client, override_settings
from django.utils import timezone

from customers.models import Customer
from herotill.api.services import tokens
from herotill.users.models import User
from tests.bench.pages import PageBench

LIST = "/api/v1/customers"


@dataclass(frozen=True)
class ApiPages:
    """Answers for a program of the administrator; its token goes with the transaction."""

    name: str

    def run(self, size: int) -> dict[str, Any]:
        now = timezone.now()
        with transaction.atomic(), override_settings(API_PER_MINUTE=10**9):
            _, text = tokens.make(
                owner=User.objects.get(username="admin"),
                name="Bench",
                wanted=["customers:read"],
                expires_at=now + timedelta(days=1),
                now=now,
            )
            headers = {"Authorization": f"Bearer {text}"}
            told = PageBench(self.name, lambda browser: _addresses(browser, headers), headers=headers).run(
                size
            )
            transaction.set_rollback(True)
        return told


def _addresses(browser: Client, headers: dict[str, str]) -> Sequence[str]:
    """The first page, one that begins in the middle, those of a status, one customer."""
    deep = LIST
    for _ in range(20):
        following = browser.get(deep, headers=headers).json()["next"]
        if not following:
            break
        deep = f"{LIST}?cursor={following}"
    some = Customer.objects.order_by("code").first()
    assert some is not None
    return [LIST, deep, f"{LIST}?status=active", f"{LIST}?status=suspended", f"{LIST}/{some.code}"]

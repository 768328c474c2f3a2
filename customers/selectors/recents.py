"""Which customers a person opened last."""

from __future__ import annotations

from typing import Any

from customers.models import Customer
from herotill.reading import reading
from herotill.users.selectors import preferences

KEY = "customers.recent"
MOST = 10


def ids(*, user: Any) -> list[int]:
    """The ids of the customers this person opened last, the latest first."""
    return list(preferences.one(user=user, key=KEY, default=[]))


def latest(*, user: Any) -> list[Customer]:
    """Those customers, the latest first; who has been deleted since is left out."""
    order = ids(user=user)
    known = Customer.objects.using(reading()).in_bulk(order)
    return [known[pk] for pk in order if pk in known]

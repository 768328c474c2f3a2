"""Packages that customers asked for in the portal."""

from __future__ import annotations

from customers.models import Customer
from dataaccounts.models import PackageWish
from herotill.counting import remembered

SHOWN, MOST = 5, 200
WAITING = PackageWish.State.WAITING
RELATED = ("account__package", "account__customer", "to_package", "decided_by")


def of(*, customer: Customer) -> list[PackageWish]:
    """The newest of a customer's."""
    found = PackageWish.objects.filter(account__customer=customer).select_related(*RELATED)
    return list(found.order_by("-pk")[:SHOWN])


def waiting() -> list[PackageWish]:
    """Those that wait for an answer, the oldest first."""
    found = PackageWish.objects.filter(state=WAITING).select_related(*RELATED)
    return list(found.order_by("pk")[:MOST])


@remembered("package-wishes")
def count() -> int:
    """How many wait."""
    return PackageWish.objects.filter(state=WAITING).count()

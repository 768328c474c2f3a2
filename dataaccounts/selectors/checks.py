"""Whose identity and address were checked, by whom, when, and against which document."""

from __future__ import annotations

from collections.abc import Collection

from customers.models import Customer
from dataaccounts.models import IdentityCheck

KINDS: tuple[str, ...] = tuple(IdentityCheck.Kind.values)
LABELS = dict(IdentityCheck.Kind.choices)


def newest(*, customer: Customer) -> dict[str, IdentityCheck]:
    """The newest check of each kind at a customer."""
    found = IdentityCheck.objects.filter(customer=customer).select_related("checked_by", "attachment")
    return {check.kind: check for check in found.order_by("checked_on", "pk")}


def missing(customers: Collection[int]) -> dict[int, list[str]]:
    """Which kinds of check these customers lack, for those who lack any."""
    done = set(
        IdentityCheck.objects.filter(customer__in=customers).values_list("customer", "kind").distinct()
    )
    lacking = {pk: [kind for kind in KINDS if (pk, kind) not in done] for pk in customers}
    return {pk: kinds for pk, kinds in lacking.items() if kinds}

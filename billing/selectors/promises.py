"""What is read of promises to pay."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from billing.models import Promise
from customers.models import Customer
from herotill.reading import reading


def open(customer_ids: Sequence[int]) -> Mapping[int, Promise]:
    """The open promise of each of these customers that has one; it holds their suspension case."""
    found = Promise.objects.filter(customer__in=customer_ids, state=Promise.State.OPEN)
    return {one.customer_id: one for one in found}


def of(*, customer: Customer, limit: int = 20) -> list[Promise]:
    """What a customer promised, the newest first."""
    found = Promise.objects.using(reading()).filter(customer=customer).select_related("made_by")
    return list(found.order_by("-pk")[:limit])

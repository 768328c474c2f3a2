"""Finding accounts by what somebody typed."""

from __future__ import annotations

from typing import Any

from django.db.models import Q, QuerySet

from customers.models import Customer
from dataaccounts.models import DataAccount
from dataaccounts.policies.usernames import tidy
from herotill.lists import Search
from herotill.reading import reading
from herotill.search import Row

SHORTEST = 2


def by_username(folded: str, limit: int) -> list[Row]:
    """The accounts whose user name begins so, for the global search."""
    if len(folded) < SHORTEST:
        return []
    found = DataAccount.objects.using(reading()).filter(username__startswith=folded).order_by("username")
    columns = ("pk", "customer_id", "username", "state", "customer__name", "customer__code")
    return [_row(folded, *row) for row in found.values_list(*columns)[:limit]]


def _row(folded: str, pk: int, customer: int, username: str, state: str, name: str, code: str) -> Row:
    return Row(
        place=1 if username == folded else 2,
        kind="dataaccount",
        object_id=pk,
        customer_id=customer,
        code=code,
        title=username,
        detail=name,
        state=state,
    )


def narrow(text: str, person: Any) -> Search:
    """Accounts whose user name begins so, or all of a customer by its code."""
    wanted = tidy(text)
    customer = Customer.objects.filter(code=wanted.upper()).values_list("pk", flat=True).first()

    def narrowed(rows: QuerySet[Any], along: str = "") -> QuerySet[Any]:
        if customer:
            return rows.filter(Q(customer=customer) | Q(username__startswith=wanted))
        return rows.filter(username__startswith=wanted)

    return narrowed

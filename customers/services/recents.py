"""Remembering which customers a person opened."""

from __future__ import annotations

from typing import Any

from customers.models import Customer
from customers.selectors import recents
from herotill.users.models import Preference


def opened(*, user: Any, customer: Customer) -> None:
    """Put the customer first among those this person opened last; writes nothing where it stands there already."""
    before = recents.ids(user=user)
    if before[:1] == [customer.pk]:
        return
    after = [customer.pk, *(pk for pk in before if pk != customer.pk)][: recents.MOST]
    Preference.objects.bulk_create(
        [Preference(user=user, key=recents.KEY, value=after)],
        update_conflicts=True,
        unique_fields=["user", "key"],
        update_fields=["value"],
    )

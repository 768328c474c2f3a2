"""How a person arranged the cards of the profile."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import transaction

from herotill.users.models import Preference

KEY = "profile.cards"


@transaction.atomic
def save(*, user: Any, order: Sequence[str] | None, cards: Sequence[str], collapsed: bool) -> None:
    """Keep the `order` of the cards, where given, and whether `cards` are collapsed."""
    Preference.objects.get_or_create(user=user, key=KEY, defaults={"value": {}})
    row = Preference.objects.select_for_update().get(user=user, key=KEY)
    folded = set(row.value.get("collapsed", []))
    folded = folded | set(cards) if collapsed else folded - set(cards)
    row.value = {
        "order": list(order if order is not None else row.value.get("order", [])),
        "collapsed": sorted(folded),
    }
    row.save(update_fields=["value"])

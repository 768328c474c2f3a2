"""How many leads wait in each list. Counted now and then for everybody, for every page shows some of it."""

from __future__ import annotations

from collections.abc import Iterable

from django.core.cache import cache
from django.db import transaction
from django.db.models import Count

from workflow.models import Lead, Place
from workflow.policies import way

KEY, SECONDS = "count:workflow-lists", 60


def _count() -> dict[str, int]:
    found = Lead.objects.order_by().values_list("step").annotate(Count("pk"))
    return dict.fromkeys(Place.values, 0) | {str(place): number for place, number in found}


def counts() -> dict[str, int]:
    """How many leads are in each list, as of the last minute or the last move."""
    found: dict[str, int] = cache.get_or_set(KEY, _count, SECONDS) or {}
    return found


def work(places: Iterable[str] = way.TO_DO) -> int:
    """How many leads in these lists wait for somebody here."""
    found = counts()
    return sum(found.get(place, 0) for place in places)


def changed() -> None:
    """Have the figures counted anew, once the running transaction has committed."""
    transaction.on_commit(lambda: cache.delete(KEY))

"""Files of rates that hold several versions of a deck, each from a day of its own."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date

from django.db import transaction

from dataaccounts.models import Deck, DeckVersion
from dataaccounts.services import decks
from herotill.errors import DomainError


@transaction.atomic
def add_versions(
    *, deck: Deck, records: Sequence[Mapping[str, str]], valid_from: date | None
) -> list[DeckVersion]:
    """Make a version of all records from a day, or one for each day that their column `valid_from` says.

    Raises DomainError where a day is missing or none, or a record is wrong; then nothing is kept.
    """
    found: dict[date, list[Mapping[str, str]]] = defaultdict(list)
    for place, record in enumerate(records, start=2):
        found[valid_from or _day(record, place)].append(record)
    if not found:
        raise DomainError("The file has no rates.", field="file")
    return [decks.add_version(deck=deck, valid_from=day, records=found[day]) for day in sorted(found)]


def _day(record: Mapping[str, str], place: int) -> date:
    try:
        return date.fromisoformat((record.get("valid_from") or "").strip())
    except ValueError:
        raise DomainError(
            f"Line {place} does not say from when it is in force.", field="valid_from"
        ) from None

"""What is read of files of calls: what became of their rows, who called without a line, and what has no rate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet

from dataaccounts.models import Call, CallCharge, CallFile, CallRow, VoiceCaller, VoiceLine

Who = tuple[int, tuple[str, ...]]
SHOWN = 200
ON_A_PAGE = 25
LAST_ROW = 2**31 - 1
OUTCOMES = dict(CallRow.Outcome.choices)
REASONS = {
    "columns": "Another number of columns than the format has",
    "bad_date": "The start is no date and time of the format",
    "bad_duration": "The length is none",
    "bad_cost": "The cost is no amount",
    "bad_number": "The number called is none",
    "unanswered": "Nobody answered",
    "inbound": "Came in",
    "internal": "Stayed inside",
    "other_leg": "The far leg of another row's call",
}


@dataclass(frozen=True, slots=True)
class Unknown:
    """Somebody whose calls have no line: what most records say, in how many ways they write it, how many, and when."""

    caller: VoiceCaller
    ways: int
    calls: int
    first: datetime
    last: datetime


def outcomes(file: CallFile) -> list[tuple[str, int]]:
    """What became of a file's rows, in words, and how many of each."""
    found = file.counts.get("outcomes", {})
    return [(label, found[name]) for name, label in OUTCOMES.items() if found.get(name)]


def reasons(file: CallFile) -> list[tuple[str, int]]:
    """Why rows are no calls to bill, in words, and how many of each."""
    found = file.counts.get("reasons", {})
    return [(REASONS.get(name, name), count) for name, count in sorted(found.items())]


def charged(file: CallFile) -> int:
    """How many of a file's calls are charged."""
    return Call.objects.filter(file=file, charge__isnull=False).count()


def in_trouble(file: CallFile, after: int = 0) -> tuple[list[dict[str, Any]], int | None]:
    """Rows of a file that could not be read, had no line or no rate, with what stood there: a page after a row.

    Beside them the row after which the next page begins, if there is one.
    """
    looked_at = ("refused", "unmatched", "unrated")
    rows = CallRow.objects.filter(file=file, outcome__in=looked_at, row__gt=min(after, LAST_ROW))
    found = list(rows.order_by("row")[: ON_A_PAGE + 1])
    more = found[ON_A_PAGE - 1].row if len(found) > ON_A_PAGE else None
    return [
        {
            "row": one.row,
            "said": REASONS.get(one.reason) or OUTCOMES[one.outcome],
            "raw": one.raw[:300],
        }
        for one in found[:ON_A_PAGE]
    ], more


def unknown() -> list[Unknown]:
    """Who called without a line, those with most calls first, one number in several ways of writing as one.

    Two queries; of very many callers those with most calls count.
    """
    rows = CallRow.objects.filter(outcome="unmatched").order_by()
    counted = rows.values("caller").annotate(calls=Count("row"), first=Min("start"), last=Max("start"))
    found: list[dict[str, Any]] = [dict(one) for one in counted.order_by("-calls", "caller")[: SHOWN * 10]]
    callers = VoiceCaller.objects.select_related("source").in_bulk([one["caller"] for one in found])
    ways: dict[Who, list[dict[str, Any]]] = {}
    for one in found:
        if one["caller"] in callers:
            ways.setdefault(who(callers[one["caller"]]), []).append(one)
    together = [_together(callers[held[0]["caller"]], held) for held in ways.values()]
    return sorted(together, key=lambda one: -one.calls)[:SHOWN]


def _together(caller: VoiceCaller, held: Sequence[dict[str, Any]]) -> Unknown:
    first, last = min(one["first"] for one in held), max(one["last"] for one in held)
    return Unknown(caller, len(held), sum(one["calls"] for one in held), first, last)


def who(caller: VoiceCaller) -> Who:
    """Who that is, however it is written: texts that are numbers as such, others whatever their case."""
    read = zip(caller.texts, caller.numbers, strict=False)
    return caller.source_id, tuple(number or text.lower() for text, number in read)


def alike(caller: VoiceCaller) -> list[VoiceCaller]:
    """A caller, and those of its source who are the same in other ways of writing."""
    found = VoiceCaller.objects.filter(source=caller.source_id, numbers=caller.numbers).order_by("pk")
    return [one for one in found if who(one) == who(caller)]


def linked() -> list[VoiceCaller]:
    """Who was said to be a line, the latest first."""
    found = VoiceCaller.objects.filter(line__isnull=False).select_related("source", "line__customer")
    return list(found.order_by("-linked_at", "-pk")[:SHOWN])


def lines_for(caller: VoiceCaller) -> QuerySet[VoiceLine]:
    """The lines that a caller may be: those of its source, and those that were before they went to another.

    That is told by their calls, or by the caller's number.
    """
    numbers = [number for number in caller.numbers if number]
    of_old = Call.objects.filter(file__profile__source=caller.source_id, line=OuterRef("pk"))
    return VoiceLine.objects.filter(Q(source=caller.source_id) | Q(number__in=numbers) | Exists(of_old))


def unrated() -> list[dict[str, Any]]:
    """Numbers called for which a deck has no row, by their beginnings; those called most first."""
    rows = CallRow.objects.filter(outcome="unrated").order_by()
    found = rows.values("called", "source").annotate(calls=Count("row"), last=Max("start"))
    return [dict(one) for one in found.order_by("-calls", "called")[:SHOWN]]


def waiting() -> int:
    """How many rows wait for a line or a rate; at most as many as are shown."""
    rows = CallRow.objects.filter(outcome__in=("unmatched", "unrated"))
    return rows.order_by()[: SHOWN * 10].count()


def of_charges(charges: Sequence[int], limit: int | None = None) -> list[Call]:
    """The calls that charges took, by line and moment."""
    found = Call.objects.filter(charge__in=charges).select_related("line").order_by("line", "start", "row")
    return list(found if limit is None else found[:limit])


def charges_of(named: Sequence[tuple[int, date, int]]) -> list[CallCharge]:
    """The charges of lines in months, each by its place there."""
    lines = {line for line, _, _ in named}
    found = CallCharge.objects.filter(line__in=lines, month__in={month for _, month, _ in named})
    wanted = set(named)
    return [one for one in found.select_related("line") if (one.line_id, one.month, one.place) in wanted]

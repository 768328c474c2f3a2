"""The board: phases with their lists and counters, and the leads that have waited longest in each."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, QuerySet, Value
from django.db.models.functions import Coalesce, NullIf

from herotill.folding import fold
from herotill.users.models import User
from workflow.models import Area, Lead, Source, Step
from workflow.policies import ageing
from workflow.selectors.missing import missing_where_they_wait

SHOWN = 20
READ = (
    "pk",
    "name",
    "step",
    "step_since",
    "town",
    "suburb",
    "next_action",
    "next_action_on",
    "area__name",
    "source__name",
    "owner__name",
    "owner__username",
)


@dataclass(frozen=True, slots=True)
class Counted:
    """A list, how many wait in it, and after how many days that is late and too long."""

    key: str
    name: str
    count: int
    late_after: int
    overdue_after: int
    gates: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Stage:
    """A phase and its lists."""

    key: str
    name: str
    lists: tuple[Counted, ...]

    @property
    def count(self) -> int:
        return sum(one.count for one in self.lists)


@dataclass(frozen=True, slots=True)
class Card:
    """A lead on the board."""

    pk: int
    name: str
    where: str
    owner: str
    area: str
    source: str
    action: str
    waited: int
    age: ageing.Age
    missing: tuple[str, ...]


def phases(counts: Mapping[str, int]) -> list[Stage]:
    """The phases in their order, each with its lists; `counts` says how many wait in each."""
    steps = Step.objects.filter(phase__isnull=False).select_related("phase")
    of: dict[str, list[Counted]] = {}
    names: dict[str, str] = {}
    for one in steps.order_by("phase__position", "phase", "position", "key"):
        names[str(one.phase_id)] = str(one.phase)
        made = Counted(
            one.key,
            one.name,
            counts.get(one.key, 0),
            one.late_after,
            one.overdue_after,
            tuple(one.gates),
        )
        of.setdefault(str(one.phase_id), []).append(made)
    return [Stage(key, name, tuple(of[key])) for key, name in names.items()]


def cards(
    rows: QuerySet[Lead], shown: Iterable[Counted], every: Iterable[Stage], now: datetime
) -> dict[str, list[Card]]:
    """The first leads of each of these lists among `rows`, who waits longest first; one more than is shown."""
    setup = {one.key: one.gates for stage in every for one in stage.lists}
    lists = {one.key: one for one in shown}
    found = _first(rows, lists)
    needs = missing_where_they_wait({row["pk"]: row["step"] for row in found}, setup)
    columns: dict[str, list[Card]] = {key: [] for key in lists}
    for row in found:
        columns[row["step"]].append(_card(row, lists[row["step"]], needs.get(row["pk"], []), now))
    return columns


def _first(rows: QuerySet[Lead], lists: Iterable[str]) -> list[dict[str, Any]]:
    """One walk along the index of each list, all in one question."""
    longest = rows.order_by("step_since", "pk").values("pk")
    walks = [longest.filter(step=key)[: SHOWN + 1] for key in lists]
    if not walks:
        return []
    ids = walks[0].union(*walks[1:], all=True) if len(walks) > 1 else walks[0]
    return list(Lead.objects.filter(pk__in=ids).order_by("step_since", "pk").values(*READ))


def choices() -> dict[str, list[tuple[str, str]]]:
    """What the board can be narrowed by: people, areas and sources, each by id and name, in one question."""
    people = User.objects.filter(kind=User.Kind.STAFF, is_active=True).annotate(
        of=Value("owner"), called=Coalesce(NullIf("name", Value("")), "username")
    )
    areas = Area.objects.annotate(of=Value("area"), called=F("name"))
    sources = Source.objects.annotate(of=Value("source"), called=F("name"))
    asked = (each.order_by().values_list("of", "pk", "called") for each in (people, areas, sources))
    first, *others = asked
    found: dict[str, list[tuple[str, str]]] = {"owner": [], "area": [], "source": []}
    for of, pk, called in sorted(first.union(*others, all=True), key=lambda row: fold(row[2])):
        found[of].append((str(pk), called))
    return found


def _card(row: Mapping[str, Any], where: Counted, missing: Iterable[str], now: datetime) -> Card:
    waited = ageing.days(row["step_since"], now)
    action = " ".join(filter(None, (str(row["next_action_on"] or ""), row["next_action"])))
    return Card(
        row["pk"],
        row["name"],
        row["suburb"] or row["town"],
        row["owner__name"] or row["owner__username"] or "",
        row["area__name"] or "",
        row["source__name"] or "",
        action,
        waited,
        ageing.age(waited, where.late_after, where.overdue_after),
        tuple(missing),
    )

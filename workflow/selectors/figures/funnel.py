"""How far leads come, and how long that takes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from herotill.figures import Days, asked
from workflow.models import Phase, Place
from workflow.policies import way

SECONDS_OF_DAY = Decimal(86400)
# How far each list is on the way, as the phases are known to the code; lost is nowhere on it.
RANKS = {
    place: list(way.PHASES.values()).index(way.PHASES[place.partition("-")[0]]) if "-" in place else 6
    for place in way.WAY
}
REACHED = """
WITH ranks (step, rank) AS (SELECT * FROM unnest(%(steps)s::text[], %(ranks)s::int[])),
cohort AS (
    SELECT id, step_id FROM workflow_lead
    WHERE created_at >= %(first)s AND created_at < %(end)s AND merged_into_id IS NULL
        AND (%(owner)s::bigint IS NULL OR owner_id = %(owner)s)
        AND (%(area)s::bigint IS NULL OR area_id = %(area)s)
        AND (%(source)s::bigint IS NULL OR source_id = %(source)s)
),
furthest AS (
    SELECT c.id, c.step_id, greatest(max(came.rank), max(is_in.rank), max(was.rank), 0) AS rank
    FROM cohort c
    LEFT JOIN workflow_move m ON m.lead_id = c.id
    LEFT JOIN ranks came ON came.step = m.to_step
    LEFT JOIN ranks was ON was.step = m.from_step
    LEFT JOIN ranks is_in ON is_in.step = c.step_id
    GROUP BY c.id, c.step_id
)
SELECT f.rank, coalesce(here.rank, -1) AS here, f.step_id = 'lost' AS lost, count(*) AS leads
FROM furthest f LEFT JOIN ranks here ON here.step = f.step_id GROUP BY 1, 2, 3
"""
# What each lead spent in a phase that it left during these days, whatever lists it went through there.
SPENT = """
WITH ranks (step, rank) AS (SELECT * FROM unnest(%(steps)s::text[], %(ranks)s::int[])),
stays AS (
    SELECT r.rank, m.lead_id, sum(extract(epoch FROM m.at - m.since)) AS seconds,
        bool_or(coalesce(next.rank, -1) <> r.rank) AS has_left
    FROM workflow_move m JOIN ranks r ON r.step = m.from_step LEFT JOIN ranks next ON next.step = m.to_step
    JOIN workflow_lead l ON l.id = m.lead_id
    WHERE m.at >= %(first)s AND m.at < %(end)s AND m.since IS NOT NULL
        AND (%(owner)s::bigint IS NULL OR l.owner_id = %(owner)s)
        AND (%(area)s::bigint IS NULL OR l.area_id = %(area)s)
        AND (%(source)s::bigint IS NULL OR l.source_id = %(source)s)
    GROUP BY r.rank, m.lead_id
)
SELECT rank, avg(seconds)::numeric AS mean, percentile_cont(0.5) WITHIN GROUP (ORDER BY seconds)::numeric AS median
FROM stays WHERE has_left GROUP BY rank
"""


@dataclass(frozen=True, slots=True)
class Whose:
    """Of which person, area and source; None for all."""

    owner: int | None = None
    area: int | None = None
    source: int | None = None

    @property
    def values(self) -> dict[str, int | None]:
        return {"owner": self.owner, "area": self.area, "source": self.source}


@dataclass(frozen=True, slots=True)
class Stage:
    """A phase: how many came so far, of those before and of all, in per cent; how many are here, were lost from
    here; the days that leads spent in it."""

    name: str
    reached: int
    of_previous: Decimal | None
    of_all: Decimal | None
    here: int
    lost: int
    median: Decimal | None
    mean: Decimal | None


def funnel(days: Days, whose: Whose = Whose()) -> list[Stage]:
    """The leads captured during these days, by how far they have come by now; and the time phases took whoever
    left them during these days."""
    values = {
        **days.bounds,
        **whose.values,
        "steps": list(RANKS),
        "ranks": list(RANKS.values()),
    }
    found = asked(REACHED, values)
    spent = {row["rank"]: row for row in asked(SPENT, values)}
    return _stages(found, spent)


def _stages(found: Sequence[dict[str, Any]], spent: dict[int, dict[str, Any]]) -> list[Stage]:
    names = dict(Phase.objects.values_list("key", "name"))
    every = sum(row["leads"] for row in found)
    made: list[Stage] = []
    for rank, key in enumerate((*way.PHASES.values(), Place.WON.value)):
        reached = sum(row["leads"] for row in found if row["rank"] >= rank)
        times = spent.get(rank, {})
        made.append(
            Stage(
                names.get(key, "Won"),
                reached,
                share(reached, made[-1].reached) if made else None,
                share(reached, every),
                sum(row["leads"] for row in found if row["here"] == rank),
                sum(row["leads"] for row in found if row["lost"] and row["rank"] == rank),
                in_days(times.get("median")),
                in_days(times.get("mean")),
            )
        )
    return made


def share(part: int, whole: int) -> Decimal | None:
    """In per cent, to a tenth; None of nothing."""
    return (Decimal(100 * part) / whole).quantize(Decimal("0.1")) if whole else None


def in_days(seconds: Decimal | None) -> Decimal | None:
    """Days, to a tenth."""
    return None if seconds is None else (seconds / SECONDS_OF_DAY).quantize(Decimal("0.1"))

"""One lead as its page shows it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db.models import QuerySet

from herotill.reference.models import Highsite
from workflow.models import ENDS, Lead, LeadNote, Move, Step
from workflow.policies import lead_map
from workflow.policies.lead_map import Picture, Site
from workflow.policies.places import Point

WITH = ("step__phase", "owner", "source", "area", "highsite", "customer", "lost_reason", "merged_into")


@dataclass(frozen=True, slots=True)
class Stay:
    """A move in words: from where, to where, after how many days, by whom and why."""

    there: str
    here: str
    at: datetime
    by: str
    why: str
    days: int | None


def find(pk: int) -> Lead | None:
    """The lead with what its page names."""
    return found().filter(pk=pk).first()


def found() -> QuerySet[Lead]:
    return Lead.objects.select_related(*WITH)


def timeline(lead: Lead) -> list[Stay]:
    """Where it was and who moved it, the newest first."""
    names = list_names()
    moves = Move.objects.filter(lead=lead).select_related("by").order_by("-at", "-pk")
    return [_stay(move, names) for move in moves]


def _stay(move: Move, names: Mapping[str, str]) -> Stay:
    days = (move.at - move.since).days if move.since and move.from_step else None
    by = str(move.by.name or move.by.username) if move.by else ""
    return Stay(
        names.get(move.to_step, move.to_step),
        names.get(move.from_step, move.from_step),
        move.at,
        by,
        move.why,
        days,
    )


def list_names() -> dict[str, str]:
    """Each list by key as people say it: `Surveys: Scheduled`."""
    rows = Step.objects.values_list("key", "phase__name", "name")
    return {key: f"{phase}: {name}" if phase else name for key, phase, name in rows}


def notes(lead: Lead) -> list[LeadNote]:
    return list(LeadNote.objects.filter(lead=lead).select_related("by"))


def picture(lead: Lead) -> Picture | None:
    """Where it is among the highsites; None where no coordinates are known."""
    if lead.latitude is None or lead.longitude is None:
        return None
    here = Point(float(lead.latitude), float(lead.longitude))
    return lead_map.draw(here, list(_sites(lead)))


def _sites(lead: Lead) -> Iterable[Site]:
    rows = Highsite.objects.filter(retired=False, latitude__isnull=False)
    for pk, name, latitude, longitude in rows.values_list("pk", "name", "latitude", "longitude"):
        if latitude is not None and longitude is not None:
            yield Site(name, Point(float(latitude), float(longitude)), chosen=pk == lead.highsite_id)


def due(user_id: int, day: date) -> tuple[int, int]:
    """How many next actions of a person are due by a day, and how many of them were due before it."""
    days = Lead.objects.filter(owner=user_id, next_action_on__lte=day).values_list(
        "next_action_on", flat=True
    )
    found = list(days)
    return len(found), sum(one < day for one in found if one)


def open_leads(customer: Any) -> QuerySet[Lead]:
    return Lead.objects.filter(customer=customer).exclude(step__in=ENDS)


def on_their_way(customer: int) -> list[tuple[int, str]]:
    """The open leads of a customer, each with the list it waits in."""
    rows = open_leads(customer).order_by("pk")
    return [
        (pk, f"{phase}: {name}")
        for pk, phase, name in rows.values_list("pk", "step__phase__name", "step__name")
    ]

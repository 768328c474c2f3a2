"""What can be done with many leads of a list at once."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet

from herotill.clock import stamp
from herotill.lists import BulkAction, Done
from workflow.forms.moving import AssignForm, BringBackForm, LoseManyForm, MoveManyForm
from workflow.models import Place
from workflow.services import leads, moving


def _ids(chosen: QuerySet[Any]) -> list[int]:
    return list(chosen.order_by("pk").values_list("pk", flat=True))


class Assign(BulkAction):
    """Say who looks after the chosen leads."""

    name, label, icon, order = "assign", "Assign person", "user-plus", 10
    permission = "workflow.assign_leads"
    undoable = False
    form = AssignForm

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Assign {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        owner = data["owner"]
        number = leads.assign(leads=_ids(chosen), owner=owner, actor=data["actor"], now=stamp())
        return Done(number, f"{number:,} given to {owner or 'nobody'}.", {})


class Move(BulkAction):
    """Bring the chosen leads to another list, all or none."""

    name, label, icon, order = "move", "Move to…", "arrows-right-left", 20
    permission = "workflow.move_lead"
    undoable = False
    warns = "Where one of them misses something on the way, none is moved."
    form = MoveManyForm

    def affected(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> int:
        return chosen.exclude(step=data["to"]).order_by().count()

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Move {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        number = moving.by_hand(
            leads=_ids(chosen), to=data["to"], actor=data["actor"], now=stamp(), why=data["why"]
        )
        return Done(number, f"{number:,} moved.", {})


class Lose(BulkAction):
    """Say that the chosen leads came to nothing."""

    name, label, icon, order = "lose", "Lose", "hand-thumb-down", 30
    permission = "workflow.lose_lead"
    undoable = False
    warns = "They leave this list. Each can be brought back from Lost."
    form = LoseManyForm

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Lose {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        number = leads.lose(
            leads=_ids(chosen),
            reason=data["reason"],
            words=data["words"],
            actor=data["actor"],
            now=stamp(),
        )
        return Done(number, f"{number:,} lost: {data['reason']}.", {})


class BringBack(BulkAction):
    """Have the chosen lost leads go on where they were."""

    name, label, icon, order = "bring-back", "Bring back", "arrow-uturn-left", 10
    permission = "workflow.lose_lead"
    undoable = False
    warns = "They go on where they were lost; where something is missing by now, in Being worked on."
    form = BringBackForm

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Bring back {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        number = leads.bring_back(leads=_ids(chosen), actor=data["actor"], now=stamp(), why=data["why"])
        return Done(number, f"{number:,} brought back.", {})


DEEDS: dict[str, tuple[BulkAction, ...]] = {
    place.value: (Assign(), Move(), Lose()) for place in Place if place not in (Place.WON, Place.LOST)
} | {Place.LOST.value: (BringBack(),), Place.WON.value: ()}

"""What can be done with many tickets of a list at once."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db.models import Q, QuerySet

from helpdesk.forms.tickets import AssignForm, CloseManyForm, MoveManyForm
from helpdesk.services import tickets
from herotill.clock import stamp
from herotill.lists import BulkAction, Done


def _ids(chosen: QuerySet[Any]) -> list[int]:
    return list(chosen.order_by("pk").values_list("pk", flat=True))


class Assign(BulkAction):
    """Give the chosen tickets to somebody."""

    name, label, icon, order = "assign", "Give to", "user-plus", 10
    permission = "helpdesk.assign_ticket"
    undoable = False
    form = AssignForm

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Give {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        who = data["assignee"]
        given = tickets.assign_many(tickets=_ids(chosen), assignee=who, actor=data["actor"], now=stamp())
        return Done(len(given), f"{len(given):,} given to {who or 'nobody'}.", {})


class Move(BulkAction):
    """Put the chosen tickets into another department or category, or give them another priority."""

    name, label, icon, order = "move", "Move", "arrows-right-left", 20
    permission = "helpdesk.change_ticket"
    undoable = False
    form = MoveManyForm

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Move {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        to = {name: data[name] for name in ("department", "category", "priority") if data[name]}
        moved = tickets.move_many(tickets=_ids(chosen), actor=data["actor"], now=stamp(), **to)
        return Done(len(moved), f"{len(moved):,} moved.", {})


class Close(BulkAction):
    """Close the chosen tickets for one reason."""

    name, label, icon, order = "close", "Close", "check-circle", 30
    permission = "helpdesk.close_ticket"
    undoable = False
    warns = "Customers are told by mail. Each ticket can be reopened by itself."
    form = CloseManyForm

    def affected(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> int:
        since = _since(data)
        unread = Q(last_by_customer=True) if since is None else Q(last_by_customer=True, last_at__gte=since)
        return chosen.exclude(state="closed").exclude(unread).order_by().count()

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Close {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        closed, left = tickets.close_many(
            tickets=_ids(chosen),
            reason=data["reason"],
            words=data["words"],
            actor=data["actor"],
            now=stamp(),
            since=_since(data),
        )
        said = f"{len(closed):,} closed: {data['reason']}."
        if left:
            said += f" {len(left):,} left open, for the customer had the last word there."
        return Done(len(closed), said, {})


def _since(data: dict[str, Any]) -> datetime | None:
    """From when on what customers wrote keeps a ticket open; None where it does whenever they wrote it."""
    shown: datetime | None = data["shown_at"]
    return shown if data["unread"] else None


DEEDS: tuple[BulkAction, ...] = (Assign(), Move(), Close())

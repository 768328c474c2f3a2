"""A lead's page."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from herotill.access import may, staff_view
from herotill.clock import local_day
from workflow.lead_cards import LeadCard, lead_cards
from workflow.models import Lead, Place
from workflow.policies import ageing
from workflow.policies.way import AIMS
from workflow.row_deeds import row_deeds
from workflow.selectors import leads as reading
from workflow.selectors.missing import missing


@dataclass(frozen=True, slots=True)
class Shown:
    """A card with what it shows to this person."""

    card: LeadCard
    context: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Button:
    """One thing that can be done with the lead; each opens a dialog."""

    name: str
    label: str
    url: str
    icon: str
    tone: str = ""


def find_lead(pk: int) -> Lead:
    """The lead, or 404."""
    found = reading.find(pk)
    if found is None:
        raise Http404("There is no such lead.")
    return found


@require_safe
@staff_view("workflow.view_lead")
def show(request: HttpRequest, pk: int) -> HttpResponse:
    """Who it is, where it waits, what it still needs, and the cards of all who work on it."""
    lead = find_lead(pk)
    cards = list(_cards(lead, request.user))
    context = {
        "page_title": lead.name,
        "lead": lead,
        "shown": _head(lead),
        "buttons": list(_buttons(lead, request.user)),
        "cards": [one for one in cards if not one.card.aside],
        "aside": [one for one in cards if one.card.aside],
    }
    return render(request, "workflow/leads/show.html", context)


def _head(lead: Lead) -> dict[str, Any]:
    """Where it waits, how long, and what it still needs."""
    now, aim = timezone.now(), AIMS.get(lead.place)
    waited = ageing.days(lead.step_since, now)
    age = ageing.age(waited, lead.step.late_after, lead.step.overdue_after, ends=not lead.is_open)
    return {
        "missing": missing([lead.pk], aim).get(lead.pk, []) if aim else [],
        "aim": reading.list_names().get(aim, "") if aim else "",
        "waited": ageing.waited(waited),
        "age": str(age),
        "tone": ageing.TONES[age],
        "is_due": lead.next_action_on is not None and lead.next_action_on <= local_day(now),
    }


def _cards(lead: Lead, user: Any) -> Iterator[Shown]:
    for card in lead_cards:
        if may(user, card.permission) and (context := card.context(lead, user)) is not None:
            yield Shown(card, context)


DEEDS = (
    ("move", "Move", "workflow.move_lead", "arrows-right-left", ""),
    ("lead-next", "Next action", "workflow.change_lead", "calendar-days", ""),
    ("lead-owner", "Give to", "workflow.assign_leads", "user", ""),
    ("lead-which", "Merge", "workflow.merge_leads", "square-2-stack", ""),
    ("lead-lose", "Lose", "workflow.lose_lead", "no-symbol", "bad"),
)


def _buttons(lead: Lead, user: Any) -> Iterator[Button]:
    """What this person can do with it, the deed of its list first."""
    if lead.merged_into_id or lead.forgotten_on:
        return
    deed = row_deeds.get(lead.place)
    if deed is not None and may(user, deed.permission):
        yield Button("deed", deed.label, deed.url(lead.pk), "arrow-right", "pri")
    if lead.place == Place.LOST:
        if may(user, "workflow.lose_lead"):
            yield _button("lead-back", "Bring back", "arrow-uturn-left", lead, "pri")
        return
    for name, label, permission, icon, tone in DEEDS if lead.is_open else ():
        if may(user, permission):
            yield _button(name, label, icon, lead, tone)


def _button(name: str, label: str, icon: str, lead: Lead, tone: str) -> Button:
    return Button(name, label, reverse(f"workflow:{name}", args=[lead.pk]), icon, tone)

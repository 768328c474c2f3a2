"""What the slice of leads adds: rights, gates, the cards of a lead's own data, its place in the navigation."""

from __future__ import annotations

from typing import Any

from django.urls import reverse

import workflow.lead_imports
import workflow.lead_personal
import workflow.rights.leads  # noqa: F401
from customers.models import Customer
from customers.screen import Banner, banners
from herotill.access import may
from herotill.clock import local_day, stamp
from herotill.demo import DemoPart, demo_parts
from herotill.lists import PageAction
from herotill.menu import MenuEntry, menu
from herotill.search import Row, SearchKind, search_kinds
from herotill.tiles import Tile, tiles
from herotill.users.models import User
from workflow.demo.lead_things import make_lead_things
from workflow.gates import Gate, gates
from workflow.lead_cards import LeadCard, lead_cards
from workflow.lists.leads import leads as every_lead
from workflow.lists.waiting import waiting_lists
from workflow.models import Lead
from workflow.selectors import lead_duplicates, lead_gates
from workflow.selectors import leads as reading

SEE, CHANGE = "workflow.view_lead", "workflow.change_lead"

gates.register(Gate("reachable", "Phone number and email known", lead_gates.unreachable, order=10))
gates.register(Gate("address", "Address known", lead_gates.without_address, order=11))
gates.register(Gate("coordinates", "Coordinates known", lead_gates.without_coordinates, order=12))
gates.register(Gate("owner", "Somebody owns it", lead_gates.without_owner, order=13))

menu.register(MenuEntry("workflow.leads", "All leads", "workflow:leads", SEE, order=20, parent="workflow"))


menu.register(
    MenuEntry(
        "workflow.import",
        "Import",
        "workflow:import-leads",
        "workflow.import_leads",
        order=90,
        parent="workflow",
    )
)


def _changeable(lead: Lead, user: User) -> bool:
    return may(user, CHANGE) and not lead.merged_into_id and not lead.forgotten_on


def _details(lead: Lead, user: User) -> dict[str, Any]:
    return {
        "sees_numbers": may(user, "customers.see_id_numbers"),
        "sees_customer": may(user, "customers.view_customer"),
        "changeable": _changeable(lead, user),
    }


def _place(lead: Lead, user: User) -> dict[str, Any]:
    return {"picture": reading.picture(lead), "changeable": _changeable(lead, user)}


def _notes(lead: Lead, user: User) -> dict[str, Any]:
    return {"notes": reading.notes(lead), "may_note": may(user, "workflow.add_leadnote")}


def _timeline(lead: Lead, user: User) -> dict[str, Any]:
    return {"stays": reading.timeline(lead)}


def _duplicates(lead: Lead, user: User) -> dict[str, Any] | None:
    if lead.merged_into_id or lead.forgotten_on:
        return None
    found = lead_duplicates.of_lead(lead, sees_numbers=may(user, "customers.see_id_numbers"))
    return {"likenesses": found, "may_merge": may(user, "workflow.merge_leads")} if found else None


CARDS = "workflow/leads/cards"
lead_cards.register(LeadCard("details", "Details", SEE, f"{CARDS}/details.html", _details, order=10))
lead_cards.register(LeadCard("place", "Address and map", SEE, f"{CARDS}/place.html", _place, order=20))
lead_cards.register(
    LeadCard(
        "duplicates", "Known already?", SEE, f"{CARDS}/duplicates.html", _duplicates, order=5, aside=True
    )
)
lead_cards.register(
    LeadCard("notes", "Notes", "workflow.view_leadnote", f"{CARDS}/notes.html", _notes, order=10, aside=True)
)
lead_cards.register(
    LeadCard("timeline", "Its way", SEE, f"{CARDS}/timeline.html", _timeline, order=20, aside=True)
)


def _url(row: Row) -> str:
    return reverse("workflow:lead", args=[row.object_id])


CHIPS = {"lost": ("Lost", ""), "won": ("Won", "ok")}
search_kinds.register(
    SearchKind(name="lead", label="Leads", permission=SEE, url=_url, icon="user-plus", chips=CHIPS, order=15)
)
search_kinds.register(
    SearchKind(
        name="lead_number",
        label="Leads",
        permission="customers.see_id_numbers",
        url=_url,
        icon="identification",
        chips=CHIPS,
        of="lead",
        order=16,
    )
)

CAPTURE = PageAction(
    name="capture", label="Capture lead", url_name="workflow:lead-new", permission="workflow.add_lead"
)
for _listing in (*waiting_lists.values(), every_lead):
    _listing.actions.register(CAPTURE)


def _due(user: Any) -> dict[str, Any] | None:
    number, before = reading.due(user.pk, local_day(stamp()))
    if not number:
        return None
    return {
        "figure": number,
        "what": "Next actions due",
        "sub": f"{before} overdue" if before else "Leads of yours, today",
        "url": f"{reverse('workflow:leads')}?owner={user.pk}&action=due",
        "icon": "calendar-days",
        "tone": "warn" if before else "",
    }


tiles.register(Tile("leads-due", "Next actions", SEE, "tiles/_figure.html", _due, order=42))
demo_parts.register(DemoPart("notes on leads", make_lead_things, order=84))


def _on_its_way(customer: Customer) -> list[dict[str, str]]:
    """The leads by which this customer is still becoming one."""
    return [
        {
            "text": f"On the way: {place}.",
            "tone": "",
            "url": reverse("workflow:lead", args=[pk]),
            "label": f"Open lead L{pk}",
        }
        for pk, place in reading.on_their_way(customer.pk)
    ]


banners.register(Banner("lead", SEE, _on_its_way, order=60, about=reading.open_leads))

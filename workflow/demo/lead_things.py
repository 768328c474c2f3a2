"""What makes the demo's leads come alive: highsites that stand somewhere, notes, and somebody who came twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from herotill.demo import DemoOrder
from herotill.reference.models import Highsite
from herotill.users.models import User
from workflow.demo.leads import WHERE
from workflow.models import Lead, LeadNote, Place
from workflow.services import leads

NOTES = (
    "Called; wants to think about it until Friday.",
    "The neighbour has our antenna and is happy with it.",
    "Asked whether the telephone number can be kept. Yes.",
    "Left a message on the answering machine.",
)
# East and north of the town, in degrees: a koppie each.
BESIDE = ((Decimal("0.031"), Decimal("0.022")), (Decimal("-0.044"), Decimal("-0.012")))


def make_lead_things(order: DemoOrder) -> None:
    """Does nothing where leads have notes."""
    if LeadNote.objects.exists() or not Lead.objects.exists():
        return
    now = order.moment
    seller = User.objects.filter(username="sales").first()
    with transaction.atomic():
        _highsites()
        _notes(seller, now)
        if seller:
            _came_twice(seller, now)


def _highsites() -> None:
    for town, (latitude, longitude) in WHERE.items():
        for tower, (east, north) in zip(
            Highsite.objects.filter(name__startswith=f"Tower {town}").order_by("name_key"),
            BESIDE,
            strict=False,
        ):
            tower.latitude, tower.longitude = Decimal(latitude) + north, Decimal(longitude) + east
            tower.save(update_fields=["latitude", "longitude"])


def _notes(seller: User | None, now: datetime) -> None:
    worked = Lead.objects.exclude(step__in=(Place.LEAD_NEW, Place.WON)).order_by("pk")
    for number, lead in enumerate(worked[:24]):
        at = max(lead.created_at, now - timedelta(days=number % 5, hours=number))
        leads.note(lead=lead, text=NOTES[number % len(NOTES)], actor=seller, now=at)


def _came_twice(seller: User, now: datetime) -> None:
    """One who filled in the form again and waits to be merged, and one who was merged."""
    for number, lead in enumerate(Lead.objects.filter(step=Place.LEAD_WORKED).order_by("pk")[:2]):
        names = {"kind": lead.kind, "company_name": lead.company_name, "surname": lead.surname}
        twin = leads.capture(
            values=names
            | {
                "first_names": lead.first_names[:1],
                "phone": lead.phone,
                "town": lead.town,
                "suburb": lead.suburb,
            },
            actor=None,
            now=now - timedelta(hours=5 + number),
            origin=Lead.Origin.FORM,
        )
        if number:
            leads.merge(into=lead, other=twin, actor=seller, now=now - timedelta(hours=2))

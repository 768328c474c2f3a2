"""Two leads that are one person: one goes on with everything, the other ends as known already."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from customers.policies import phones
from herotill.errors import DomainError
from herotill.users.models import User
from workflow.models import Lead, LeadNote, LostReason, Place, Quote, Survey
from workflow.services import moving

KNOWN = "Known already"
# What a merge may take over, in groups that stay together: half of one and half of another would be neither.
PARTS: dict[str, tuple[str, ...]] = {
    "name": ("kind", "company_name", "first_names", "surname"),
    "contact_name": ("contact_name",),
    "phone": ("phone",),
    "other_phone": ("other_phone",),
    "email": ("email",),
    "id_number": ("id_number",),
    "registration_number": ("registration_number",),
    "vat_number": ("vat_number",),
    "address": ("lines", "suburb", "town", "postal_code", "directions", "area"),
    "place": ("latitude", "longitude"),
    "wants": ("wants",),
    "source": ("source",),
    "owner": ("owner",),
    "next": ("next_action", "next_action_on"),
}
LABELS = {
    "name": "Name",
    "contact_name": "Contact name",
    "phone": "Cell number",
    "other_phone": "Other number",
    "email": "Email",
    "id_number": "ID or passport number",
    "registration_number": "Registration number",
    "vat_number": "VAT number",
    "address": "Address and area",
    "place": "Coordinates",
    "wants": "What they want",
    "source": "Source",
    "owner": "Person",
    "next": "Next action",
}
NUMBERS = ("id_number", "registration_number")
EMPTY: tuple[Any, ...] = ("", None)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of two leads that are to be one: what each says, and whose stays unless somebody chooses."""

    name: str
    label: str
    into: str
    other: str
    takes_other: bool

    @property
    def differs(self) -> bool:
        return bool(self.into and self.other) and self.into != self.other


def preview(into: Lead, other: Lead, *, sees_numbers: bool = True) -> list[Part]:
    """What each part says in both, where one of them says anything; numbers for those who may see them."""
    parts = [_part(name, into, other) for name in PARTS if sees_numbers or name not in NUMBERS]
    return [one for one in parts if one.into or one.other]


def _part(name: str, into: Lead, other: Lead) -> Part:
    mine, theirs = _said(name, into), _said(name, other)
    return Part(name, LABELS[name], mine, theirs, takes_other=not mine and bool(theirs))


def _said(name: str, lead: Lead) -> str:
    if name == "name":
        return str(lead.name)
    if name in ("phone", "other_phone"):
        number = str(getattr(lead, name))
        return phones.national(number) if number else ""
    values = [getattr(lead, field) for field in PARTS[name]]
    return ", ".join(" ".join(str(one).split()) for one in values if one not in EMPTY)


@transaction.atomic
def merge(*, into: Lead, other: Lead, actor: User, now: datetime, taking: Collection[str] = ()) -> Lead:
    """`other` ends as known already; its notes, quotes and surveys go on with `into`, which it points at.

    What `into` does not say it takes over; `taking` names parts of which the other's counts. Raises DomainError
    where one of them is merged, forgotten, lost the wrong way round, or both have a customer.
    """
    held = {
        lead.pk: lead
        for lead in Lead.objects.select_for_update(no_key=True)
        .filter(pk__in=(into.pk, other.pk))
        .order_by("pk")
    }
    into, other = held[into.pk], held[other.pk]
    if no := why_not(into, other):
        raise DomainError(no)
    _take_over(into, other, taking)
    _bring_along(into, other, actor, now)
    _end(into, other, actor, now)
    return into


def why_not(into: Lead, other: Lead) -> str:
    """Why these two cannot be merged in this direction; empty where they can."""
    if into.pk == other.pk:
        return "A lead is not merged into itself."
    for lead in (into, other):
        if lead.merged_into_id:
            return f"{lead} was merged into L{lead.merged_into_id} already."
        if lead.forgotten_on:
            return "What was personal of one of them was blanked."
    if other.customer_id or other.place == Place.WON:
        return f"{other} has a customer already; merge the other way round."
    if into.place == Place.LOST:
        return f"{into} is lost; bring it back first, or merge the other way round."
    return ""


def _take_over(into: Lead, other: Lead, taking: Collection[str]) -> None:
    taken = [
        part.name for part in preview(into, other) if part.takes_other or (part.name in taking and part.other)
    ]
    fields = [field for name in taken for field in PARTS[name]]
    for field in fields:
        setattr(into, field, getattr(other, field))
    if into.highsite_id is None:
        into.highsite_id = other.highsite_id
    into.tell_when_covered = into.tell_when_covered or other.tell_when_covered
    into.version += 1
    into.save(update_fields=[*fields, "highsite", "tell_when_covered", "version"])


def _bring_along(into: Lead, other: Lead, actor: User, now: datetime) -> None:
    """Notes, quotes and surveys; of two visits that are still to come the other's is called off."""
    coming = Survey.objects.filter(state__in=(Survey.State.NEW, Survey.State.SCHEDULED))
    if coming.filter(lead=into).exists():
        coming.filter(lead=other).update(state=Survey.State.CALLED_OFF)
    LeadNote.objects.filter(lead=other).update(lead=into)
    Survey.objects.filter(lead=other).update(lead=into)
    Quote.objects.filter(lead=other).update(lead=into)
    Lead.objects.filter(merged_into=other).update(merged_into=into)
    LeadNote.objects.create(lead=into, text=f"{other} was merged into this lead.", at=now, by=actor)


def _end(into: Lead, other: Lead, actor: User, now: datetime) -> None:
    reason, _ = LostReason.objects.get_or_create(name_key=KNOWN.lower(), defaults={"name": KNOWN})
    Lead.objects.filter(pk=other.pk).update(
        lost_reason=reason,
        lost_words=f"Merged into L{into.pk}.",
        next_action="",
        next_action_on=None,
        version=other.version + 1,
    )
    moving.move(leads=[other.pk], to=Place.LOST, actor=actor, now=now, why=f"Merged into L{into.pk}.")
    Lead.objects.filter(pk=other.pk).update(merged_into=into)

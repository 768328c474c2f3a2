"""Leads: captured, changed, given to somebody, lost and brought back. Where they are is `moving`'s alone."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from billing.services import locks
from herotill.errors import DomainError
from herotill.users.models import User
from workflow.arrivals import arrived
from workflow.models import JobCard, Lead, LeadNote, LostReason, Move, Place
from workflow.policies import areas as policy
from workflow.policies import way
from workflow.selectors import areas, waiting
from workflow.selectors.missing import missing, missing_on_the_way
from workflow.services import moving
from workflow.services.lead_merging import merge

__all__ = [
    "assign",
    "bring_back",
    "capture",
    "capture_many",
    "change",
    "hold",
    "lose",
    "merge",
    "note",
]
ELSEWHERE = "Somebody else changed this lead while you were typing. Look at it, then save again."


def capture(
    *, values: Mapping[str, Any], actor: User | None, now: datetime, origin: str = Lead.Origin.STAFF
) -> Lead:
    """A new lead in the first list. Its area is found by suburb or town; staff who capture it own it."""
    (lead,) = capture_many(values=[values], actor=actor, now=now, origin=origin)
    lead.refresh_from_db()
    return lead


@transaction.atomic
def capture_many(
    *,
    values: Sequence[Mapping[str, Any]],
    actor: User | None,
    now: datetime,
    origin: str,
    why: str = "",
) -> list[Lead]:
    """The same for many; a value `step` says in which list they wait, `step_since` since when.

    Who misses something on the way to that list waits in the first one.
    """
    known = areas.known()
    made = [_new(one, actor, now, origin, known) for one in values]
    Lead.objects.bulk_create(made, batch_size=2000)
    _hold_back(made)
    Move.objects.bulk_create(
        (Move(lead=lead, to_step=lead.place, at=lead.step_since, by=actor, why=why) for lead in made),
        batch_size=2000,
    )
    waiting.changed()
    for place in {lead.place for lead in made}:
        arrived(place, [lead.pk for lead in made if lead.place == place], actor, now)
    return made


def _hold_back(made: Sequence[Lead]) -> None:
    ahead = {lead.pk: lead.place for lead in made if lead.place != Place.LEAD_NEW}
    lacking = missing_on_the_way(ahead)
    for lead in made:
        if lead.pk in lacking:
            lead.step_id = Place.LEAD_NEW
    Lead.objects.filter(pk__in=lacking).update(step=Place.LEAD_NEW)


def _new(
    values: Mapping[str, Any], actor: User | None, now: datetime, origin: str, known: Mapping[str, int]
) -> Lead:
    lead = Lead(**{"step_since": now, "created_at": now, **values}, origin=origin, created_by=actor)
    if lead.area_id is None:
        lead.area_id = policy.area_of(lead.suburb, lead.town, known)
    if lead.owner_id is None and origin == Lead.Origin.STAFF:
        lead.owner = actor
    return lead


def hold(leads: Collection[int]) -> list[Lead]:
    """These leads, kept as they are until the transaction ends, by id."""
    rows = Lead.objects.select_for_update(no_key=True).filter(pk__in=leads).order_by("pk")
    return list(rows)


@transaction.atomic
def change(
    *, lead: Lead, values: Mapping[str, Any], actor: User | None, now: datetime, seen: int | None = None
) -> Lead:
    """Write what differs. Raises DomainError where it was changed since `seen`, merged or forgotten.

    A new suburb or town brings its area along, unless an area is given too.
    """
    (held,) = hold([lead.pk])
    _refuse_closed(held)
    if seen is not None and held.version != seen:
        raise DomainError(ELSEWHERE)
    new = {name: value for name, value in values.items() if getattr(held, name) != value}
    if new.keys() & {"suburb", "town"} and "area" not in new:
        suburb, town = (str(new.get(name, getattr(held, name))) for name in ("suburb", "town"))
        new["area_id"] = policy.area_of(suburb, town, areas.known()) or held.area_id
    if new:
        for name, value in new.items():
            setattr(held, name, value)
        held.version += 1
        held.save(update_fields=[*(name.removesuffix("_id") for name in new), "version"])
        moving.settle(now=now, leads=[held.pk])
    return held


def _refuse_closed(lead: Lead) -> None:
    if lead.merged_into_id:
        raise DomainError(f"{lead} was merged into L{lead.merged_into_id}; go on there.")
    if lead.forgotten_on:
        raise DomainError("What was personal of this lead was blanked; it stays as it is.")


@transaction.atomic
def assign(*, leads: Collection[int], owner: User | None, actor: User, now: datetime) -> int:
    """Give leads to a person, or to nobody; how many changed hands."""
    if owner is not None and not (owner.is_active and owner.kind == User.Kind.STAFF):
        raise DomainError(f"{owner} does not work here any more.", field="owner")
    going = [lead for lead in hold(leads) if lead.owner_id != (owner.pk if owner else None)]
    for lead in going:
        _refuse_closed(lead)
        lead.owner, lead.version = owner, lead.version + 1
    Lead.objects.bulk_update(going, ["owner", "version"], batch_size=1000)
    moving.settle(now=now, leads=[lead.pk for lead in going])
    return len(going)


@transaction.atomic
def lose(*, leads: Collection[int], reason: LostReason, words: str, actor: User | None, now: datetime) -> int:
    """They come to nothing, for a reason of Setup; how many. Who is lost already stays as they are.

    Raises DomainError for one whose job is done, for what began then is to be invoiced.
    """
    _take_turns(leads)
    going = [lead for lead in hold(leads) if lead.place != Place.LOST]
    _insist_nothing_runs(going)
    for lead in going:
        lead.lost_reason, lead.lost_words = reason, words
        lead.next_action, lead.next_action_on, lead.version = "", None, lead.version + 1
    written = ["lost_reason", "lost_words", "next_action", "next_action_on", "version"]
    Lead.objects.bulk_update(going, written, batch_size=1000)
    return moving.move(
        leads=[lead.pk for lead in going], to=Place.LOST, actor=actor, now=now, why=reason.name
    )


def _take_turns(leads: Collection[int]) -> None:
    """Have billing of their customers wait before the leads are held, in the order in which a job is completed."""
    whom = Lead.objects.filter(pk__in=leads, customer__isnull=False).values_list(
        "customer_id", "customer__master_id"
    )
    locks.take_turns({pk for pair in whom for pk in pair if pk})
    locks.hold(sorted({customer for customer, _ in whom if customer}))


def _insist_nothing_runs(going: Sequence[Lead]) -> None:
    done = JobCard.objects.filter(lead__in=going, state=JobCard.State.COMPLETED).exclude(begun=[])
    if running := done.select_related("lead").first():
        raise DomainError(
            f"{running.lead}: Its services run. Issue the first invoice, or say that there is nothing to invoice."
        )


@transaction.atomic
def bring_back(*, leads: Collection[int], actor: User, now: datetime, why: str = "") -> int:
    """Lost leads go on where they were lost, what ended with them anew; who misses something, in Being worked on."""
    going = [lead for lead in hold(leads) if lead.place == Place.LOST]
    for lead in going:
        _refuse_closed(lead)
        lead.lost_reason, lead.lost_words, lead.version = None, "", lead.version + 1
    ids = [lead.pk for lead in going]
    for place, there in _where_they_were(ids).items():
        moving.move(leads=there, to=place, actor=actor, now=now, why=why or "Brought back.")
    Lead.objects.bulk_update(going, ["lost_reason", "lost_words", "version"], batch_size=1000)
    return len(going)


def _where_they_were(leads: Sequence[int]) -> dict[str, list[int]]:
    """For each list the leads that were lost from there and may come back to it."""
    last = Move.objects.filter(lead__in=leads, to_step=Place.LOST).order_by("lead", "-id").distinct("lead")
    found: dict[str, list[int]] = {}
    was = dict(last.values_list("lead", "from_step"))
    for lead in leads:
        place = was.get(lead) or Place.LEAD_WORKED
        found.setdefault(way.BROUGHT_BACK.get(place, place), []).append(lead)
    for place in [one for one in found if one != Place.LEAD_WORKED]:
        lacking = missing(found[place], place)
        if lacking:
            found.setdefault(Place.LEAD_WORKED, []).extend(lacking)
            found[place] = [lead for lead in found[place] if lead not in lacking]
    return {place: there for place, there in found.items() if there}


def note(*, lead: Lead, text: str, actor: User | None, now: datetime) -> LeadNote:
    """Write down what was said. A note is never changed."""
    return LeadNote.objects.create(lead=lead, text=text, at=now, by=actor)

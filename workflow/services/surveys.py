"""Surveys: asked for, scheduled, called off, and what they found. They carry their lead along."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from herotill.clock import local
from herotill.errors import DomainError
from herotill.users.models import User
from workflow.models import Lead, Place, Survey
from workflow.policies import way
from workflow.selectors.missing import missing
from workflow.services import moving

OPEN = (Survey.State.NEW, Survey.State.SCHEDULED)
# Once somebody has become a customer, what their site needs is a job.
BEFORE = way.WAY[: way.WAY.index(Place.CUSTOMER_NEW)]


@transaction.atomic
def ask(*, lead: Lead, actor: User, now: datetime, notes: str = "") -> Survey:
    """Have a lead surveyed: it comes to the surveys to schedule. Raises DomainError where one is open already."""
    held = _lead(lead.pk)
    if held.place not in BEFORE:
        raise DomainError(f"{held} is past its survey; what the site needs now is a job.")
    if Survey.objects.filter(lead=held, state__in=OPEN).exists():
        raise DomainError(f"{held} has a survey open already.")
    moving.move(leads=[held.pk], to=Place.SURVEY_NEW, actor=actor, now=now, why="A survey was asked for.")
    open_for(leads=[held.pk], actor=actor, now=now)
    survey = Survey.objects.get(lead=held, state__in=OPEN)
    Survey.objects.filter(pk=survey.pk).update(notes=notes)
    survey.notes = notes
    return survey


def open_for(*, leads: Collection[int], actor: User | None, now: datetime) -> int:
    """A survey to schedule for each of these leads that has none open; how many were made."""
    busy = Survey.objects.filter(lead__in=leads, state__in=OPEN).values_list("lead_id", flat=True)
    wanted = sorted(set(leads) - set(busy))
    made = [Survey(lead_id=lead, created_by=actor, created_at=now) for lead in wanted]
    return len(Survey.objects.bulk_create(made, ignore_conflicts=True))


@transaction.atomic
def schedule(
    *,
    survey: Survey,
    technician: User,
    starts_at: datetime,
    ends_at: datetime,
    actor: User,
    now: datetime,
    notes: str | None = None,
) -> None:
    """Say who goes there, and when; also another time for one that is scheduled."""
    held = _open(survey)
    if ends_at <= starts_at:
        raise DomainError("It ends before it begins.", field="ends")
    if starts_at < now:
        raise DomainError("That time is over.", field="starts")
    held.state, held.technician = Survey.State.SCHEDULED, technician
    held.starts_at, held.ends_at = starts_at, ends_at
    held.notes = held.notes if notes is None else notes
    held.save(update_fields=["state", "technician", "starts_at", "ends_at", "notes"])
    when = local(starts_at).strftime("%Y-%m-%d %H:%M")
    _bring(held.lead_id, Place.SURVEY_SCHEDULED, actor, now, f"{technician} goes there on {when}.")


@transaction.atomic
def call_off(*, survey: Survey, why: str, actor: User | None, now: datetime) -> None:
    """Nobody goes there; the lead goes back to those being worked on."""
    held = _open(survey)
    _called_off(Survey.objects.filter(pk=held.pk), why)
    lead = _lead(held.lead_id)
    if lead.place in (Place.SURVEY_NEW, Place.SURVEY_SCHEDULED):
        said = f"Survey called off: {why}"
        moving.move(leads=[lead.pk], to=Place.LEAD_WORKED, actor=actor, now=now, why=said[:300])


def call_off_of(*, leads: Collection[int], why: str) -> int:
    """Call off what is open for leads that came to nothing; how many."""
    return _called_off(Survey.objects.filter(lead__in=leads, state__in=OPEN), why)


def _called_off(surveys: Any, why: str) -> int:
    count = 0
    for survey in surveys.select_for_update().order_by("pk"):
        survey.state = Survey.State.CALLED_OFF
        survey.notes = "\n".join(part for part in (survey.notes, f"Called off: {why}") if part)
        survey.save(update_fields=["state", "notes"])
        count += 1
    return count


@transaction.atomic
def write_down(*, survey: Survey, values: Mapping[str, Any], actor: User, now: datetime) -> Survey:
    """What the survey found; `values` are fields of Survey by name. Feasible ones go on to be quoted, if nothing
    is missing; the others stay, to be lost or surveyed anew.

    Raises DomainError for one that is done or called off, and where the outcome lacks what belongs to it.
    """
    held = _open(survey)
    _agree(values)
    for name, value in values.items():
        setattr(held, name, value)
    held.state, held.done_at, held.done_by = Survey.State.DONE, now, actor
    held.save()
    said = held.get_outcome_display()
    _bring(held.lead_id, Place.SURVEY_DONE, actor, now, said)
    if held.outcome != Survey.Outcome.NOT_FEASIBLE:
        _bring(held.lead_id, Place.QUOTE_NEW, actor, now, said)
    return held


def _agree(values: Mapping[str, Any]) -> None:
    """The outcome and what is told of it fit together."""
    outcome = values.get("outcome")
    if not outcome:
        raise DomainError("Say whether it can be connected.", field="outcome")
    if outcome == Survey.Outcome.EXTRA and not values.get("extra"):
        raise DomainError("Say what extra work it takes.", field="extra")
    highsite, sector = values.get("highsite"), values.get("sector")
    if sector and sector.highsite_id != getattr(highsite, "pk", None):
        raise DomainError("That sector stands on another highsite.", field="sector")


def _open(survey: Survey) -> Survey:
    """The survey, held; a sentence says why it cannot be worked on any more."""
    _lead(survey.lead_id)
    held = Survey.objects.select_for_update(of=("self",)).select_related("lead", "done_by").get(pk=survey.pk)
    if held.state == Survey.State.CALLED_OFF:
        raise DomainError("This survey was called off meanwhile.")
    if held.state == Survey.State.DONE:
        raise DomainError(f"{held.done_by or 'Somebody'} wrote down already what this survey found.")
    return held


def _lead(pk: int) -> Lead:
    return Lead.objects.select_for_update(of=("self",), no_key=True).get(pk=pk)


def _bring(lead: int, to: str, actor: User, now: datetime, why: str) -> None:
    """Bring the lead on, if it is on its way there and misses nothing; what is missing shows where it stays."""
    held = _lead(lead)
    ahead = held.is_open and held.place in BEFORE and not way.is_back(held.place, to)
    if ahead and not missing([lead], to):
        moving.move(leads=[lead], to=to, actor=actor, now=now, why=why[:300])

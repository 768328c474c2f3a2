"""Importing leads. Who is there already, by name and phone, email or place, stays as they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, time
from typing import Any

from django.db.models import Q

from herotill.clock import local_day, moment, stamp
from herotill.folding import fold
from herotill.imports.judging import CHUNK, Judged, chunks, read
from herotill.imports.kinds import KEPT, REMOVED, STAYS, Fate, Line, Source, WayBack
from herotill.models import Import, ImportRow
from herotill.users.models import User
from workflow.models import Area, Lead, LeadNote, Move, Place, Step
from workflow.models import Source as LeadSource
from workflow.policies.importing.leads import LeadRow, read_lead, shown
from workflow.selectors import lead_duplicates, waiting
from workflow.selectors.lead_duplicates import Probe
from workflow.services import leads

GONE = "It is not there any more."
USED = "It was changed, moved or worked on since."
LIKE = {"lead": "like_lead", "customer": "like_customer"}


def decide(source: Source) -> Iterator[Line]:
    """What would be done with each row."""
    return (one.line() for one in _Judgement(source).rows)


def apply(source: Source) -> Iterator[Line]:
    """Do it, and say the same."""
    judgement, now = _Judgement(source), stamp()
    for some in chunks([one for one in judgement.rows if one.stands]):
        judgement.write(some, now)
    return (one.line() for one in judgement.rows)


class _Judgement:
    """The rows of a file against the leads, customers and names that are there."""

    def __init__(self, source: Source) -> None:
        self._source, self._today = source, local_day(stamp())
        self.rows: list[Judged[LeadRow]] = read(source, read_lead, shown, code=lambda texts: "")
        self._names = {
            "source": dict(LeadSource.objects.values_list("name_key", "pk")),
            "area": dict(Area.objects.values_list("name_key", "pk")),
            "owner": _people(),
            "step": _lists(),
        }
        self._pointed: dict[int, dict[str, Any]] = {}
        said: set[tuple[str, str]] = set()
        for some in chunks([one for one in self.rows if one.row and one.stands]):
            self._judge_some(some, said)

    def _judge_some(self, some: Sequence[Judged[LeadRow]], said: set[tuple[str, str]]) -> None:
        there = _there([one.row for one in some if one.row])
        for one in some:
            if one.row:
                self._judge(one, one.row, there, said)
        standing = {one.number: _probe(one.row) for one in some if one.row and one.stands}
        likenesses = lead_duplicates.of_many(standing)
        for one in some:
            kinds = {LIKE[like.kind] for like in likenesses.get(one.number, ()) if one.stands}
            one.warnings.extend(sorted(kinds))

    def _judge(
        self, one: Judged[LeadRow], row: LeadRow, there: set[tuple[str, str]], said: set[tuple[str, str]]
    ) -> None:
        pointed = {
            name: self._names[name].get(fold(row.named[name])) for name in self._names if row.named[name]
        }
        unknown = [name for name, pk in pointed.items() if pk is None]
        if unknown:
            one.refuse(f"unknown_{unknown[0]}")
        elif row.since and row.since > self._today:
            one.refuse("day_to_come")
        elif row.identity in there or row.identity in said:
            one.skip("already_there")
        else:
            said.add(row.identity)
            self._pointed[one.number] = pointed

    def write(self, some: Sequence[Judged[LeadRow]], now: datetime) -> None:
        rows = [(one, one.row) for one in some if one.row]
        made = leads.capture_many(
            values=[self._values(one, row) for one, row in rows],
            actor=self._source.actor,
            now=now,
            origin=Lead.Origin.IMPORT,
            why="Imported.",
        )
        notes = [
            LeadNote(lead=lead, text=row.named["note"], at=now, by=self._source.actor)
            for (_, row), lead in zip(rows, made, strict=True)
            if row.named["note"]
        ]
        LeadNote.objects.bulk_create(notes, batch_size=CHUNK)
        for (one, _), lead in zip(rows, made, strict=True):
            one.object_id, one.code = lead.pk, f"L{lead.pk}"
            if lead.place != self._pointed[one.number].get("step", lead.place):
                one.warnings.append("held_back")

    def _values(self, one: Judged[LeadRow], row: LeadRow) -> dict[str, Any]:
        pointed = self._pointed[one.number]
        values = {**row.values, **{f"{name}_id": pk for name, pk in pointed.items()}}
        if row.since:
            values["step_since"] = moment(row.since, time(8))
        return values


def _people() -> dict[str, int]:
    """Staff by user name and by name."""
    found: dict[str, int] = {}
    for pk, username, name in User.objects.filter(kind=User.Kind.STAFF, is_active=True).values_list(
        "pk", "username", "name"
    ):
        found[fold(username)] = pk
        found.setdefault(fold(name), pk)
    return found


def _lists() -> dict[str, str]:
    """The lists that a file may put leads in, as people say them, up to where they are to be quoted."""
    found: dict[str, str] = {}
    for key, phase, name in Step.objects.filter(key__in=OFFERED).values_list("key", "phase__name", "name"):
        found |= {key: key, fold(f"{phase}: {name}"): key}
    for key in reversed(OFFERED):
        found[fold(Place(key).label)] = key
    return found


OFFERED = ("lead-new", "lead-worked", "survey-new", "quote-new")


def _there(rows: Sequence[LeadRow]) -> set[tuple[str, str]]:
    """By name and phone, email or place, those of the rows that are leads already."""
    keys = {row.identity[0] for row in rows}
    found: set[tuple[str, str]] = set()
    held = Lead.objects.filter(Q(name_key__in=keys)).values_list(
        "name_key", "phone", "email", "lines", "suburb"
    )
    for name, phone, email, lines, suburb in held:
        place = fold(f"{lines} {suburb}".strip())
        found |= {(name, told) for told in (phone, email, place) if told} or {(name, "")}
    return found


def _probe(row: LeadRow) -> Probe:
    values: Mapping[str, Any] = row.values
    return Probe(
        phones=(values["phone"], values["other_phone"]),
        email=values["email"],
        lines=values["lines"],
        suburb=values["suburb"],
        town=values["town"],
    )


def plan(batch: Import, hold: bool) -> WayBack:
    """What can go: leads that nobody has touched since they came."""
    lines = list(
        ImportRow.objects.filter(of=batch, object_id__isnull=False)
        .order_by("line")
        .values_list("object_id", "line", "code")
    )
    ids = [pk for pk, *_ in lines if pk]
    there = (
        {lead.pk for lead in leads.hold(ids)}
        if hold
        else set(Lead.objects.filter(pk__in=ids).values_list("pk", flat=True))
    )
    free = _untouched(there)
    fates = [Fate(line, code, *_fate(pk, there, free)) for pk, line, code in lines]
    return WayBack(fates, sorted(free))


def _fate(pk: int | None, there: set[int], free: set[int]) -> tuple[str, str]:
    if pk not in there:
        return KEPT, GONE
    return (REMOVED, "") if pk in free else (STAYS, USED)


def _untouched(ids: set[int]) -> set[int]:
    """Those that stand just as they came: not changed, moved, noted upon, surveyed, quoted or merged into."""
    found = Lead.objects.filter(pk__in=ids, version=1, customer=None, merged=None, surveys=None, quotes=None)
    free = set(found.values_list("pk", flat=True))
    free -= set(Move.objects.filter(lead__in=free).exclude(from_step="").values_list("lead", flat=True))
    came = dict(Lead.objects.filter(pk__in=free).values_list("pk", "created_at"))
    noted = LeadNote.objects.filter(lead__in=free).values_list("lead", "at")
    return free - {lead for lead, at in noted if at > came[lead]}


def take_back(batch: Import, way_back: WayBack) -> None:
    """Delete them with what came with them."""
    for some in chunks(way_back.plan):
        Lead.objects.filter(pk__in=some).delete()
    waiting.changed()

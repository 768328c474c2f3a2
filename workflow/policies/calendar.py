"""The week of technicians: what stands against a time, and how full somebody is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta

from herotill.business_days import holiday_name
from herotill.clock import local

OPENS, CLOSES = time(7), time(18)
SATURDAY, SUNDAY = 5, 6
WORKDAY = timedelta(hours=8)
JOB, SURVEY = "job", "survey"


@dataclass(frozen=True, slots=True)
class Block:
    """Something a technician is sent to. `against` is what stands against its time, a sentence each."""

    kind: str
    pk: int
    technician: int | None
    starts: datetime
    ends: datetime
    title: str
    name: str
    where: str
    state: str
    moves: bool
    against: tuple[str, ...] = ()

    @property
    def day(self) -> date:
        return local(self.starts).date()

    @property
    def time(self) -> str:
        return f"{local(self.starts):%H:%M}–{local(self.ends):%H:%M}"

    @property
    def ended(self) -> bool:
        return self.state in ("completed", "failed", "done")


@dataclass(frozen=True, slots=True)
class Away:
    """Days on which somebody cannot be sent."""

    technician: int
    first: date
    last: date
    why: str


def out_of_hours(starts: datetime, ends: datetime) -> list[str]:
    """What is unusual about a time, whoever goes: holidays, Sundays, evenings."""
    begins, until = local(starts), local(ends)
    found = []
    if name := holiday_name(begins.date()):
        found.append(f"{begins:%Y-%m-%d} is a public holiday ({name}).")
    elif begins.weekday() in (SATURDAY, SUNDAY):
        found.append(f"{begins:%Y-%m-%d} is a {begins:%A}.")
    if begins.date() != until.date() or begins.time() < OPENS or until.time() > CLOSES:
        found.append(f"It lies outside working hours ({OPENS:%H:%M} to {CLOSES:%H:%M}).")
    return found


def judged(blocks: Sequence[Block], away: Sequence[Away]) -> list[Block]:
    """The blocks by time, each with what stands against it; what has ended is not judged."""
    ordered = sorted(blocks, key=lambda block: (block.starts, block.kind, block.pk))
    return [
        block if block.ended else replace(block, against=_against(block, ordered, away)) for block in ordered
    ]


def _against(block: Block, others: Sequence[Block], away: Sequence[Away]) -> tuple[str, ...]:
    found = [
        f"At the same time as {other.title} at {other.name} ({other.time})."
        for other in others
        if other is not block and not other.ended and _meet(block, other)
    ]
    found += [
        f"Away from {one.first} to {one.last}{f' ({one.why})' if one.why else ''}."
        for one in away
        if one.technician == block.technician and one.first <= block.day <= one.last
    ]
    return (*found, *out_of_hours(block.starts, block.ends))


def _meet(one: Block, other: Block) -> bool:
    same = one.technician is not None and one.technician == other.technician
    return same and one.starts < other.ends and other.starts < one.ends


def free_from(blocks: Sequence[Block], day: date) -> str:
    """The time of day from which on nothing more stands on this day, as 14:05; when work begins without any."""
    ends = [local(block.ends).time() for block in blocks if block.day == day and not block.ended]
    return max([*ends, time(8)]).strftime("%H:%M")

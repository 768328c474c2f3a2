"""An import as its screens show it to one person."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from herotill.access import may
from herotill.imports import tally
from herotill.imports.asking import Sight
from herotill.imports.kinds import KEPT, REMOVED, RESTORED, STAYS, Fate, ImportKind, WayBack
from herotill.models import Import, ImportRow
from herotill.money import rand

State = Import.State
STEPS = (("upload", "Upload"), ("map", "Map the columns"), ("dry", "Dry run"), ("apply", "Import"))
STEP_OF = {
    State.UPLOADED: "map",
    State.MAPPED: "dry",
    State.DRY: "dry",
    State.FAILED: "map",
    State.APPLYING: "apply",
    State.APPLIED: "",
    State.ROLLING_BACK: "",
    State.ROLLED_BACK: "",
}
TONES = {State.APPLIED: "ok", State.ROLLED_BACK: "warn", State.FAILED: "bad", State.DRY: "accent"}
OUTCOMES = {
    "create": ("New", "accent", "to create", "created"),
    "update": ("Update", "accent", "to update", "updated"),
    "refuse": ("Refused", "bad", "refused", "refused"),
    "skip": ("Skipped", "", "skipped", "skipped"),
}
# Told in places of their own.
_ELSEWHERE = ("code", "warnings")
MOST_SHOWN = 500


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the wizard."""

    label: str
    is_done: bool
    is_current: bool


def steps(current: str) -> list[Step]:
    """All steps; without a current one all are done."""
    names = [name for name, _ in STEPS]
    here = names.index(current) if current else len(names)
    return [Step(label, place < here, place == here) for place, (_, label) in enumerate(STEPS)]


@dataclass(frozen=True, slots=True)
class Count:
    """How many records one thing is true of."""

    name: str
    label: str
    count: int


class Summary:
    """An import in figures."""

    def __init__(self, kind: ImportKind, batch: Import, user: Any) -> None:
        self.kind, self.batch = kind, batch
        self.standing = batch.standing
        self.label = self.standing.label
        self.tone = TONES.get(self.standing, "")
        self.url = kind.url("show", batch.pk)
        self.is_done = self.standing in (State.APPLIED, State.ROLLING_BACK, State.ROLLED_BACK)
        self._sees_sum = bool(kind.sum) and may(user, kind.sum.permission if kind.sum else "")

    @property
    def outcomes(self) -> list[Count]:
        place = 3 if self.is_done else 2
        return [
            Count(name, words[place].capitalize(), tally.count(self.batch.totals, "outcome", name))
            for name, words in OUTCOMES.items()
        ]

    @property
    def to_write(self) -> int:
        """How many records an apply would write."""
        return sum(one.count for one in self.outcomes if one.name in ("create", "update"))

    @property
    def refused(self) -> int:
        return tally.count(self.batch.totals, "outcome", "refuse")

    @property
    def reasons(self) -> list[Count]:
        return self._counted("reason")

    @property
    def warnings(self) -> list[Count]:
        return self._counted("warning")

    def _counted(self, section: str) -> list[Count]:
        found = self.batch.totals.get(section, {}).items()
        return [
            Count(name, self.kind.says(name), n)
            for name, n in sorted(found, key=lambda one: (-one[1], one[0]))
        ]

    @property
    def sum(self) -> str:
        """The amount in rand; nothing for whoever may not see it."""
        return rand(tally.amount(self.batch.totals)) if self._sees_sum else ""

    @property
    def words(self) -> str:
        """The outcomes in a line; nothing before they are known."""
        return tally.in_words(self.kind, self.batch.totals, done=self.is_done) if self.batch.totals else ""


def columns(kind: ImportKind, user: Any) -> list[str]:
    """The headings of the report that this person may see."""
    return [name[:1].upper() + name[1:] for name in _shown(kind) if may(user, kind.private.get(name, ""))]


def _shown(kind: ImportKind) -> list[str]:
    return [name for name in kind.report if name not in _ELSEWHERE]


@dataclass(frozen=True, slots=True)
class Record:
    """A line of the report as the screen shows it."""

    row: ImportRow
    label: str
    tone: str
    url: str
    values: list[str]
    cells: str
    says: list[str]


def records(kind: ImportKind, batch: Import, rows: Iterable[ImportRow], sight: Sight) -> list[Record]:
    """Some rows for the screen. One that was refused is shown as it came."""
    leads = batch.standing == State.APPLIED
    return [_record(kind, row, sight, leads=leads) for row in rows]


def _record(kind: ImportKind, row: ImportRow, sight: Sight, *, leads: bool) -> Record:
    label, tone, _, _ = OUTCOMES[row.outcome]
    told = [row.reason] if row.reason else row.warnings
    return Record(
        row=row,
        label=label,
        tone=tone,
        url=kind.url_of(row.code) if leads and row.code else "",
        values=_values(kind, row, sight) if row.code else [],
        cells=" · ".join(cell for cell in sight.cells(row.cells) if cell.strip())[:400],
        says=[kind.says(word) for word in told] + ([row.way_back.capitalize()] if row.way_back else []),
    )


def _values(kind: ImportKind, row: ImportRow, sight: Sight) -> list[str]:
    seen = zip(kind.report, row.values, sight.may_see, strict=True)
    return [text for name, text, may_see in seen if may_see and name not in _ELSEWHERE]


class Way:
    """What a roll-back will do, in figures and exceptions."""

    def __init__(self, kind: ImportKind, way: WayBack) -> None:
        self._way, self._kind = way, kind
        self.removed, self.restored = way.count(REMOVED), way.count(RESTORED)
        self.stays, self.kept = way.count(STAYS), way.count(KEPT)
        self.exceptions = [(fate, self._url(fate)) for fate in way.exceptions[:MOST_SHOWN]]
        self.more = max(len(way.exceptions) - MOST_SHOWN, 0)

    def _url(self, fate: Fate) -> str:
        return self._kind.url_of(fate.code) if fate.done in (STAYS, KEPT) else ""

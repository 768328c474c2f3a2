"""Each step beside what the old system has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from herotill.models import Import, MovingIn, OldFigure
from herotill.money import ZERO
from herotill.moving_in import Proof, Step, Tally, proofs, steps


@dataclass(frozen=True, slots=True)
class Beside:
    """A step with its figures there and here, and the imports that brought it, the newest first."""

    place: int
    step: Step
    theirs: OldFigure | None
    ours: Tally
    imports: list[Import]

    @property
    def state(self) -> str:
        """`open` where the old figures are not noted, then `agrees` or `differs`."""
        if self.theirs is None:
            return "open"
        return "agrees" if self.missing == 0 and not self.short else "differs"

    @property
    def missing(self) -> int:
        """How many more the old system has; below zero where we have more."""
        return self.theirs.count - self.ours.count if self.theirs else 0

    @property
    def more(self) -> int:
        """How many more than the old system has are here."""
        return -self.missing

    @property
    def short(self) -> Decimal:
        """By how much the old system's amount is above ours, in rand."""
        if not self.theirs or self.theirs.amount is None or self.ours.amount is None:
            return ZERO
        return self.theirs.amount - self.ours.amount


@dataclass(frozen=True, slots=True)
class Seen:
    """A proof, and whether it holds now."""

    proof: Proof
    holds: bool


@dataclass(frozen=True, slots=True)
class Compared:
    """A move whole."""

    move: MovingIn
    rows: list[Beside]
    proofs: list[Seen]
    at_work: list[Import]

    @property
    def lacks(self) -> list[str]:
        """What is still in the way of signing, in words."""
        told = {"open": "the old system's figures are not noted", "differs": "the figures differ"}
        rows = [f"{row.step.title}: {told[row.state]}" for row in self.rows if row.state in told]
        proofs = [f"{seen.proof.title}: not yet" for seen in self.proofs if not seen.holds]
        return rows + proofs + [f"{one.file_name} is at work" for one in self.at_work]

    @property
    def next(self) -> Beside | None:
        """The first step that does not agree."""
        return next((row for row in self.rows if row.state != "agrees"), None)


def compare(move: MovingIn, *, day: date) -> Compared:
    """All steps in their order as on a day, and what must hold beside them."""
    theirs = {figure.step: figure for figure in move.figures.select_related("noted_by")}
    brought = _brought(move)
    rows = [
        Beside(place, step, theirs.get(step.name), step.ours(day), brought.get(step.imports, []))
        for place, step in enumerate(steps, start=1)
    ]
    return Compared(move, rows, [Seen(proof, proof.holds()) for proof in proofs], list(Import.at_work()))


def _brought(move: MovingIn) -> Mapping[str, list[Import]]:
    found: dict[str, list[Import]] = {}
    done = (Import.State.APPLIED, Import.State.ROLLED_BACK)
    since = Import.objects.filter(state__in=done, applied_at__gte=move.began_at).order_by("-id")
    for one in since.select_related("applied_by"):
        found.setdefault(one.kind, []).append(one)
    return found

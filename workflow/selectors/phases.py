"""Phases and lists as Setup shows them, with the gates before each."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.gates import Gate, gates
from workflow.models import Phase, Step
from workflow.policies import way


@dataclass(frozen=True, slots=True)
class Listed:
    """A list with the gates that always stand before it, and those chosen."""

    step: Step
    fixed: tuple[Gate, ...]
    chosen: tuple[Gate, ...]


@dataclass(frozen=True, slots=True)
class Staged:
    """A phase and its lists."""

    phase: Phase
    lists: tuple[Listed, ...]


def free_gates() -> list[Gate]:
    """The gates that may be put before any list."""
    return [gate for gate in gates if not gate.before]


def fixed_gates(step: str) -> list[Gate]:
    """The gates that always stand before a list."""
    return [gate for gate in gates if step in gate.before]


def staged() -> list[Staged]:
    """All phases in their order, with their lists."""
    return [
        Staged(phase, tuple(_listed(step) for step in phase.steps.all()))
        for phase in Phase.objects.prefetch_related("steps")
    ]


def _listed(step: Step) -> Listed:
    chosen = tuple(gate for gate in free_gates() if gate.name in step.gates)
    return Listed(step, tuple(fixed_gates(step.key)), chosen)


def places_by_hand() -> list[tuple[str, list[tuple[str, str]]]]:
    """The lists that somebody may put leads into, by phase, as a field offers them."""
    return [
        (one.phase.name, [(each.step.key, each.step.name) for each in one.lists if _by_hand(each)])
        for one in staged()
        if any(_by_hand(each) for each in one.lists)
    ]


def _by_hand(each: Listed) -> bool:
    return each.step.key not in way.BY_DEED

"""Naming and ordering phases, setting up their lists, and how we sell."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.db import transaction

from herotill.errors import DomainError
from workflow.gates import gates
from workflow.models import Phase, SalesRules, Step
from workflow.services import moving


@transaction.atomic
def change_phase(*, phase: Phase, name: str, position: int) -> None:
    """Call a phase by a name and put it at a place, 1 the first; the others close up."""
    every = list(Phase.objects.select_for_update().order_by("position", "key"))
    rest = [one for one in every if one.pk != phase.pk]
    held = next(one for one in every if one.pk == phase.pk)
    held.name = name
    rest.insert(max(position, 1) - 1, held)
    for place, one in enumerate(rest, 1):
        if one is held or one.position != place:
            one.position = place
            one.save(update_fields=["name", "position"])


@transaction.atomic
def change_step(*, step: Step, values: Mapping[str, Any], now: datetime) -> None:
    """Set a list up. A gate that is no more lets those move on who waited for nothing else."""
    held = Step.objects.select_for_update().get(pk=step.pk)
    for name, value in values.items():
        setattr(held, name, value)
    if fixed := [gate.title for gate in gates if gate.name in held.gates and gate.before]:
        raise DomainError(f"Not to be chosen: {', '.join(fixed)}.", field="gates")
    held.save(update_fields=[*values])
    moving.settle(now=now)


@transaction.atomic
def change_sales_rules(*, values: Mapping[str, Any]) -> SalesRules:
    """Change how we sell; quotes that are sent stay as they are."""
    rules = SalesRules.objects.select_for_update().get()
    for name, value in values.items():
        setattr(rules, name, value)
    rules.save()
    return rules

"""Where leads are: every move goes through here, is asked of the gates, and is written down."""

from __future__ import annotations

import logging
from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.text import capfirst

from herotill.errors import DomainError
from herotill.users.models import User
from workflow.arrivals import arrived
from workflow.models import Lead, Move, Place
from workflow.policies import way
from workflow.selectors import job_gates, waiting
from workflow.selectors.missing import missing, missing_further_on

log = logging.getLogger(__name__)


@transaction.atomic
def move(
    *, leads: Collection[int], to: str, actor: User | None, now: datetime, why: str = "", deed: bool = False
) -> int:
    """Bring leads to a list; how many moved. Who is there already stays; back needs no gate.

    Raises DomainError, and moves nobody, where one of them misses something on the way. By a `deed`, which is done
    whatever has changed behind them, only the gates between where they are and `to` are asked. `lost` is for
    `services.leads.lose`, which asks for a reason.
    """
    held = list(Lead.objects.select_for_update(no_key=True).filter(pk__in=leads).order_by("pk"))
    going = [lead for lead in held if lead.place != to]
    if ended := [lead for lead in going if lead.place == Place.WON]:
        raise DomainError(f"{ended[0]} is won; what is wrong with the customer is mended there.")
    if merged := [lead for lead in going if lead.merged_into_id]:
        raise DomainError(f"{merged[0]} was merged into L{merged[0].merged_into_id}; go on there.")
    if lacking := _lacking([lead for lead in going if not way.is_back(lead.place, to)], to, deed):
        lead = next(lead for lead in going if lead.pk in lacking)
        raise DomainError(f"{capfirst(lead.name)}: {' '.join(lacking[lead.pk])}")
    return _carry_out(going, to, actor, now, why)


def _lacking(ahead: list[Lead], to: str, deed: bool) -> dict[int, list[str]]:
    if to not in way.WAY or (deed and to in way.UNASKED):
        return {}
    if deed:
        return missing_further_on({lead.pk: lead.place for lead in ahead}, to)
    return missing([lead.pk for lead in ahead], to)


@transaction.atomic
def by_hand(*, leads: Collection[int], to: str, actor: User, now: datetime, why: str = "") -> int:
    """Move leads as somebody puts them on the board.

    Raises DomainError also where only a deed brings them, and back for those whom a job keeps where they are.
    """
    if to in way.BY_DEED:
        raise DomainError(way.BY_DEED[to], field="to")
    if to not in way.WAY:
        raise DomainError("There is no such list.", field="to")
    held = Lead.objects.select_for_update(no_key=True).filter(pk__in=leads).exclude(step=to).order_by("pk")
    back = {lead.pk: lead for lead in held if way.is_back(lead.place, to)}
    for lead, kept in job_gates.keeping(back).items():
        raise DomainError(f"{capfirst(back[lead].name)}: {kept}", field="to")
    return move(leads=leads, to=to, actor=actor, now=now, why=why)


def _carry_out(going: list[Lead], to: str, actor: User | None, now: datetime, why: str) -> int:
    Move.objects.bulk_create(
        Move(lead=lead, from_step=lead.place, to_step=to, since=lead.step_since, at=now, by=actor, why=why)
        for lead in going
    )
    Lead.objects.filter(pk__in=[lead.pk for lead in going]).update(step=to, step_since=now)
    waiting.changed()
    arrived(to, [lead.pk for lead in going], actor, now)
    return len(going)


@transaction.atomic
def settle(*, now: datetime, leads: Collection[int] | None = None) -> int:
    """Move on by themselves whoever misses nothing any more; how many. Of `leads`, or of all.

    Who cannot come there all the same stays, and the log says why.
    """
    moved = 0
    for here, there in way.BY_ITSELF.items():
        waiting = Lead.objects.select_for_update(no_key=True, skip_locked=leads is None).filter(step=here)
        if leads is not None:
            waiting = waiting.filter(pk__in=leads)
        found = list(waiting.order_by("pk"))
        lacking = missing([lead.pk for lead in found], there)
        going = [lead for lead in found if lead.pk not in lacking]
        moved += _let_on(going, there, now) if going else 0
    return moved


def _let_on(going: list[Lead], there: str, now: datetime) -> int:
    """All at once; where one of them cannot come there, each alone, so that nobody waits because of another."""
    try:
        with transaction.atomic():
            return _carry_out(going, there, None, now, "Nothing was missing any more.")
    except DomainError as no:
        if len(going) == 1:
            log.warning("Lead %s does not come to %s: %s", going[0].pk, there, no)
            return 0
    return sum(_let_on([lead], there, now) for lead in going)

"""Retention: how long each kind of records stays, and the nightly run that lets go what is past its time."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from dateutil.relativedelta import relativedelta
from django.db.models import Q

from herotill import audit
from herotill.audit import keeping
from herotill.errors import DomainError
from herotill.jobs import note
from herotill.models import Export, KeptState, RetentionRules, Run
from herotill.registry import Registry

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """One kind of records. `period` says how long they stay, `forget` drops what is older and says how much.

    `forget` may be killed anywhere and called again. `setting` names the page where the period is set, or
    the variable of the environment.
    """

    name: str
    title: str
    period: Callable[[RetentionRules], str]
    forget: Callable[[datetime], str]
    setting: str = ""
    variable: str = ""
    order: int = 100


kinds: Registry[Kept] = Registry("kept kind")


def carry_out(now: datetime) -> str:
    """Go through all kinds; trouble with one does not stop the others. The nightly job.

    Raises DomainError, at the end, naming the kinds that met trouble.
    """
    broken = [kind.title for kind in kinds if not _forget(kind, now)]
    if broken:
        raise DomainError(f"Not cleared: {', '.join(broken)}. The log tells more.")
    return f"Went through {len(kinds)} kinds."


def _forget(kind: Kept, now: datetime) -> bool:
    said, failed = "", False
    try:
        with audit.acting(source=f"retention: {kind.name}"):
            said = kind.forget(now)
    except Exception:
        log.exception("What is kept as %s could not be cleared.", kind.name)
        failed = True
    if said or failed:
        note(f"{kind.title}: {'not cleared' if failed else said}")
    KeptState.objects.update_or_create(
        name=kind.name, defaults={"ran_at": now, "failed": failed, "said": said[:300]}
    )
    return not failed


def _trail(now: datetime) -> str:
    years = RetentionRules.objects.values_list("audit_years", flat=True).get()
    return _went(keeping.forget(before=now - relativedelta(years=years)), "events")


def _diaries(now: datetime) -> str:
    """What runs wrote down line by line, and the words exports were filtered by; that they were stays."""
    since = now - relativedelta(months=RetentionRules.objects.values_list("diaries_months", flat=True).get())
    old = Run.objects.exclude(state__in=Run.OPEN).filter(created_at__lt=since)
    emptied = old.exclude(Q(log=[]) & Q(error="")).update(log=[], error="")
    emptied += Export.objects.filter(at__lt=since).exclude(query="").update(query="")
    return _went(emptied, "diaries emptied")


def _went(count: int, what: str) -> str:
    return f"{count:,} {what}." if count else ""


def register() -> None:
    """The kinds the house itself knows."""
    kinds.register(
        Kept(
            name="audit",
            title="Audit trail",
            period=lambda rules: f"{rules.audit_years} years, then by quarters",
            forget=_trail,
            order=10,
        )
    )
    kinds.register(
        Kept(
            name="diaries",
            title="Diaries of long work, and what exports were filtered by",
            period=lambda rules: f"{rules.diaries_months} months",
            forget=_diaries,
            order=40,
        )
    )

"""Closing months of the books, and opening the last one again with a second person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction
from django.db.models.functions import Now
from django.urls import reverse

from billing.models import AccountingPeriod
from billing.selectors import periods as reading
from billing.selectors.vat201 import output_vat, vat201
from billing.selectors.verifying import verify
from herotill import approvals, runs
from herotill.errors import DomainError
from herotill.models import Run
from herotill.money import rand
from herotill.months import Month
from herotill.users.models import User

KIND = "close-period"


def begin(*, month: Month, today: date, actor: User) -> Run:
    """Have a run close a month, and the open ones before it. Raises DomainError for one that is not over."""
    _refuse(month, today)
    params = {"month": month.first.isoformat(), "today": today.isoformat()}
    return runs.start(kind=KIND, params=params, actor=actor, title=f"Close {month.label}", once=str(month))


def work(run: Run, progress: runs.Progress) -> None:
    """What the run does: derive the ledger anew, then close month by month."""
    month = Month.of(date.fromisoformat(run.params["month"]))
    progress.say("Deriving the ledger anew from what was posted.")
    months = reading.to_close(month)
    progress.expect(len(months))
    check()
    for each in months:
        close(month=each, today=date.fromisoformat(run.params["today"]), actor=run.started_by)
        progress.advance(closed=1)
        progress.say(f"{each.label} is closed.")


def check() -> None:
    """Raises DomainError where the ledger is not what was posted."""
    for wrong in verify():
        raise DomainError(f"The ledger is not sound, so nothing is closed. {wrong}")


def _refuse(month: Month, today: date) -> None:
    if month.last >= today:
        raise DomainError(f"{month.label} is not over yet.")
    if month.first in reading.closed_months():
        raise DomainError(f"{month.label} is closed already.")


@transaction.atomic
def close(*, month: Month, today: date, actor: User | None) -> AccountingPeriod:
    """Close a month: from now on nothing is dated in it. Keeps its totals and what the VAT201 takes from it.

    Whoever is posting is waited for, and the moment of closing is the database's, after that. Raises DomainError where an earlier month is open, or this one not over.
    """
    with connection.cursor() as cursor:
        cursor.execute("LOCK TABLE billing_entry IN SHARE MODE")
    _refuse(month, today)
    earlier = reading.to_close(month)[0]
    if earlier != month:
        raise DomainError(f"Close {earlier.label} first.")
    rows = vat201(month.first, month.last)
    snapshot = {"rows": [row.as_json() for row in rows], "output_vat": str(output_vat(rows))}
    values = {
        "closed_at": Now(),
        "closed_by": actor,
        "totals": reading.movement(month).as_json(),
        "vat201": snapshot,
    }
    period = AccountingPeriod.objects.update_or_create(month=month.first, defaults=values)[0]
    period.refresh_from_db()
    return period


def ask_to_reopen(*, period: AccountingPeriod, reason: str, actor: User, now: datetime) -> None:
    """Ask a second person to let the last closed month be opened again."""
    _refuse_to_reopen(period)
    approvals.ask(
        kind=reading.REOPENING,
        subject_id=period.pk,
        payload={"reason": reason},
        reason=reason,
        actor=actor,
        now=now,
    )


def _refuse_to_reopen(period: AccountingPeriod) -> None:
    if period.closed_at is None:
        raise DomainError(f"{period} is open.")
    last = max(reading.closed_months())
    if last != period.month:
        raise DomainError(f"Open {last:%b %Y} again first: its opening balance follows from {period}.")


def _reopen(asked: approvals.Asked, actor: User, now: datetime) -> None:
    period = AccountingPeriod.objects.select_for_update().get(pk=asked.subject_id or 0)
    _refuse_to_reopen(period)
    period.closed_at, period.closed_by = None, None
    period.reopened_at, period.reopened_why = now, str(asked.payload["reason"])[:300]
    period.save()


def _subject(pk: int | None, payload: Mapping[str, Any]) -> approvals.Subject | None:
    period = AccountingPeriod.objects.filter(pk=pk or 0).first()
    if period is None:
        return None
    url = reverse("billing:period", args=[str(Month.of(period.month))])
    return approvals.Subject(f"Books of {period}", url, {"closed_at": str(period.closed_at)})


def _describe(pk: int | None, payload: Mapping[str, Any]) -> list[approvals.Row]:
    period = AccountingPeriod.objects.get(pk=pk or 0)
    closing = reading.Movement.of_json(period.totals).closing
    return [
        approvals.Row("State", f"closed {period.closed_at:%Y-%m-%d}", "open"),
        approvals.Row("Debtors at its end", rand(closing), "as then posted"),
    ]


approvals.kinds.register(
    approvals.ApprovalKind(
        name=reading.REOPENING,
        title="Opening closed books again",
        permission="billing.reopen_period",
        subject=_subject,
        describe=_describe,
        carry_out=_reopen,
        order=30,
    )
)

"""The steps of cases, written for many at once; one is a set of one. Whoever calls holds the customers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from billing.models import CaseStep
from billing.policies.suspending import Deed, Known
from billing.services.suspensions import stopping, telling
from billing.services.suspensions.taking_down import bring_back, take_down
from billing.services.suspensions.telling import listed
from herotill.bulk import array
from herotill.users.models import User

Kind = CaseStep.Kind


@dataclass(frozen=True, slots=True)
class Step:
    """A step to be taken: by which customer, and why."""

    known: Known
    why: str


@dataclass(frozen=True, slots=True)
class Moment:
    """When it is done, and who has it done; nobody where the run does it."""

    day: date
    now: datetime
    actor: User | None = None

    @property
    def by(self) -> int | None:
        return self.actor.pk if self.actor else None


_GIVEN = (
    "SELECT * FROM unnest(%(ids)s::bigint[], %(overdue)s::numeric[], %(why)s::text[]) t (id, overdue, why)"
)
_LIST = """
WITH given AS (
    SELECT * FROM unnest(%(ids)s::bigint[], %(overdue)s::numeric[], %(why)s::text[], %(counts)s::date[])
        t (id, overdue, why, counts_from)
), made AS (
    INSERT INTO billing_suspensioncase (customer_id, opened_on, counts_from, overdue)
    SELECT id, %(day)s, counts_from, overdue FROM given
    ON CONFLICT (customer_id) WHERE state <> 'ended' DO NOTHING RETURNING id, customer_id
)
INSERT INTO billing_casestep (case_id, kind, day, at, by_id, overdue, why)
SELECT made.id, 'opened', %(day)s, %(now)s, %(by)s, given.overdue, given.why
FROM made JOIN given ON given.id = made.customer_id
"""
_MOVE = """
WITH given AS ({given}), moved AS (
    UPDATE billing_suspensioncase s SET {sets} FROM given WHERE s.id = given.id AND s.state <> 'ended' RETURNING s.id
)
INSERT INTO billing_casestep (case_id, kind, day, at, by_id, overdue, why, message_key)
SELECT given.id, %(kind)s, %(day)s, %(now)s, %(by)s, given.overdue, given.why,
       CASE WHEN %(told)s <> '' THEN 'suspension-' || given.id || '-' || %(told)s ELSE '' END
FROM given JOIN moved ON moved.id = given.id
"""
_SETS: Mapping[str, str] = {
    Kind.APPROVED: "state = 'approved', approved_by_id = %(by)s, approved_at = %(now)s",
    Kind.FIRST_WARNING: "state = 'warned', stepped_on = %(day)s",
    Kind.SECOND_WARNING: "state = 'warned_twice', stepped_on = %(day)s",
    Kind.SUSPENDED: "state = 'suspended', stepped_on = %(day)s, suspended_on = %(day)s, paused_until = NULL",
    Kind.RESUMED: "paused_until = NULL, stepped_on = %(day)s",
    Kind.PAUSED: "paused_until = %(until)s",
    Kind.STOPPED: "billing_stopped_on = %(day)s",
    Kind.ENDED: "state = 'ended', ended_on = %(day)s, ended_why = left(given.why, 200), paused_until = NULL",
}
_OF_DEED = {
    Deed.WARN: Kind.FIRST_WARNING,
    Deed.WARN_TWICE: Kind.SECOND_WARNING,
    Deed.SUSPEND: Kind.SUSPENDED,
    Deed.RESUME: Kind.RESUMED,
}


def open_cases(steps: Sequence[Step], at: Moment) -> None:
    """Open a case of each of these customers, to be approved."""
    values = _values(steps, at) | {
        "ids": listed(one.known.customer_id for one in steps),
        "counts": listed(one.known.counts_from for one in steps),
    }
    _execute(_LIST, values)


def move(kind: Kind, steps: Sequence[Step], at: Moment, told: str = "", **more: Any) -> None:
    """Write one kind of step of cases; `told` is the last part of their messages' keys."""
    values = _values(steps, at) | {"kind": kind, "told": told, **more}
    _execute(_MOVE.format(given=_GIVEN, sets=_SETS[kind]), values)


def take(deed: Deed, steps: Sequence[Step], at: Moment) -> None:
    """Take a warning, a suspension or its return, with what follows from it: services and messages."""
    kind = _OF_DEED[deed]
    told = f"{kind}-{at.day}" if kind is Kind.RESUMED else str(kind)
    move(kind, steps, at, told)
    if deed in (Deed.SUSPEND, Deed.RESUME):
        take_down(_cases(steps), now=at.now, actor=at.actor)
    telling.tell(deed, [one.known for one in steps], told=told, day=at.day, now=at.now, by=at.by)


def stop_billing(steps: Sequence[Step], at: Moment) -> None:
    """Stop billing who has been suspended for long, and propose that they are cancelled."""
    move(Kind.STOPPED, steps, at)
    stopping.stop(_cases(steps), at.day)


def end(steps: Sequence[Step], at: Moment) -> None:
    """End cases: what they took down comes back, what they were about to say is not said."""
    cases = [_case(one) for one in steps]
    move(Kind.ENDED, steps, at)
    lifted = [one.known for one in steps if one.known.state == "suspended" and one.known.paused_until is None]
    bring_back(cases, now=at.now, actor=at.actor)
    stopping.begin_again(cases, at.day)
    telling.take_back(cases)
    back = [one for one in lifted if one.payer and one.status != "cancelled"]
    telling.tell_restored(back, now=at.now, by=at.by)


def _case(step: Step) -> int:
    assert step.known.case_id is not None
    return step.known.case_id


def _cases(steps: Sequence[Step]) -> dict[int, int]:
    return {one.known.customer_id: _case(one) for one in steps}


def _values(steps: Sequence[Step], at: Moment) -> dict[str, Any]:
    return {
        "ids": listed(one.known.case_id for one in steps),
        "overdue": listed(one.known.overdue for one in steps),
        "why": array([one.why[:300] for one in steps]),
        "day": at.day,
        "now": at.now,
        "by": at.by,
    }


def _execute(statement: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)

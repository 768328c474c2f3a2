"""What the policy of suspension is told: of everybody who owes or has an open case, or of some."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import connection
from django.utils.timezone import get_current_timezone

from billing.models import SuspensionRules
from billing.policies import collection_days
from billing.policies.suspending import Decision, Deed, Frame, Known, decide, owes
from billing.selectors import cutover
from billing.selectors.suspensions.overdue import overdue_sql, parameters

_SQL = """
WITH owed AS MATERIALIZED ({owed}),
opened AS MATERIALIZED (
    SELECT * FROM billing_suspensioncase s WHERE s.state <> 'ended' {cases}
)
SELECT c.id, c.status,
    c.master_id IS NULL OR coalesce((
        SELECT m.mode FROM billing_subaccountmode m WHERE m.customer_id = c.id AND m.starts_on <= %(day)s
        ORDER BY m.starts_on DESC LIMIT 1), 'itself') = 'itself',
    coalesce(owed.overdue, 0.00), owed.counts_from, coalesce(t.disabled, false),
    CASE WHEN t.use_group THEN g.overdue_days ELSE t.overdue_days END,
    CASE WHEN t.use_group THEN g.second_notice_days ELSE t.second_notice_days END,
    CASE WHEN t.use_group THEN g.suspension_days ELSE t.suspension_days END,
    p.by_day, o.id, o.state, o.stepped_on, o.suspended_on, o.paused_until, o.reported_until, o.billing_stopped_on,
    CASE WHEN o.id IS NULL THEN (SELECT e.ended_on FROM billing_suspensioncase e WHERE e.customer_id = c.id
        ORDER BY e.id DESC LIMIT 1) END,
    EXISTS (SELECT FROM billing_handover h WHERE h.customer_id = c.id AND h.back_on IS NULL)
FROM {who} who JOIN customers_customer c ON c.id = who.customer_id
LEFT JOIN owed ON owed.customer_id = c.id
LEFT JOIN opened o ON o.customer_id = c.id
CROSS JOIN billing_suspensionrules r
LEFT JOIN customers_billinggroup b ON b.id = c.billing_group_id
CROSS JOIN LATERAL (SELECT coalesce(b.overdue_days, r.overdue_days) AS overdue_days,
    coalesce(b.second_notice_days, r.second_notice_days) AS second_notice_days,
    coalesce(b.suspension_days, r.suspension_days) AS suspension_days) g
LEFT JOIN billing_suspensionterms own ON own.customer_id = c.id
CROSS JOIN LATERAL (SELECT coalesce(own.use_group, true) AS use_group, own.disabled,
    own.overdue_days, own.second_notice_days, own.suspension_days) t
LEFT JOIN billing_promise p ON p.customer_id = c.id AND p.state = 'open'
ORDER BY c.id
"""
_EITHER = "(SELECT customer_id FROM owed UNION SELECT customer_id FROM opened)"
_CASED = "(SELECT customer_id FROM opened)"


@dataclass(frozen=True, slots=True)
class Planned:
    """A customer with what is known and what was decided."""

    known: Known
    decision: Decision

    @property
    def deed(self) -> Deed | None:
        return self.decision.deed

    @property
    def why(self) -> str:
        return self.decision.why or owes(self.known)


def frame(*, day: date, now: datetime, rules: SuspensionRules, signed: bool) -> Frame:
    """What holds for everybody on a day."""
    local = now.astimezone(get_current_timezone())
    hours = (rules.from_hour, rules.until_hour)
    return Frame(
        day=day,
        now=now,
        on=rules.enabled and signed,
        may_suspend=collection_days.may_suspend(local, *hours),
        suspends_next=collection_days.next_moment(local, *hours),
        minimum=rules.minimum,
        stop_billing_days=rules.stop_billing_days,
    )


def known(
    *,
    day: date,
    rules: SuspensionRules,
    signed: bool,
    customers: Collection[int] | None = None,
    cases_only: bool = False,
) -> list[Known]:
    """Everybody, or those of these customers, who owe something overdue or have an open case, by id."""
    some = customers is not None
    statement = _SQL.format(
        owed=overdue_sql(some=some, signed=signed),
        cases="AND s.customer_id = ANY (%(customers)s)" if some else "",
        who=_CASED if cases_only else _EITHER,
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters(day=day, customers=customers, rules=rules))
        return list(map(Known._make, cursor.fetchall()))


def plan(
    *,
    day: date,
    now: datetime,
    customers: Collection[int] | None = None,
    cases_only: bool = False,
) -> list[Planned]:
    """What the run of this day does and what comes next, of everybody or of some customers."""
    rules, signed = SuspensionRules.objects.get(), cutover.signed()
    found = known(day=day, rules=rules, signed=signed, customers=customers, cases_only=cases_only)
    return planned(found, frame(day=day, now=now, rules=rules, signed=signed))


def planned(found: Iterable[Known], of: Frame) -> list[Planned]:
    """The decision beside what is known of each."""
    return [Planned(one, decide(one, of)) for one in found]


def of_one(*, customer: int, day: date, now: datetime) -> Planned | None:
    """One customer's; None for who owes nothing overdue and has no case."""
    return next(iter(plan(day=day, now=now, customers=[customer])), None)

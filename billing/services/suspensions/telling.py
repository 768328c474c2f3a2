"""What customers are told of a case: each step once, and nothing that is no longer so."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.db import connection

from billing.models import SuspensionCase, SuspensionRules
from billing.policies.suspending import Deed, Known
from billing.selectors import suspensions as reading
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.messages.models import Message
from herotill.messages.services import outbox

SUBJECT = "suspension-case"
RESTORED = "suspension_lifted"
TEMPLATES = {
    Deed.WARN: "suspension_first_warning",
    Deed.WARN_TWICE: "suspension_second_warning",
    Deed.SUSPEND: "suspension_suspended",
    Deed.RESUME: "suspension_suspended",
}
BY_SMS = "-sms"  # what stands behind the name of a template, and behind the key of a message, for an SMS
PAID = "Nothing was overdue any more when it was about to go out."

_TELL = """
SELECT t.customer_id, t.case_id AS subject_id,
    jsonb_build_object('customer', c.name, 'code', c.code, 'suspended_on', t.suspended_on::text,
        'amount', 'R ' || to_char(t.overdue, 'FM999,999,999,990.00')) AS context,
    'suspension-' || t.case_id || '-' || %(told)s AS key
FROM unnest(%(customers)s::bigint[], %(cases)s::bigint[], %(overdue)s::numeric[], %(days)s::date[])
    t (customer_id, case_id, overdue, suspended_on)
JOIN customers_customer c ON c.id = t.customer_id
"""
_TAKE_BACK = """
UPDATE outbox_message SET state = 'cancelled', next_try_at = NULL, error = %(why)s
WHERE subject_kind = %(kind)s AND subject_id = ANY (%(cases)s) AND state IN ('waiting', 'held')
"""


def listed(values: Iterable[object]) -> str:
    """An array of numbers, amounts or days as a statement takes it; psycopg writes each by itself."""
    return "{" + ",".join(map(str, values)) + "}"


def tell(deed: Deed, whom: Sequence[Known], *, told: str, day: date, now: datetime, by: int | None) -> int:
    """Queue the message of a step to each of these customers; how many are new."""
    return _queue(TEMPLATES[deed], whom, told, [_suspends(one, deed, day) for one in whom], now, by)


def tell_restored(whom: Sequence[Known], *, now: datetime, by: int | None) -> int:
    """Queue the news that service is back."""
    return _queue(RESTORED, whom, "ended", [local_day(now)] * len(whom), now, by) if whom else 0


def _queue(
    template: str, whom: Sequence[Known], told: str, days: Sequence[date], now: datetime, by: int | None
) -> int:
    """Queue a mail to each, and an SMS too where the rules say so; how many mails are new."""
    values: dict[str, Any] = {
        "customers": listed(one.customer_id for one in whom),
        "cases": listed(one.case_id for one in whom),
        "overdue": listed(one.overdue for one in whom),
        "days": listed(days),
        "told": told,
    }
    given: dict[str, Any] = {"now": now, "subject_kind": SUBJECT, "actor_id": by}
    if SuspensionRules.objects.filter(notices_by_sms=True).exists():
        also = values | {"told": told + BY_SMS}
        outbox.queue_select(_TELL, also, template=template + BY_SMS, **given)
    return outbox.queue_select(_TELL, values, template=template, **given)


def _suspends(known: Known, deed: Deed, day: date) -> date:
    """The first day on which the customer may be suspended, as things stand."""
    if deed in (Deed.SUSPEND, Deed.RESUME) or known.counts_from is None:
        return day
    apart = max(1, known.suspension_days - known.second_notice_days)
    if deed is Deed.WARN:
        apart += max(1, known.second_notice_days - known.overdue_days)
    return max(known.counts_from + timedelta(days=known.suspension_days), day + timedelta(days=apart))


def take_back(cases: Collection[int]) -> None:
    """What waits to be said of these cases is not said any more."""
    with connection.cursor() as cursor:
        cursor.execute(_TAKE_BACK, {"kind": SUBJECT, "cases": list(cases), "why": PAID})


def still_so(message: Message, now: datetime) -> Mapping[str, str]:
    """Asked just before a warning goes out: raises DomainError where nothing is overdue any more.

    So nobody is told who paid after the run and before the mail. There is nothing secret in it.
    """
    case = SuspensionCase.objects.filter(pk=message.subject_id or 0).values_list("customer", "state").first()
    if case is None or case[1] == SuspensionCase.State.ENDED:
        raise DomainError(PAID)
    owed = reading.overdue([case[0]], local_day(now)).get(case[0])
    if owed is None or owed.counts_from is None:
        raise DomainError(PAID)
    return {}

"""Which months of the books are closed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import Max, Min, Sum

from billing.models import AccountingPeriod, Document, Entry, EntryKind
from herotill.models import ApprovalRequest
from herotill.money import ZERO
from herotill.months import Month

REOPENING = "reopen-period"


def closed_months() -> set[date]:
    """The first days of the closed months."""
    return set(AccountingPeriod.objects.exclude(closed_at=None).values_list("month", flat=True))


def last_closed() -> Month | None:
    """The newest month that is closed: the one that can be opened again."""
    return max(map(Month.of, closed_months()), default=None)


def reopening(period: AccountingPeriod) -> ApprovalRequest | None:
    """The request that waits for a second person to open a month again."""
    found = ApprovalRequest.objects.filter(kind=REOPENING, subject_id=period.pk, state="open")
    return found.first()


def open_from() -> date:
    """The first day that the books still take: all before it is closed with the last month that was."""
    last = AccountingPeriod.objects.exclude(closed_at=None).aggregate(last=Max("month"))["last"]
    return Month.of(last).next.first if last else date.min


def open_day(day: date) -> date:
    """`day`, or the first open day after it: where a later fact about a closed month is posted."""
    return max(day, open_from())


_MOVEMENT = """
SELECT kind, count(*), sum(amount) FROM billing_entry WHERE accounting_date BETWEEN %s AND %s
GROUP BY kind ORDER BY kind
"""


@dataclass(frozen=True, slots=True)
class Movement:
    """The control account of a month: what everybody owed before, what was posted by kind, what they owe after."""

    opening: Decimal
    entries: list[tuple[str, int, Decimal]]
    closing: Decimal

    def as_json(self) -> dict[str, Any]:
        kinds = [[kind, count, str(amount)] for kind, count, amount in self.entries]
        return {"opening": str(self.opening), "entries": kinds, "closing": str(self.closing)}

    @classmethod
    def of_json(cls, found: dict[str, Any]) -> Movement:
        kinds = [(kind, count, Decimal(amount)) for kind, count, amount in found["entries"]]
        return cls(Decimal(found["opening"]), kinds, Decimal(found["closing"]))

    @property
    def rows(self) -> list[tuple[str, int, Decimal]]:
        return [(EntryKind(kind).label, count, amount) for kind, count, amount in self.entries]


def movement(month: Month) -> Movement:
    """The control account of one month, from the ledger."""
    before = Entry.objects.filter(accounting_date__lt=month.first).aggregate(sum=Sum("amount"))["sum"] or ZERO
    with connection.cursor() as cursor:
        cursor.execute(_MOVEMENT, [month.first, month.last])
        entries = [(kind, count, amount) for kind, count, amount in cursor.fetchall()]
    return Movement(before, entries, before + sum((amount for _, _, amount in entries), ZERO))


@dataclass(frozen=True, slots=True)
class Shown:
    """One month of the books as the screen shows it."""

    month: Month
    period: AccountingPeriod | None
    waiting: ApprovalRequest | None = None

    @property
    def closed(self) -> bool:
        return self.period is not None and self.period.closed_at is not None

    @property
    def closing(self) -> Decimal | None:
        return Movement.of_json(self.period.totals).closing if self.closed and self.period else None

    @property
    def output_vat(self) -> Decimal | None:
        return Decimal(self.period.vat201["output_vat"]) if self.closed and self.period else None


def all_months(today: date) -> list[Shown]:
    """Every month from the first entry to now, the newest first."""
    first = Entry.objects.aggregate(first=Min("accounting_date"))["first"]
    periods = {one.month: one for one in AccountingPeriod.objects.select_related("closed_by")}
    asked = {one.subject_id: one for one in ApprovalRequest.objects.filter(kind=REOPENING, state="open")}
    found, month = [], Month.of(min([first or today, *periods, today]))
    while month.first <= today:
        period = periods.get(month.first)
        found.append(Shown(month, period, asked.get(period.pk) if period else None))
        month = month.next
    return found[::-1]


def to_close(month: Month) -> list[Month]:
    """The open months up to this one in which something is posted, and this one, the oldest first."""
    first = Entry.objects.filter(accounting_date__lte=month.last).aggregate(first=Min("accounting_date"))[
        "first"
    ]
    closed, found, each = closed_months(), [], Month.of(first or month.first)
    while each <= month:
        if each.first not in closed:
            found.append(each)
        each = each.next
    return found


def drafts_in(months: Sequence[Month]) -> int:
    """How many drafts are dated in these months or before: they will be dated later."""
    if not months:
        return 0
    return Document.objects.filter(status=Document.Status.DRAFT, document_date__lte=months[-1].last).count()


def period_of(month: Month) -> AccountingPeriod | None:
    return AccountingPeriod.objects.filter(month=month.first).select_related("closed_by").first()

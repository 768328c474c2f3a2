"""Reading a month-end: who is in it, what stands where, who got nothing and why."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from billing.models import BooksConnection, CollectionBatch, Document, MonthEnd
from billing.policies.previewing import REASONS
from billing.selectors.charging import rows
from herotill.money import ZERO

# Invoices of a billing month are dated near it; so they are found by date.
AROUND = timedelta(days=62)

_DOCUMENTS = """
FROM billing_document d JOIN customers_customer c ON c.id = d.customer_id
WHERE d.document_date BETWEEN %(since)s AND %(until)s AND d.period = %(period)s AND d.kind = 'invoice'
  AND NOT d.before AND (%(group)s::bigint IS NULL OR c.billing_group_id = %(group)s)
"""
_DRAFTS = """
FROM billing_document d JOIN customers_customer c ON c.id = d.customer_id
WHERE d.status = 'draft' AND d.kind = 'invoice' AND d.period = %(period)s
  AND (%(group)s::bigint IS NULL OR c.billing_group_id = %(group)s)
"""
_WAITING = """
FROM billing_line l JOIN customers_customer c ON c.id = l.customer_id
WHERE l.document_id IS NULL AND l.period <= %(service)s AND l.source <> ''
  AND (%(group)s::bigint IS NULL OR c.billing_group_id = %(group)s)
"""
_PAYERS = f"""
SELECT l.customer_id {_WAITING.replace(" AND l.source <> ''", "")} AND l.customer_id > %(after)s
GROUP BY l.customer_id ORDER BY l.customer_id LIMIT %(limit)s
"""
_NOTHING = f"""
SELECT c.code, c.name, coalesce(r.reasons, '{{}}') FROM customers_customer c
LEFT JOIN billing_previewrow r ON r.customer_id = c.id AND r.month_end_id = %(pk)s
WHERE c.status <> 'cancelled' AND (%(group)s::bigint IS NULL OR c.billing_group_id = %(group)s)
  AND c.id NOT IN (SELECT d.customer_id {_DOCUMENTS})
ORDER BY c.code
"""


@dataclass(frozen=True, slots=True)
class Sum:
    """How many, and how much in rand."""

    count: int = 0
    amount: Decimal = ZERO


@dataclass(frozen=True, slots=True)
class Standing:
    """What there is of a month-end by now."""

    waiting: Sum
    drafts: Sum
    issued: Sum
    charged: Sum
    posted: Sum
    mailed: int
    first: str
    last: str
    batches: int = 0

    @property
    def adds_up(self) -> bool:
        """Whether charges, invoices and ledger agree and nothing was left on the way."""
        agree = self.charged.amount == self.drafts.amount + self.issued.amount
        return agree and self.issued == self.posted and not self.waiting.amount > 0 and not self.drafts.count


def values(month_end: MonthEnd, **more: Any) -> dict[str, Any]:
    """What the statements here are given."""
    return {
        "pk": month_end.pk,
        "period": month_end.period,
        "service": month_end.service_month.first,
        "group": month_end.billing_group_id,
        "since": min(month_end.period, month_end.document_date) - AROUND,
        "until": max(month_end.month.last, month_end.document_date) + AROUND,
        **more,
    }


def standing(month_end: MonthEnd) -> Standing:
    """Counts and sums from the rows themselves."""
    given = values(month_end)
    documents = f"""
        SELECT d.status, count(*), sum(d.incl), coalesce(min(d.name), ''), coalesce(max(d.name), ''),
               sum(s.incl), count(e.id), sum(e.amount), sum(m.mails)
        FROM (SELECT d.* {_DOCUMENTS}) d
        LEFT JOIN (SELECT l.document_id, sum(l.incl) AS incl FROM billing_line l
            WHERE l.document_id IN (SELECT d.id {_DOCUMENTS}) GROUP BY l.document_id) s ON s.document_id = d.id
        LEFT JOIN billing_entry e ON e.kind = d.kind AND e.source_id = d.id
        LEFT JOIN (SELECT subject_id, 1 AS mails FROM outbox_message
            WHERE template = 'invoice' AND subject_kind = 'document' AND split_from IS NULL AND again IS NULL
            GROUP BY subject_id) m ON m.subject_id = d.id
        GROUP BY d.status
    """
    by_status = {row[0]: row for row in rows(documents, given)}
    draft = by_status.get("draft", ("draft", 0, ZERO, "", "", ZERO, 0, ZERO, 0))
    issued = by_status.get("issued", ("issued", 0, ZERO, "", "", ZERO, 0, ZERO, 0))
    waiting = rows(f"SELECT count(*), coalesce(sum(l.incl), 0) {_WAITING}", given)[0]
    return Standing(
        waiting=Sum(*waiting),
        drafts=Sum(draft[1], draft[2]),
        issued=Sum(issued[1], issued[2]),
        charged=Sum(draft[1] + issued[1], (draft[5] or ZERO) + (issued[5] or ZERO)),
        posted=Sum(issued[6], issued[7] or ZERO),
        mailed=int(issued[8] or 0),
        first=issued[3],
        last=issued[4],
        batches=_batches(month_end),
    )


@dataclass(frozen=True, slots=True)
class Pushed:
    """How many of the issued invoices stand in the books kept elsewhere, wait for them, and were refused."""

    there: int
    waiting: int
    refused: int


def pushed(month_end: MonthEnd) -> Pushed | None:
    """How far the invoices are on their way to the books; none where those are not in use."""
    if not BooksConnection.objects.filter(is_on=True).exists():
        return None
    asked = f"""
        SELECT count(k.document_id), count(o.id) FILTER (WHERE o.state NOT IN ('refused', 'left')),
               count(o.id) FILTER (WHERE o.state = 'refused')
        FROM (SELECT d.id {_DOCUMENTS} AND d.status = 'issued') d
        LEFT JOIN billing_booksdocument k ON k.document_id = d.id
        LEFT JOIN billing_booksowed o ON o.document_id = d.id
    """
    return Pushed(*rows(asked, values(month_end))[0])


def _batches(month_end: MonthEnd) -> int:
    """The debit batches for days after the invoices' date, within a month."""
    since = month_end.document_date
    found = CollectionBatch.objects.filter(action_date__range=(since, since + timedelta(days=31)))
    group = month_end.billing_group_id
    return (found.filter(billing_group=group) if group else found).exclude(state="cancelled").count()


def next_payers(month_end: MonthEnd, *, after: int, limit: int) -> list[int]:
    """The next customers by id who have charges waiting for an invoice."""
    return [pk for (pk,) in rows(_PAYERS, values(month_end, after=after, limit=limit))]


def drafts_before(month_end: MonthEnd) -> int:
    """How many drafts are dated before its month; while there are some, that is not archived."""
    found = Document.objects.filter(status="draft", document_date__lt=month_end.period, before=False)
    return found.count()


def next_drafts(month_end: MonthEnd, *, limit: int, among: list[int] | None = None) -> list[int]:
    """The next drafts by customer; `among` keeps to these."""
    some = "AND (%(among)s::bigint[] IS NULL OR d.id = ANY (%(among)s)) ORDER BY d.customer_id, d.id LIMIT %(limit)s"
    found = rows(f"SELECT d.id {_DRAFTS} {some}", values(month_end, limit=limit, among=among))
    return [pk for (pk,) in found]


def count_drafts(month_end: MonthEnd) -> int:
    """How many drafts of the month-end there are."""
    found: int = rows(f"SELECT count(*) {_DRAFTS}", values(month_end))[0][0]
    return found


def count_customers(month_end: MonthEnd) -> int:
    """About how many customers it looks at."""
    asked = "SELECT count(*) FROM customers_customer c WHERE %(group)s::bigint IS NULL OR c.billing_group_id = %(group)s"
    found: int = rows(asked, values(month_end))[0][0]
    return found


def got_nothing(month_end: MonthEnd) -> Iterator[tuple[str, str, str]]:
    """Code, name and reason of everybody not cancelled who has no invoice of this month-end."""
    for code, name, reasons in rows(_NOTHING, values(month_end)):
        yield code, name, ", ".join(REASONS.get(one, one) for one in reasons) or "Nothing to bill"


def archived_before() -> date | None:
    """Documents dated before this day are archived: they take no new drafts and leave the lists."""
    found: date | None = rows("SELECT max(period) FROM billing_monthend WHERE archived_at IS NOT NULL", [])[
        0
    ][0]
    return found

"""What the preview reads: what was billed last month, what waits already, and what the past months came to."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from billing.models import MonthEnd
from billing.selectors.charging import rows
from herotill.billable import Billable, billable_sources


class Found(NamedTuple):
    """A line's worth of one thing: on an invoice of `period`, or waiting (None)."""

    owner: int
    period: date | None
    source: str
    item_id: int | None
    text: str
    incl: Decimal
    unit_price: Decimal
    quantity: Decimal
    discount: Decimal
    rate: Decimal
    once: bool


_SUMS = """coalesce(l.for_customer_id, l.customer_id), {period}, l.source, l.item_id, min(l.text), sum(l.incl),
    max(l.unit_price), max(l.quantity), max(l.discount), max(l.vat_rate), bool_and(l.first = l.last)"""
_BILLED = f"""
SELECT {_SUMS.format(period="d.period")} FROM billing_document d JOIN billing_line l ON l.document_id = d.id
WHERE d.customer_id = ANY (%(payers)s) AND d.kind = 'invoice' AND d.period = ANY (%(periods)s)
  AND d.document_date BETWEEN %(since)s AND %(until)s
GROUP BY d.period, coalesce(l.for_customer_id, l.customer_id), l.source, l.item_id
"""
_WAITING = f"""
SELECT {_SUMS.format(period="NULL::date")} FROM billing_line l
WHERE l.document_id IS NULL AND l.customer_id = ANY (%(payers)s) AND l.period <= %(upto)s
GROUP BY coalesce(l.for_customer_id, l.customer_id), l.source, l.item_id
"""
_CHARGED = """
SELECT l.source, l.item_id, l.period, sum(l.incl - coalesce(c.credited, 0))
FROM billing_line l LEFT JOIN billing_linecredit c ON c.line_id = l.id
WHERE l.source = %(source)s AND l.item_id = ANY (%(items)s) AND l.period = ANY (%(months)s)
GROUP BY l.source, l.item_id, l.period
"""
# Everything that decides what is billed. Not the charges themselves: a run that goes on finds its own.
_FINGERPRINT = """
SELECT md5(string_agg(part, ' ' ORDER BY part)) FROM (
    SELECT 'item ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) AS part FROM billing_recurringitem t
    UNION ALL SELECT 'item price ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM billing_itemprice t
    UNION ALL SELECT 'hold ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM billing_hold t
    UNION ALL SELECT 'waiver ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM billing_waiver t
    UNION ALL SELECT 'mode ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM billing_subaccountmode t
    UNION ALL SELECT 'profile ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM billing_billingprofile t
    UNION ALL SELECT 'notice ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0)
        FROM billing_pricenotice t WHERE sent_on IS NOT NULL
    UNION ALL SELECT 'price ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM reference_price t
    UNION ALL SELECT 'product ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM reference_product t
    UNION ALL SELECT 'rate ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM reference_vatrate t
    UNION ALL SELECT 'vendor ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM reference_vendorstatus t
    UNION ALL SELECT 'rules ' || coalesce(sum(hashtextextended(notice_days::text, 0)::numeric), 0) FROM billing_rules
    UNION ALL SELECT 'customer ' || coalesce(sum(hashtextextended(
        concat_ws(' ', id, status, prepaid, coalesce(billing_group_id, 0), coalesce(master_id, 0)), 0)::numeric), 0)
        FROM customers_customer
    UNION ALL SELECT 'dates ' || %s{watched}
) parts
"""
# What the sources of other apps are charged from.
_WATCHED = """
    UNION ALL SELECT 'watched {place} ' || coalesce(sum(hashtextextended(t::text, 0)::numeric), 0) FROM {table} t"""


def billed(*, payers: Sequence[int], month_end: MonthEnd) -> list[Found]:
    """What stands on these customers' invoices of this billing month and the one before, and what waits."""
    last = month_end.month.plus(-1)
    values: dict[str, Any] = {
        "payers": list(payers),
        "periods": [last.first, month_end.period],
        "since": last.first - timedelta(days=62),
        "until": month_end.month.last + timedelta(days=62),
        "upto": month_end.service_month.first,
    }
    return [Found(*row) for row in (*rows(_BILLED, values), *rows(_WAITING, values))]


def charged(items: Iterable[Billable], months: Sequence[date]) -> dict[tuple[str, int, date], Decimal]:
    """What was charged of these things for these months, credits taken off."""
    by_source: dict[str, list[int]] = {}
    for item in items:
        by_source.setdefault(item.source, []).append(item.item_id)
    return {
        (row[0], row[1], row[2]): row[3]
        for source, ids in by_source.items()
        for row in rows(_CHARGED, {"source": source, "items": ids, "months": list(months)})
    }


def fingerprint(month_end: MonthEnd) -> str:
    """A hash of all that decides what will be billed; a change of any of it voids the signature."""
    dates = (
        f"{month_end.period} {month_end.cut_off_day} {month_end.service_offset} {month_end.billing_group_id}"
    )
    tables = sorted({table for source in billable_sources for table in source.watched})
    watched = "".join(_WATCHED.format(table=table, place=place) for place, table in enumerate(tables))
    dated = sorted({pair for source in billable_sources for pair in source.watched_to_the_end})
    last = month_end.service_month.last
    for place, (table, column) in enumerate(dated, len(tables)):
        watched += f"{_WATCHED.format(table=table, place=place)} WHERE {column} <= DATE '{last:%Y-%m-%d}'"
    found: str = rows(_FINGERPRINT.format(watched=watched), [dates])[0][0]
    return found

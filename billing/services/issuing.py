"""Issuing drafts: number, posting, allocation, snapshot and mail, in one transaction for one or for many."""

from __future__ import annotations

from collections.abc import Callable, Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from billing.models import Document, DocumentKind, Series
from billing.services import facts, ledger, letterheads, locks, mailing, printing
from herotill import jobs
from herotill.bulk import array_of_ids
from herotill.errors import DomainError
from herotill.moving_in import want_billing_on
from herotill.users.models import User

Numbers = Callable[[str, int], tuple[Series, int]]  # Of a kind, for so many: its series, and the first.

# By customer, so that a run that was broken off gives the numbers an undisturbed one gives.
_NUMBER = """
UPDATE billing_document d SET status = 'issued', series_id = %(series)s, number = n.number, issued_at = %(now)s,
    issued_by_id = %(actor)s,
    name = %(prefix)s || CASE WHEN length(n.number::text) > %(width)s THEN n.number::text
        ELSE lpad(n.number::text, %(width)s, '0') END
FROM (
    SELECT id, row_number() OVER (ORDER BY customer_id, id) + %(first)s - 1 AS number
    FROM billing_document WHERE id = ANY (%(documents)s) AND status = 'draft' AND kind = %(kind)s
) n WHERE d.id = n.id
"""
_SNAPSHOT = """
INSERT INTO billing_snapshot (document_id, version, letterhead_id, bill_to, code, address, vat_number, subs, ageing,
    made_by_id, owed)
SELECT d.id, 1, %(letterhead)s, c.name, c.code,
       concat_ws(E'\n', nullif(a.lines, ''), nullif(a.suburb, ''), nullif(concat_ws(' ', nullif(a.town, ''),
           nullif(a.postal_code, '')), '')), c.vat_number, s.subs, o.ageing, %(actor)s, %(owed)s
FROM billing_document d JOIN customers_customer c ON c.id = d.customer_id
LEFT JOIN LATERAL (
    SELECT lines, suburb, town, postal_code FROM customers_address
    WHERE customer_id = c.id AND kind IN ('postal', 'physical') ORDER BY kind = 'postal' DESC LIMIT 1) a ON true
LEFT JOIN (
    SELECT customer_id, ARRAY[sum(open) FILTER (WHERE b = 4), sum(open) FILTER (WHERE b = 3),
        sum(open) FILTER (WHERE b = 2), sum(open) FILTER (WHERE b = 1), sum(open) FILTER (WHERE b = 0)] AS ageing
    FROM (
        SELECT i.customer_id, i.open, CASE WHEN i.open < 0 THEN 0 ELSE billing_bucket(
            CASE WHEN r.ageing_from = 'due' THEN i.due_date ELSE i.accounting_date END,
            (%(now)s::timestamptz AT TIME ZONE %(zone)s)::date, r.ageing_by = 'months') END AS b
        FROM billing_openitem i CROSS JOIN billing_rules r
        WHERE i.customer_id IN (SELECT customer_id FROM billing_document WHERE id = ANY (%(documents)s))
    ) aged GROUP BY customer_id
) o ON o.customer_id = d.customer_id
LEFT JOIN (
    SELECT l.document_id, jsonb_object_agg(sub.id, concat_ws(' ', sub.code, sub.name)) AS subs
    FROM billing_line l JOIN customers_customer sub ON sub.id = l.for_customer_id
    WHERE l.document_id = ANY (%(documents)s) GROUP BY l.document_id
) s ON s.document_id = d.id
WHERE d.id = ANY (%(documents)s)
"""
# A credit note goes to its invoice first, a write-off's lines to the documents they name; what is left over of
# a credit note is credit.
_SETTLE = """
WITH named AS (
    SELECT n.id, 'credit_note' AS how, n.against_id AS paid, n.incl AS amount
    FROM billing_document n WHERE n.id = ANY (%(documents)s) AND n.kind = 'credit_note' AND n.against_id IS NOT NULL
    UNION ALL
    SELECT n.id, 'write_off', l.settles_id, sum(l.incl)
    FROM billing_document n JOIN billing_line l ON l.document_id = n.id
    WHERE n.id = ANY (%(documents)s) AND n.kind = 'write_off' AND l.settles_id IS NOT NULL
    GROUP BY n.id, l.settles_id
), turns AS (
    SELECT n.how, c.customer_id, d.id AS debit_id, c.id AS credit_id, n.amount, i.open,
           sum(n.amount) OVER (PARTITION BY d.id ORDER BY c.id) AS upto,
           greatest(i.free_from, c.accounting_date) AS starts_on
    FROM named n JOIN billing_document p ON p.id = n.paid
    JOIN billing_entry d ON d.kind = p.kind AND d.source_id = p.id
    JOIN billing_entry c ON c.kind = n.how AND c.source_id = n.id
    JOIN billing_openitem i ON i.entry_id = d.id
)
INSERT INTO billing_allocation (customer_id, debit_id, credit_id, amount, how, starts_on, made_by_id)
SELECT customer_id, debit_id, credit_id, least(open, upto) - (upto - amount), how, starts_on, %(actor)s
FROM turns WHERE upto - amount < open
"""
NO_NUMBER = (
    "A tax invoice shows our VAT number, and none is known for {}. Give it in Setup, VAT; who is no VAT vendor says"
    " so there. Nothing was issued."
)
# The first document that would charge VAT under a status without a number (rule 13).
_UNNUMBERED = """
SELECT d.document_date FROM billing_document d JOIN LATERAL (
    SELECT is_vendor, vat_number FROM reference_vendorstatus WHERE starts_on <= d.document_date
    ORDER BY starts_on DESC LIMIT 1) s ON s.is_vendor AND s.vat_number = ''
WHERE d.id = ANY (%s) AND d.kind IN ('invoice', 'debit_note', 'credit_note') LIMIT 1
"""


@transaction.atomic
def issue(
    *,
    documents: Collection[int],
    actor: User | None,
    now: datetime,
    run_id: int | None = None,
    quiet: bool = False,
    numbers: Numbers | None = None,
) -> int:
    """Issue these drafts; how many. Those issued already are left as they are.

    Each gets the next number of its series in the order of customers, posts to the ledger, is locked, uses up
    credit (a credit note goes to its invoice first), keeps a snapshot of what its print shows, and its mail is
    queued. All or nothing. With `quiet` nobody is told, and each is printed when it is first asked for.
    `numbers` says where the numbers of a kind begin; without it, the series goes on.
    Raises DomainError where a tax invoice would lack our VAT number, and while we move in from another system.
    """
    drafts = _drafts(documents)
    if not drafts:
        return 0
    want_billing_on()
    want_vat_number([pk for pk, _, _ in drafts])
    customers = {customer for _, _, customer in drafts}
    locks.hold(customers)
    for kind in DocumentKind:
        of_kind = [pk for pk, its_kind, _ in drafts if its_kind == kind]
        if of_kind:
            _number(kind, of_kind, actor, now, numbers or next_numbers)
    issued = [pk for pk, _, _ in drafts]
    settle_named(documents=issued, actor=actor)
    ledger.allocate_oldest(customers=customers, actor=actor)
    _keep_snapshots(issued, actor, now, owed=not quiet)
    if not quiet:
        facts.issued(issued)
        mailing.queue(documents=issued, kinds={kind for _, kind, _ in drafts}, actor=actor, now=now)
        jobs.nudge(printing.JOB)
    return len(issued)


def want_vat_number(documents: Collection[int]) -> None:
    """Raises DomainError where we are a VAT vendor on the day of one of these, and our number is not known."""
    with connection.cursor() as cursor:
        cursor.execute(_UNNUMBERED, [array_of_ids(documents)])
        if found := cursor.fetchone():
            raise DomainError(NO_NUMBER.format(found[0]))


def _drafts(documents: Collection[int]) -> list[tuple[int, str, int]]:
    """Id, kind and customer of those that are drafts; asked by one array, for twenty thousand parameters take long."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id, kind, customer_id FROM billing_document WHERE id = ANY (%s) AND status = 'draft'",
            [array_of_ids(documents)],
        )
        return cursor.fetchall()


def next_numbers(kind: str, count: int) -> tuple[Series, int]:
    """Hold the series of a kind until the transaction ends; it, and where its next `count` numbers begin."""
    series = locks.hold_series(kind)
    last = Document.objects.filter(series=series).aggregate(last=Max("number"))["last"]
    return series, series.first_number if last is None else int(last) + 1


def _number(kind: str, documents: list[int], actor: User | None, now: datetime, numbers: Numbers) -> None:
    series, first = numbers(kind, len(documents))
    values: dict[str, Any] = {
        "series": series.pk,
        "prefix": series.prefix,
        "width": series.width,
        "first": first,
        "kind": kind,
        "documents": array_of_ids(documents),
        "actor": actor.pk if actor else None,
        "now": now,
    }
    with connection.cursor() as cursor:
        cursor.execute(_NUMBER, values)
        if cursor.rowcount != len(documents):
            raise DomainError("Somebody else has issued or changed one of these drafts; look again.")


def settle_named(*, documents: Collection[int], actor: User | None) -> None:
    """Let credit notes go to their invoices and write-offs to the documents they name."""
    with connection.cursor() as cursor:
        cursor.execute(_SETTLE, {"documents": array_of_ids(documents), "actor": actor.pk if actor else None})


def _keep_snapshots(documents: list[int], actor: User | None, now: datetime, *, owed: bool) -> None:
    values = {
        "documents": array_of_ids(documents),
        "letterhead": letterheads.current().pk,
        "actor": actor.pk if actor else None,
        "now": now,
        "zone": settings.TIME_ZONE,
        "owed": owed,
    }
    with connection.cursor() as cursor:
        cursor.execute(_SNAPSHOT, values)

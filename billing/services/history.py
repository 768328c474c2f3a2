"""Documents from before: written with their own numbers, posted, and taken back by opposites of the same day."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.db import connection, transaction

from billing.models import Document, DocumentKind, Line
from billing.selectors.cutover import BACK
from billing.services import issuing, ledger, locks
from herotill.bulk import copy_rows
from herotill.money import ZERO
from herotill.users.models import User
from herotill.vat import Amounts, Tax


@dataclass(frozen=True, slots=True)
class HistoricLine:
    """A line as the old system had it; `unit_price` in rand including VAT."""

    text: str
    quantity: Decimal
    unit_price: Decimal
    tax: Tax
    amounts: Amounts
    product_id: int | None = None
    credits_id: int | None = None
    first: date | None = None
    last: date | None = None


@dataclass(frozen=True, slots=True)
class HistoricDocument:
    """A document with the number it had. An adjustment's amounts carry its sign."""

    kind: str
    name: str
    customer_id: int
    day: date
    due: date
    lines: Sequence[HistoricLine]
    against_id: int | None = None
    reason: str = ""
    edition: int = 0


_DOCUMENT = (
    "id kind customer document_date due_date excl vat incl reason against before edition run_id created_by"
).split()
_LINE = (
    "document customer position product text quantity unit_price discount includes_vat vat_class vat_rate excl vat incl credits first last"
).split()
_ISSUE = """
UPDATE billing_document d SET status = 'issued', name = n.name, issued_at = %s, issued_by_id = %s
FROM unnest(%s::bigint[], %s::text[]) AS n(id, name) WHERE d.id = n.id
"""
_IDS = "SELECT nextval(pg_get_serial_sequence('billing_document', 'id')) FROM generate_series(1, %s)"


@transaction.atomic
def write(
    *, documents: Sequence[HistoricDocument], actor: User | None, now: datetime, run_id: int | None = None
) -> list[int]:
    """Post documents of the past under their own numbers; their ids, in order.

    They are never mailed, and stand in no VAT return. Credit goes to the oldest debts, a credit note to its
    invoice first. Raises IntegrityError where a number is taken or the books of a day are closed.
    """
    locks.hold({document.customer_id for document in documents})
    ids = _ids(len(documents))
    by = actor.pk if actor else None
    copy_rows(
        Document, _DOCUMENT, (_row(pk, one, run_id, by) for pk, one in zip(ids, documents, strict=True))
    )
    copy_rows(Line, _LINE, _lines(ids, documents))
    with connection.cursor() as cursor:
        cursor.execute(_ISSUE, [now, by, ids, [document.name for document in documents]])
    settle(documents=ids, customers={document.customer_id for document in documents}, actor=actor)
    return ids


def settle(*, documents: Collection[int], customers: Collection[int], actor: User | None) -> None:
    """Let credit notes among these documents go to their invoices, then all credit to the oldest debts."""
    issuing.settle_named(documents=documents, actor=actor)
    ledger.allocate_oldest(customers=customers, actor=actor)


def _ids(count: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_IDS, [count])
        return [pk for (pk,) in cursor.fetchall()]


def _row(pk: int, one: HistoricDocument, run_id: int | None, by: int | None) -> tuple[object, ...]:
    excl, vat, incl = (sum(part, ZERO) for part in zip(*(line.amounts for line in one.lines), strict=True))
    return (
        pk,
        one.kind,
        one.customer_id,
        one.day,
        one.due,
        excl,
        vat,
        incl,
        one.reason,
        one.against_id,
        True,
        one.edition,
        run_id,
        by,
    )


def _lines(ids: Sequence[int], documents: Sequence[HistoricDocument]) -> Iterator[tuple[object, ...]]:
    for pk, document in zip(ids, documents, strict=True):
        for position, line in enumerate(document.lines):
            yield (
                pk,
                document.customer_id,
                position,
                line.product_id,
                line.text,
                line.quantity,
                line.unit_price,
                ZERO,
                True,
                line.tax.vat_class,
                line.tax.rate,
                *line.amounts,
                line.credits_id,
                line.first,
                line.last,
            )


_OPPOSITE = {
    DocumentKind.INVOICE: DocumentKind.CREDIT_NOTE,
    DocumentKind.DEBIT_NOTE: DocumentKind.CREDIT_NOTE,
    DocumentKind.CREDIT_NOTE: DocumentKind.DEBIT_NOTE,
    DocumentKind.ADJUSTMENT: DocumentKind.ADJUSTMENT,
}

_FREE = """
UPDATE billing_allocation l SET ends_on = l.starts_on, known_until = %s, undone_by_id = %s
FROM billing_document d JOIN billing_entry e ON e.kind = d.kind AND e.source_id = d.id
WHERE d.id = ANY (%s) AND e.id IN (l.debit_id, l.credit_id) AND l.known_until IS NULL
"""
_NET = """
INSERT INTO billing_allocation (customer_id, debit_id, credit_id, amount, how, starts_on, made_by_id)
SELECT a.customer_id, CASE WHEN a.amount > 0 THEN a.id ELSE b.id END, CASE WHEN a.amount > 0 THEN b.id ELSE a.id END,
       abs(a.amount), 'reversal', i.free_from, %s
FROM billing_document back JOIN billing_document d ON d.id = back.against_id
JOIN billing_entry a ON a.kind = d.kind AND a.source_id = d.id
JOIN billing_openitem i ON i.entry_id = a.id
JOIN billing_entry b ON b.kind = back.kind AND b.source_id = back.id
WHERE back.id = ANY (%s) AND a.amount <> 0
"""


@transaction.atomic
def take_back(
    *, documents: Collection[int], actor: User | None, now: datetime, run_id: int | None = None
) -> None:
    """Answer documents of the past by their opposites, dated like them; each pair comes to nothing."""
    found = list(Document.objects.filter(pk__in=documents).prefetch_related("lines").order_by("pk"))
    customers = {document.customer_id for document in found}
    locks.hold(customers)
    by = actor.pk if actor else None
    with connection.cursor() as cursor:
        cursor.execute(_FREE, [now, by, list(documents)])
    backs = [_opposite(document) for document in found]
    ids = _ids(len(backs))
    copy_rows(Document, _DOCUMENT, (_row(pk, one, run_id, by) for pk, one in zip(ids, backs, strict=True)))
    copy_rows(Line, _LINE, _lines(ids, backs))
    with connection.cursor() as cursor:
        cursor.execute(_ISSUE, [now, by, ids, [back.name for back in backs]])
        cursor.execute(_NET, [by, ids])
    ledger.allocate_oldest(customers=customers, actor=actor)


def _opposite(document: Document) -> HistoricDocument:
    kind = _OPPOSITE[DocumentKind(document.kind)]
    sign = -1 if kind == DocumentKind.ADJUSTMENT else 1
    return HistoricDocument(
        kind=kind,
        name=f"{document.name}{BACK}",
        customer_id=document.customer_id,
        day=document.document_date,
        due=document.due_date,
        against_id=document.pk,
        reason="The import was taken back.",
        edition=document.edition,
        lines=[
            HistoricLine(
                text=line.text,
                quantity=line.quantity,
                unit_price=line.unit_price,
                tax=Tax(line.vat_class, line.vat_rate),
                amounts=Amounts(sign * line.excl, sign * line.vat, sign * line.incl),
                product_id=line.product_id,
                credits_id=line.pk if kind == DocumentKind.CREDIT_NOTE else None,
            )
            for line in document.lines.all()
        ],
    )

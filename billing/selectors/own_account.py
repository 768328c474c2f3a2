"""What customers read of their own account: what is due, documents, receipts, who pays for whom."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connections
from django.db.models import Min, Q, QuerySet, Subquery, Sum

from billing.models import (
    Allocation,
    CardAttempt,
    CollectedEntry,
    Dispute,
    Document,
    Entry,
    EntryKind,
    Receipt,
    Snapshot,
    SubAccountMode,
)
from billing.selectors import cards, documents, receipts
from billing.selectors.documents import Payment, Standing
from billing.selectors.profiles import mode_on, modes
from customers.models import Customer
from herotill.money import ZERO
from herotill.reading import reading

PAGE = 20


class OnItsWay(NamedTuple):
    """What is collected already, by debit order or from a stored card, and on which day."""

    amount: Decimal
    on: date | None


def on_its_way(*, customer: Customer) -> OnItsWay:
    live = CollectedEntry.objects.filter(live=True, line__customer=customer)
    going = live.exclude(line__batch__state="draft").aggregate(
        sum=Sum("amount"), on=Min("line__batch__action_date")
    )
    return OnItsWay(going["sum"] or ZERO, going["on"])


# `to` is whom new bills of a sub-account go to, where that is its master.
_DUE = """
SELECT coalesce(sum(i.open), 0.00),
    coalesce(sum(i.open) FILTER (WHERE i.open > 0 AND i.due_date < %(day)s AND NOT i.disputed), 0.00),
    coalesce(sum(i.open) FILTER (WHERE i.open > 0 AND i.disputed), 0.00),
    min(i.due_date) FILTER (WHERE i.open > 0 AND i.due_date >= %(day)s AND NOT i.disputed),
    (SELECT m.name FROM customers_customer c JOIN customers_customer m ON m.id = c.master_id
     WHERE c.id = %(customer)s AND (
        SELECT s.mode FROM billing_subaccountmode s WHERE s.customer_id = c.id AND s.starts_on <= %(day)s
        ORDER BY s.starts_on DESC LIMIT 1) IN ('master', 'reseller')),
    g.amount, g.day
FROM (
    SELECT coalesce(sum(e.amount), 0.00) AS amount, min(b.action_date) AS day FROM billing_collectedentry e
    JOIN billing_collectionline l ON l.id = e.line_id JOIN billing_collectionbatch b ON b.id = l.batch_id
    WHERE l.customer_id = %(customer)s AND e.live AND b.state <> 'draft'
) g LEFT JOIN (
    SELECT o.open, o.due_date, EXISTS (SELECT FROM billing_dispute d
        WHERE d.document_id = o.document_id AND d.answered_at IS NULL) AS disputed
    FROM billing_openitem o WHERE o.customer_id = %(customer)s
) i ON true GROUP BY g.amount, g.day
"""


@dataclass(frozen=True, slots=True)
class Due:
    """What a customer owes on a day. `late` of it is past its date; what is disputed is not late.

    `balance` is below zero where more was paid than is owed. `payer` is the name of the master that new bills
    go to. `collected` is on its way already, by debit order or stored card, on the day `collected_on`.
    """

    balance: Decimal
    late: Decimal
    disputed: Decimal
    next_on: date | None
    payer: str | None
    collected: Decimal
    collected_on: date | None

    @property
    def owed(self) -> Decimal:
        return max(self.balance, ZERO)

    @property
    def credit(self) -> Decimal:
        return max(-self.balance, ZERO)


def due(*, customer: Customer, day: date) -> Due:
    """What a customer owes, what of it is late, and what is on its way: one question."""
    with connections[reading()].cursor() as cursor:
        cursor.execute(_DUE, {"customer": customer.pk, "day": day})
        balance, late, *more = cursor.fetchone()
    return Due(balance, max(ZERO, min(late, balance)), *more)


@dataclass(frozen=True, slots=True)
class DocumentRow:
    """An issued document as its customer's list shows it."""

    document: Document
    standing: Standing
    disputed: bool

    @property
    def has_paper(self) -> bool:
        return not self.document.before


def issued_to(customer: Customer) -> QuerySet[Document]:
    """The documents a customer may see: their own, once issued."""
    return Document.objects.filter(customer=customer, status=Document.Status.ISSUED)


def documents_of(*, customer: Customer, after: int | None = None) -> tuple[list[DocumentRow], int | None]:
    """A page of documents, the newest first, behind the one with this id; and the id the next page is behind."""
    rows, further = _page(issued_to(customer), "document_date", after)
    ids = [row.pk for row in rows]
    found = documents.standings(ids)
    disputed = set(
        Dispute.objects.filter(document__in=ids, answered_at=None).values_list("document", flat=True)
    )
    return [DocumentRow(row, found[row.pk], row.pk in disputed) for row in rows], further


def _page(rows: QuerySet[Any], day: str, after: int | None) -> tuple[list[Any], int | None]:
    last = rows.filter(pk=after).values_list(day, flat=True).first() if after else None
    if last:
        rows = rows.filter(Q(**{f"{day}__lt": last}) | Q(**{day: last}, pk__lt=after))
    found = list(rows.order_by(f"-{day}", "-pk")[: PAGE + 1])
    return found[:PAGE], found[PAGE - 1].pk if len(found) > PAGE else None


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """An issued document as its customer reads it."""

    document: Document
    lines: list[Any]
    standing: Standing
    payments: list[Payment]
    disputes: list[Dispute]
    snapshot: Snapshot | None

    @property
    def vat(self) -> list[documents.VatLine]:
        return documents.vat_summary(self.lines)

    @property
    def open_dispute(self) -> Dispute | None:
        return next((one for one in self.disputes if one.answered_at is None), None)

    @property
    def can_be_disputed(self) -> bool:
        """Once, while something of it is owed: a second word about the same needs a person."""
        return self.standing.open > 0 and not self.disputes


def document(*, customer: Customer, pk: int) -> Document | None:
    return issued_to(customer).select_related("against").filter(pk=pk).first()


def shown(found: Document) -> ShownDocument:
    """All of one document that its customer reads: six questions."""
    entry = Entry.objects.filter(kind=found.kind, source_id=found.pk).first()
    stands = [one for one in documents.payments(entry) if not one.undone] if entry else []
    return ShownDocument(
        document=found,
        lines=documents.lines_of(found),
        standing=documents.standings([found.pk])[found.pk],
        payments=stands,
        disputes=list(Dispute.objects.filter(document=found).order_by("-pk")),
        snapshot=found.snapshots.order_by("-version").first(),
    )


def receipts_of(*, customer: Customer, after: int | None = None) -> tuple[list[Receipt], int | None]:
    """A page of receipts, the newest first, each with its reversal and `left`, which pays nothing yet."""
    rows = Receipt.objects.filter(customer=customer).select_related("reversal")
    return _page(rows.annotate(open=Subquery(receipts.LEFT)), "receipt_date", after)


def receipt(*, customer: Customer, pk: int) -> Receipt | None:
    return Receipt.objects.filter(customer=customer, pk=pk).select_related("customer", "reversal").first()


def paid_by(found: Receipt) -> Sequence[Allocation]:
    """What a receipt pays, as it stands."""
    return [
        one
        for one in receipts.paid(found)
        if one.known_until is None and one.debit.kind != EntryKind.REVERSAL
    ]


def being_checked(*, customer: Customer) -> list[CardAttempt]:
    """Card payments that were reported to us and that a person looks at: none of them need be paid again."""
    found = CardAttempt.objects.filter(customer=customer, state__in=cards.LOOK)
    return list(found.order_by("-started_at")[:5])


def mode_of(*, customer: Customer, day: date) -> str:
    """Whom the bills of a customer go to; no question for who is no sub-account."""
    if customer.master_id is None:
        return SubAccountMode.Mode.ITSELF
    return mode_on(modes(customer=customer), day)

"""What one customer's age analysis shows: documents with their state, what else is open, the buckets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db.models import Exists, Min, OuterRef, Q, QuerySet, Subquery, Sum

from billing.models import Allocation, Dispute, Document, DocumentKind, Entry, EntryKind, LineCredit, Snapshot
from billing.policies import states
from billing.selectors import ageing
from billing.selectors.ageing import Aged, OpenPart
from billing.selectors.crediting import CREDITABLE
from billing.selectors.statements import DOCUMENTS
from herotill.money import ZERO
from herotill.reading import reading


@dataclass(frozen=True, slots=True)
class Row:
    """One document as the card lists it. `version` is its newest print, none for a draft or history."""

    document: Document
    amount: Decimal
    state: str
    open: Decimal
    version: int | None
    credited: Decimal = ZERO
    disputed: bool = False

    @property
    def label(self) -> str:
        return states.LABELS[self.state][0]  # type: ignore[index]

    @property
    def tone(self) -> str:
        return states.LABELS[self.state][1]  # type: ignore[index]

    @property
    def can_be_credited(self) -> bool:
        """An invoice or debit note of which credit notes have not taken everything."""
        document = self.document
        return not document.is_draft and document.kind in CREDITABLE and self.credited < document.incl


class Ahead(NamedTuple):
    """What is posted with a later day: the balance has it, no age has it yet. `since` is the first such day."""

    amount: Decimal
    since: date | None


@dataclass(frozen=True, slots=True)
class Owed:
    """An account as at a day. `others` is what is open of no document: openings, payments not used yet."""

    rows: list[Row]
    more: bool
    others: list[OpenPart]
    aged: Aged
    ahead: Ahead

    @property
    def buckets(self) -> list[tuple[str, Decimal]]:
        return list(zip(ageing.BUCKETS, self.aged, strict=True))


def of(*, customer: int, as_at: date, limit: int | None) -> Owed:
    """The account of one customer, newest documents first and drafts before all; four questions."""
    parts = ageing.open_parts(customer=customer, as_at=as_at)
    opened = {(part.kind, part.source_id): part.open for part in parts}
    found = list(_documents(customer, as_at)[: limit + 1 if limit else None])
    return Owed(
        rows=[_row(one, opened) for one in found[:limit]],
        more=limit is not None and len(found) > limit,
        others=[part for part in parts if part.kind not in DOCUMENTS],
        aged=_aged(parts),
        ahead=_ahead(customer, as_at),
    )


def _ahead(customer: int, as_at: date) -> Ahead:
    later = Entry.objects.using(reading()).filter(customer=customer, accounting_date__gt=as_at)
    found = later.aggregate(amount=Sum("amount"), since=Min("accounting_date"))
    return Ahead(found["amount"] or ZERO, found["since"])


def _documents(customer: int, as_at: date) -> QuerySet[Document]:
    versions = Snapshot.objects.filter(document=OuterRef("pk")).order_by("-version").values("version")[:1]
    credited = LineCredit.objects.filter(line__document=OuterRef("pk")).order_by().values("line__document")
    return (
        Document.objects.filter(
            Q(status=Document.Status.DRAFT) | Q(document_date__lte=as_at), customer=customer
        )
        .annotate(
            version=Subquery(versions),
            credited=Subquery(credited.annotate(sum=Sum("credited")).values("sum")),
            taken=Exists(_taken(as_at)),
            disputed=Exists(Dispute.objects.filter(document=OuterRef("pk"), answered_at=None)),
        )
        .order_by("status", "-document_date", "-pk")
    )


def _taken(as_at: date) -> QuerySet[Allocation]:
    """What write-offs took of a document, as it stood at the day."""
    took = Allocation.objects.filter(
        credit__kind=EntryKind.WRITE_OFF, debit__kind=OuterRef("kind"), debit__source_id=OuterRef("pk")
    )
    return took.filter(Q(ends_on=None) | Q(ends_on__gt=as_at), starts_on__lte=as_at)


def _row(document: Any, opened: dict[tuple[str, int], Decimal]) -> Row:
    amount = -document.incl if document.takes_away else document.incl
    if document.is_draft:
        return Row(document, amount, states.state(None, None, None), ZERO, None)
    left = opened.get((document.kind, document.pk), ZERO)
    version = None if document.before else document.version
    credited = document.credited or ZERO
    off = document.taken or document.kind == DocumentKind.WRITE_OFF
    told = states.state(amount, left, credited, off)
    return Row(document, amount, told, left, version, credited, document.disputed and left > 0)


def _aged(parts: Sequence[OpenPart]) -> Aged:
    sums = [sum((part.open for part in parts if part.bucket == bucket), ZERO) for bucket in (4, 3, 2, 1, 0)]
    return Aged(*sums)

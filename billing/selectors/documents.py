"""What is read of documents: their states, and everything a document's page shows."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connections
from django.db.models import Exists, F, Max, Min, OuterRef, Q, QuerySet, Subquery
from django.urls import reverse

from billing.models import (
    Allocation,
    Document,
    DocumentKind,
    DraftChange,
    Entry,
    EntryKind,
    Line,
    LineCredit,
    NameRange,
    OpenItem,
    Snapshot,
)
from billing.policies import states
from billing.selectors.month_end import archived_before
from customers.models import Customer
from herotill import search
from herotill.among import among
from herotill.messages.models import Message
from herotill.models import ApprovalRequest
from herotill.money import ZERO
from herotill.reading import reading

OWED = Q(kind__in=[DocumentKind.INVOICE, DocumentKind.DEBIT_NOTE]) | Q(
    kind=DocumentKind.ADJUSTMENT, incl__gt=0
)
# What takes away, said by what it is: so the index of all but invoices answers.
CREDITING = Q(kind__in=[DocumentKind.CREDIT_NOTE, DocumentKind.WRITE_OFF]) | Q(
    kind=DocumentKind.ADJUSTMENT, incl__lte=0
)
SUBJECT = "document"
_STANDING = """
SELECT d.id, e.amount, i.open, (
    SELECT sum(c.credited) FROM billing_line l JOIN billing_linecredit c ON c.line_id = l.id
    WHERE l.document_id = d.id) AS credited, d.kind = 'write_off' OR EXISTS (
    SELECT FROM billing_allocation a JOIN billing_entry w ON w.id = a.credit_id
    WHERE a.debit_id = e.id AND a.known_until IS NULL AND w.kind = 'write_off') AS written_off
FROM billing_document d LEFT JOIN billing_entry e ON e.kind = d.kind AND e.source_id = d.id AND d.status = 'issued'
LEFT JOIN billing_openitem i ON i.entry_id = e.id WHERE d.id = ANY (%s)
"""
_PAYMENTS = """
SELECT a.id, o.kind, o.source_id, o.reference, o.accounting_date, a.amount, a.how, a.starts_on, a.ends_on,
       u.name, a.known_from
FROM billing_allocation a
JOIN billing_entry o ON o.id = CASE WHEN a.debit_id = %(entry)s THEN a.credit_id ELSE a.debit_id END
LEFT JOIN users_user u ON u.id = a.made_by_id
WHERE (a.debit_id = %(entry)s OR a.credit_id = %(entry)s) ORDER BY a.id
"""


# Whoever asks for one of these looks for documents wherever they are.
_ANYWHERE = ("q", "archived", "state", "from", "to", "period", "run", "month_end")


def listed(asked: Mapping[str, str]) -> QuerySet[Document]:
    """The documents of a list that is asked for so: without those of archived months, unless it looks for them."""
    found = Document.objects.using(reading()).order_by()
    if any(asked.get(name) for name in _ANYWHERE):
        return found
    begin = archived_before()
    return found.filter(document_date__gte=begin) if begin else found


class Standing(NamedTuple):
    """What a document posted (None: a draft), what is open of it, how much of it has been credited, and whether
    some of it was written off, or it writes off."""

    posted: Decimal | None
    open: Decimal
    credited: Decimal
    written_off: bool

    @property
    def state(self) -> states.State:
        return states.state(self.posted, self.open, self.credited, self.written_off)

    @property
    def label(self) -> tuple[str, str]:
        return states.LABELS[self.state]


def standings(ids: Sequence[int]) -> Mapping[int, Standing]:
    """The standing of each of these documents, by one question."""
    with connections[reading()].cursor() as cursor:
        cursor.execute(_STANDING, [list(ids)])
        return {
            pk: Standing(posted, left or ZERO, credited or ZERO, off)
            for pk, posted, left, credited, off in cursor
        }


def states_of(ids: Sequence[int]) -> Mapping[int, str]:
    return {pk: standing.state for pk, standing in standings(ids).items()}


def open_of(ids: Sequence[int]) -> Mapping[int, Decimal]:
    """What is open of each; drafts have none."""
    return {pk: one.open for pk, one in standings(ids).items() if one.posted is not None}


def _its_open_item() -> QuerySet[OpenItem]:
    """That of the document around, by its day too, along which open items are found."""
    return OpenItem.objects.filter(document=OuterRef("pk"), accounting_date=OuterRef("document_date"))


def _open_items() -> Exists:
    return Exists(_its_open_item())


def with_left(rows: QuerySet[Document]) -> QuerySet[Document]:
    """`rows`, each with what is open of it as `left`, below zero for credit; None where nothing is."""
    return rows.annotate(left=Subquery(_its_open_item().values("open")[:1]))


def _with_open(of: Q) -> Q:
    """Documents of which something is open, found from the open items, which are few beside all documents."""
    return among(OpenItem.objects.filter(of, document__isnull=False).values("document"))


def in_state(rows: QuerySet[Document], wanted: Sequence[str]) -> QuerySet[Document]:
    """Those in one of these states."""
    if wanted and set(wanted) <= set(_OPEN):
        return _open_ones(rows, wanted)
    found = Q()
    for one in wanted:
        found |= _STATES[one]()
    return rows.filter(found) if wanted else rows


def _open_ones(rows: QuerySet[Document], wanted: Sequence[str]) -> QuerySet[Document]:
    """By joining the open items. That they are of the same day lets a walk by date begin with the open items."""
    found = Q()
    for one in wanted:
        found |= _OPEN[one]("open_items__")
    same_day = Q(open_items__document__isnull=False, open_items__accounting_date=F("document_date"))
    return rows.filter(same_day & found)


def _left(along: str, **of: Any) -> Q:
    return Q(**{f"{along}{name}": value for name, value in of.items()})


# What of its document is open; `along` leads to the open item.
_OPEN = {
    # As much open as was posted; that it is not more is known, and by "at least" the planner expects many.
    "unpaid": lambda along: _left(along, amount__gt=0, open__gte=F(f"{along}amount")),
    "part": lambda along: _left(along, amount__gt=0, open__lt=F(f"{along}amount")),
    "credit": lambda along: _left(along, amount__lt=0),
}


def of_run(rows: QuerySet[Document], run: int) -> QuerySet[Document]:
    """What a run made; its first and last day are asked first, so that no walk begins far from it."""
    issued = NameRange.objects.using(reading()).filter(run_id=run)
    days = {day for pair in issued.values_list("first_day", "last_day") for day in pair}
    # One day each, without first and last: for those the planner would walk through all documents.
    drafts = Document.objects.using(reading()).filter(run_id=run, status=Document.Status.DRAFT).order_by()
    days |= set(drafts.values_list("document_date", flat=True).distinct())
    return rows.filter(run_id=run, document_date__range=(min(days), max(days))) if days else rows.none()


def names_of(first: date | None, last: date | None, months: Collection[date], run: int | None) -> Q:
    """Between which names the issued documents of these days, of each of these billing months and of this run stand."""
    found = NameRange.objects.using(reading())
    if first:
        found = found.filter(last_day__gte=first)
    if last:
        found = found.filter(first_day__lte=last)
    for month in months:
        found = found.filter(period=month.replace(day=1))
    if run is not None:
        found = found.filter(run_id=run)
    names = found.aggregate(first=Min("first_name"), last=Max("last_name"))
    return Q(name__gte=names["first"], name__lte=names["last"]) if names["first"] else Q(pk__in=[])


def _credited() -> Q:
    left = Line.objects.filter(document=OuterRef("pk")).exclude(incl=0).exclude(credited__credited=F("incl"))
    some = LineCredit.objects.filter(line__document=OuterRef("pk"))
    return Q(Exists(some)) & ~Q(Exists(left))


def _written_off() -> Q:
    """Documents that a write-off took something of, found from the write-offs, which are few."""
    took = Allocation.objects.filter(credit__kind=EntryKind.WRITE_OFF, known_until=None)
    taken = took.filter(debit__kind__in=DocumentKind.values)
    return Q(kind=DocumentKind.WRITE_OFF) | among(taken.values("debit__source_id"))


def _not_written_off() -> Q:
    took = Allocation.objects.filter(credit__kind=EntryKind.WRITE_OFF, known_until=None)
    return ~Q(Exists(took.filter(debit__kind=OuterRef("kind"), debit__source_id=OuterRef("pk"))))


def _settled() -> Q:
    return Q(status=Document.Status.ISSUED) & ~Q(_open_items())


_STATES = {
    "draft": lambda: Q(status=Document.Status.DRAFT),
    "unpaid": lambda: _with_open(_OPEN["unpaid"]("")),
    "part": lambda: _with_open(_OPEN["part"]("")),
    "paid": lambda: OWED & _settled() & _not_written_off() & ~_credited(),
    "credited": lambda: OWED & _settled() & _not_written_off() & _credited(),
    "written_off": lambda: _settled() & _written_off(),
    "credit": lambda: _with_open(_OPEN["credit"]("")),
    "used": lambda: CREDITING & ~Q(kind=DocumentKind.WRITE_OFF) & _settled(),
}


def fingerprint(document: Document, lines: Sequence[Line]) -> str:
    """What a person saw of a draft, in short: another one means that somebody changed it meanwhile."""
    seen: list[object] = [document.status, document.document_date, document.due_date, document.reference]
    seen += [
        (
            line.pk,
            line.text,
            line.quantity,
            line.unit_price,
            line.discount,
            line.vat_class,
            line.incl,
            line.vat,
        )
        for line in lines
    ]
    return hashlib.sha256(repr(seen).encode()).hexdigest()[:32]


class VatLine(NamedTuple):
    """A document's amounts at one rate."""

    label: str
    excl: Decimal
    vat: Decimal
    incl: Decimal


def vat_summary(lines: Sequence[Line]) -> list[VatLine]:
    """The amounts by rate, the highest first."""
    sums: dict[tuple[Decimal, str], list[Decimal]] = {}
    for line in lines:
        label = (
            f"{line.vat_rate.normalize():f} %"
            if line.vat_class == "standard"
            else line.get_vat_class_display()
        )
        key = (line.vat_rate if line.vat_class == "standard" else Decimal(-1), label)
        found = sums.setdefault(key, [ZERO, ZERO, ZERO])
        for place, amount in enumerate((line.excl, line.vat, line.incl)):
            found[place] += amount
    return [VatLine(label, *sums[rate, label]) for rate, label in sorted(sums, reverse=True)]


@dataclass(frozen=True, slots=True)
class Payment:
    """One allocation as a document's page shows it."""

    pk: int
    kind: str
    source_id: int
    reference: str
    day: date
    amount: Decimal
    how: str
    starts_on: date
    ends_on: date | None
    by: str | None
    known_from: Any

    @property
    def url(self) -> str:
        return reverse("billing:document", args=[self.source_id]) if self.kind in DocumentKind.values else ""

    @property
    def kind_label(self) -> str:
        return EntryKind(self.kind).label

    @property
    def how_label(self) -> str:
        return Allocation.How(self.how).label

    @property
    def undone(self) -> bool:
        return self.ends_on is not None

    @property
    def can_be_undone(self) -> bool:
        return not self.undone and self.how != Allocation.How.REVERSAL


def payments(entry: Entry) -> list[Payment]:
    """What pays an entry, or what it pays; undone ones too, in their order."""
    with connections[reading()].cursor() as cursor:
        cursor.execute(_PAYMENTS, {"entry": entry.pk})
        return [Payment(*row) for row in cursor]


@dataclass(frozen=True, slots=True)
class Shown:
    """All that a document's page shows."""

    document: Document
    lines: list[Line]
    standing: Standing
    entry: Entry | None
    payments: list[Payment]
    snapshots: list[Snapshot]
    answers: list[Document]
    messages: list[Message]
    changes: list[DraftChange]
    waiting: ApprovalRequest | None

    @property
    def vat(self) -> list[VatLine]:
        return vat_summary(self.lines)

    @property
    def seen(self) -> str:
        return fingerprint(self.document, self.lines)


def find(pk: int) -> Document | None:
    related = ("customer", "against", "created_by", "issued_by", "grounds__adjustment")
    return Document.objects.select_related(*related).filter(pk=pk).first()


def lines_of(document: Document) -> list[Line]:
    return list(
        document.lines.select_related("product", "for_customer", "settles").order_by("position", "pk")
    )


def shown(document: Document) -> Shown:
    """Everything about one document, in a fixed number of questions."""
    issued = not document.is_draft
    entry = Entry.objects.filter(kind=document.kind, source_id=document.pk).first() if issued else None
    return Shown(
        document=document,
        lines=lines_of(document),
        standing=standings([document.pk])[document.pk],
        entry=entry,
        payments=payments(entry) if entry else [],
        snapshots=list(document.snapshots.select_related("made_by").order_by("version")) if issued else [],
        answers=list(document.answers.order_by("pk")) if issued else [],
        messages=list(
            Message.objects.filter(subject_kind=SUBJECT, subject_id=document.pk).order_by("-queued_at")[:20]
        ),
        changes=list(
            DraftChange.objects.filter(document_id=document.pk).select_related("by").order_by("-pk")[:50]
        ),
        waiting=waiting_for_second(document) if not issued else None,
    )


def waiting_for_second(document: Document) -> ApprovalRequest | None:
    """The open request that a second person lets this draft out, if there is one."""
    return ApprovalRequest.objects.filter(
        kind=OVER_LIMIT, subject_id=document.pk, state=ApprovalRequest.State.OPEN
    ).first()


OVER_LIMIT = "credit-over-limit"


def narrow(text: str, user: Any) -> Any:
    """Documents by the beginning of their number, or all of a customer by its code."""
    wanted = text.strip().upper()
    customer = Customer.objects.filter(code=wanted).values_list("pk", flat=True).first()

    def narrowed(rows: QuerySet[Document], along: str = "") -> QuerySet[Document]:
        if customer:
            return rows.filter(customer=customer)
        return rows.filter(name__startswith=wanted).exclude(name="")

    return narrowed


_NUMBERED = """
SELECT d.id, d.customer_id, d.name, c.code, c.name, d.kind, d.document_date
FROM billing_document d JOIN customers_customer c ON c.id = d.customer_id
WHERE NOT d.name = '' AND d.name >= %(begin)s AND d.name < %(end)s ORDER BY d.name LIMIT %(limit)s
"""
_LIKE_A_NUMBER = re.compile(r"[a-z]{1,8}[-/]?[0-9]")


def numbered(text: str, limit: int) -> list[search.Row]:
    """Documents whose number begins so, for the global search; nothing for what looks like no number."""
    if not _LIKE_A_NUMBER.match(text):
        return []
    begin = text.upper()
    values: dict[str, str | int] = {
        "begin": begin,
        "end": begin[:-1] + chr(ord(begin[-1]) + 1),
        "limit": limit,
    }
    with connections[reading()].cursor() as cursor:
        cursor.execute(_NUMBERED, values)
        return [
            search.Row(
                place=1 if name == begin else 2,
                kind="document",
                object_id=pk,
                customer_id=customer,
                code=code,
                title=name,
                detail=f"{DocumentKind(kind).label} of {day} · {whose}",
                state="",
            )
            for pk, customer, name, code, whose, kind, day in cursor
        ]

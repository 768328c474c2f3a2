"""Importing invoices, credit notes and adjustments of the past, under the numbers they had."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import partial
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from billing.models import Document, DocumentKind, Series
from billing.models import Line as BillingLine
from billing.policies.importing.records import DocumentRow, read_document
from billing.selectors.cutover import BACK, books_from
from billing.selectors.periods import open_from
from billing.services import history, locks
from billing.services.history import HistoricDocument, HistoricLine
from billing.services.importing import frame
from billing.services.importing.frame import Judged
from herotill.clock import stamp
from herotill.imports.kinds import REMOVED, STAYS, Fate, Line, Source, WayBack
from herotill.imports.refusing import Texts
from herotill.models import Import, ImportRow
from herotill.money import ZERO
from herotill.reference.models import Product
from herotill.reference.selectors.vat import rates
from herotill.vat import STANDARD

REPORT = ("code", "number", "date", "amount", "VAT", "warnings")
Rows = list[Judged[DocumentRow]]


@dataclass(frozen=True, slots=True)
class Standing:
    """A document that is there under a number; `edition` of the newest, `live` unless it was taken back."""

    pk: int
    customer_id: int
    day: date
    incl: Decimal
    edition: int
    live: bool
    kind: str


def decide(kind: DocumentKind) -> Callable[[Source], Iterator[Line]]:
    """What would be done with each row of a file of this kind."""
    return lambda source: (one.line() for one in _judge(kind, source).rows)


def apply(kind: DocumentKind) -> Callable[[Source], Iterator[Line]]:
    """Do it, and say the same."""
    return partial(_apply, kind)


def _apply(kind: DocumentKind, source: Source) -> Iterator[Line]:
    judgement = _judge(kind, source, hold=True)
    now = stamp()
    judgement.numbering.move()
    for some in frame.chunks(list(judgement.groups.values())):
        _write(kind, judgement, some, source, now)
    yield from (one.line() for one in judgement.rows)


def _write(
    kind: DocumentKind, judgement: _Judgement, some: Sequence[Rows], source: Source, now: datetime
) -> None:
    ids = history.write(
        documents=[judgement.document(kind, rows) for rows in some], actor=source.actor, now=now
    )
    for pk, rows in zip(ids, some, strict=True):
        for one in rows:
            one.object_id = pk


class _Judgement:
    """The rows of a file judged against what is there, and those that stand, by number.

    With `hold` what is there of their customers stays so until the transaction ends.
    """

    def __init__(self, kind: DocumentKind, rows: Rows, *, hold: bool) -> None:
        self.kind, self.rows = kind, rows
        said = [one.row for one in rows if one.row]
        self.customers = frame.customers_by_code({row.code for row in said})
        if hold:
            locks.hold(set(self.customers.values()))
        self.products = dict(
            Product.objects.filter(code__in={row.product for row in said}).values_list("code", "pk")
        )
        self.there = _standing({row.number for row in said} | {row.against for row in said if row.against})
        self._open_from, self._cut_over = open_from(), books_from()
        self._latest = frame.latest()
        self.numbering = _Numbering()
        self.groups = self._grouped()

    def _grouped(self) -> dict[str, Rows]:
        groups: dict[str, Rows] = defaultdict(list)
        for one in self.rows:
            if one.key:
                groups[one.key].append(one)
        for rows in groups.values():
            self._judge(rows)
        return {number: rows for number, rows in groups.items() if all(one.stands for one in rows)}

    def _judge(self, rows: Rows) -> None:
        """A document comes in whole or not at all."""
        for one in rows:
            if one.row and (reason := self._refusal(one.row)):
                one.refuse(reason)
        said = [one.row for one in rows if one.row]
        if len({(row.code, row.day, row.due, row.against) for row in said}) > 1:
            _all([one for one in rows if one.row], "rows_disagree")
        elif not all(one.stands for one in rows):
            _all([one for one in rows if one.stands], "part_refused")
        else:
            self._against_what_is_there(rows, said)

    def _refusal(self, row: DocumentRow) -> str:
        if row.code not in self.customers:
            return "customer_unknown"
        if row.product and row.product not in self.products:
            return "product_unknown"
        if row.number.endswith(BACK):
            return "bad_number"
        if row.day < self._open_from:
            return "period_closed"
        if row.day > self._latest:
            return "far_ahead"
        if self._cut_over and row.day >= self._cut_over:
            return "after_cut_over"
        if row.against and not self._credited(row):
            return "invoice_unknown"
        if self.kind == DocumentKind.ADJUSTMENT and not row.reason:
            return "no_reason"
        return ""

    def _credited(self, row: DocumentRow) -> Standing | None:
        found = self.there.get(row.against)
        wanted = (DocumentKind.INVOICE, DocumentKind.DEBIT_NOTE)
        if found and found.live and found.kind in wanted and found.customer_id == self.customers[row.code]:
            return found
        return None

    def _against_what_is_there(self, rows: Rows, said: Sequence[DocumentRow]) -> None:
        found, first = self.there.get(said[0].number), said[0]
        if found and found.live:
            same = (found.kind, found.customer_id, found.day, found.incl) == (
                self.kind,
                self.customers[first.code],
                first.day,
                sum((row.amounts.incl for row in said), ZERO),
            )
            for one in rows:
                if same:
                    one.skip("already_there")
                else:
                    one.refuse("number_taken")
        elif self.numbering.will_give(first.number):
            _all(rows, "number_of_ours")
        else:
            self.numbering.passes(first.number)

    def document(self, kind: DocumentKind, rows: Rows) -> HistoricDocument:
        said = [one.row for one in rows if one.row]
        first, before = said[0], self.there.get(said[0].number)
        against = self._credited(first) if first.against else None
        return HistoricDocument(
            kind=kind,
            name=first.number,
            customer_id=self.customers[first.code],
            day=first.day,
            due=first.due,
            lines=[self._line(row) for row in said],
            against_id=against.pk if against else None,
            reason=first.reason,
            edition=before.edition + 1 if before else 0,
        )

    def _line(self, row: DocumentRow) -> HistoricLine:
        quantity = row.quantity or Decimal(1)
        return HistoricLine(
            text=row.text,
            quantity=quantity,
            unit_price=(row.amounts.incl / quantity).quantize(Decimal("0.0001")),
            tax=row.tax,
            amounts=row.amounts,
            product_id=self.products.get(row.product),
        )


class _Numbering:
    """Our own series: one that has given no number yet begins after those that the file brings."""

    def __init__(self) -> None:
        given = Document.objects.filter(series=OuterRef("pk"))
        self._series = {one.prefix: one for one in Series.objects.annotate(used=Exists(given))}
        self._moved: dict[str, int] = {}

    def will_give(self, name: str) -> bool:
        """Whether a series that is in use gives this number one day."""
        series, number = self._of(name)
        return bool(series and series.used and number >= series.first_number)  # type: ignore[attr-defined]

    def passes(self, name: str) -> None:
        series, number = self._of(name)
        if series and number >= max(series.first_number, self._moved.get(series.prefix, 0)):
            self._moved[series.prefix] = number + 1

    def move(self) -> None:
        """Have the series begin after what was brought."""
        for prefix, number in self._moved.items():
            series = self._series[prefix]
            series.first_number = number
            series.save(update_fields=["first_number"])

    def _of(self, name: str) -> tuple[Series | None, int]:
        prefix = name.rstrip("0123456789")
        series = self._series.get(prefix)
        digits = name[len(prefix) :]
        if not series or len(digits) < series.width or len(digits) > 9:
            return None, 0
        return series, int(digits)


def _all(rows: Rows, reason: str) -> None:
    for one in rows:
        one.refuse(reason)


def _judge(kind: DocumentKind, source: Source, *, hold: bool = False) -> _Judgement:
    known = rates()
    signed = kind == DocumentKind.ADJUSTMENT
    classes = dict(Product.objects.exclude(vat_class=STANDARD).values_list("code", "vat_class"))

    def parse(texts: Texts) -> DocumentRow:
        return read_document(texts, known, signed=signed, classes=classes)

    return _Judgement(kind, frame.read(source, parse, _values), hold=hold)


def _values(row: DocumentRow) -> Sequence[str]:
    return (row.code, row.number, str(row.day), str(row.amounts.incl), str(row.amounts.vat), "")


def _standing(names: Collection[str]) -> Mapping[str, Standing]:
    """The newest documents under these numbers."""
    back = Document.objects.filter(against=OuterRef("pk"), name__endswith=BACK, before=True)
    found = Document.objects.filter(name__in=list(names)).annotate(gone=Exists(back)).order_by("edition")
    rows = found.values_list("name", "pk", "customer_id", "document_date", "incl", "edition", "gone", "kind")
    return {
        name: Standing(pk, customer, day, incl, edition, not gone, kind)
        for name, pk, customer, day, incl, edition, gone, kind in rows
    }


def plan(batch: Import, hold: bool) -> WayBack:
    """Which documents an import brought can be taken back: those nobody has credited since, nor does, with `hold`."""
    rows = ImportRow.objects.filter(of=batch, object_id__isnull=False)
    lines, wanted = list(rows.values_list("object_id", "line", "code")), rows.order_by().values("object_id")
    if hold:
        locks.hold(set(Document.objects.filter(pk__in=wanted).values_list("customer_id", flat=True)))
    ids, stays = {pk for pk, _, _ in lines}, _stays(wanted)
    fates = [
        Fate(line, code, STAYS, stays[pk]) if pk in stays else Fate(line, code, REMOVED)
        for pk, line, code in lines
    ]
    return WayBack(fates, sorted(ids - stays.keys()))


def _stays(wanted: QuerySet[Any]) -> dict[int, str]:
    """The documents that cannot be taken back, and why. What answered one and was itself taken back says nothing."""
    back = Document.objects.filter(against=OuterRef("pk"), name__endswith=BACK, before=True)
    answers = Document.objects.filter(against__in=wanted).exclude(Exists(back))
    closed = Document.objects.filter(pk__in=wanted, document_date__lt=open_from())
    written_off = BillingLine.objects.filter(settles__in=wanted)
    return (
        dict.fromkeys(closed.values_list("pk", flat=True), "The books of its month are closed.")
        | dict.fromkeys(written_off.values_list("settles_id", flat=True), "It has been written off.")
        | dict.fromkeys(answers.values_list("against_id", flat=True), "Another document answers it.")
    )


def take_back(batch: Import, way: WayBack) -> None:
    """Answer them by their opposites of the same day."""
    for some in frame.chunks(way.plan):
        history.take_back(documents=some, actor=batch.rolled_back_by, now=stamp(), run_id=batch.back_run_id)

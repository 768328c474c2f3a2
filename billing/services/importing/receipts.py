"""Importing receipts of the past: equal rows are different payments, and a second import adds none."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence

from django.db.models import Exists, OuterRef

from billing.models import BankAccount, Document, Receipt, Reversal
from billing.policies.importing.records import ReceiptRow, read_receipt
from billing.selectors.cutover import books_from
from billing.selectors.periods import open_from
from billing.services import locks, receipts
from billing.services.importing import frame
from billing.services.importing.frame import Judged, chunks
from billing.services.receipts import NewReceipt
from herotill.imports.kinds import REMOVED, STAYS, Fate, Line, Source, WayBack
from herotill.models import Import, ImportRow

REPORT = ("code", "date", "account", "amount", "reference", "warnings")
Rows = list[Judged[ReceiptRow]]


def decide(source: Source) -> Iterator[Line]:
    """What would be done with each row."""
    return (one.line() for one in _Judgement(source).rows)


def apply(source: Source) -> Iterator[Line]:
    """Do it, and say the same."""
    judgement = _Judgement(source, hold=True)
    standing = [one for one in judgement.rows if one.stands]
    for some in frame.chunks(standing):
        receipts.capture_many(
            receipts=[judgement.receipt(one) for one in some], actor=source.actor, run_id=None
        )
        judgement.find(some)
    yield from (one.line() for one in judgement.rows)


class _Judgement:
    """The rows of a file, each with the identity by which it is booked once.

    With `hold` what is there of their customers stays so until the transaction ends.
    """

    def __init__(self, source: Source, *, hold: bool = False) -> None:
        self.rows: Rows = frame.read(source, read_receipt, _values)
        said = [one.row for one in self.rows if one.row]
        self.customers = frame.customers_by_code({row.code for row in said})
        if hold:
            locks.hold(set(self.customers.values()))
        self.accounts = {name.casefold(): pk for name, pk in BankAccount.objects.values_list("name", "pk")}
        self._invoices = _invoices({row.invoice for row in said if row.invoice})
        self._open_from, self._cut_over = open_from(), books_from()
        self._latest = frame.latest()
        self._references: dict[int, str] = {}
        self._judge()

    def _judge(self) -> None:
        seen: Counter[str] = Counter()
        for one in self.rows:
            if not one.row:
                continue
            if reason := self._refusal(one.row):
                one.refuse(reason)
                continue
            base = _identity(one.row)
            seen[base] += 1
            self._references[one.number] = f"{base}|{seen[base]}"
        self._skip_those_booked()

    def _refusal(self, row: ReceiptRow) -> str:
        if row.code not in self.customers:
            return "customer_unknown"
        if row.account.casefold() not in self.accounts:
            return "account_unknown"
        if row.day < self._open_from:
            return "period_closed"
        if row.day > self._latest:
            return "far_ahead"
        if self._cut_over and row.day >= self._cut_over:
            return "after_cut_over"
        if row.invoice and self._invoices.get(row.invoice, (0, 0))[1] != self.customers[row.code]:
            return "invoice_unknown"
        return ""

    def _skip_those_booked(self) -> None:
        """One booked and not reversed is there already; one that was taken back comes anew."""
        booked = _booked(self._references.values())
        for one in self.rows:
            if not one.stands:
                continue
            reference = self._references[one.number]
            turns = booked.get(reference, [])
            if any(standing for standing in turns):
                one.skip("already_there")
            elif turns:
                self._references[one.number] = f"{reference}~{len(turns)}"

    def receipt(self, one: Judged[ReceiptRow]) -> NewReceipt:
        row = one.row
        assert row
        return NewReceipt(
            customer_id=self.customers[row.code],
            account_id=self.accounts[row.account.casefold()],
            receipt_date=row.day,
            amount=row.amount,
            source_reference=self._references[one.number],
            reference=row.reference,
            method=row.method,
            names_id=self._invoices[row.invoice][0] if row.invoice else None,
            before=True,
        )

    def find(self, some: Rows) -> None:
        """Take down which receipts they became."""
        wanted = [self._references[one.number] for one in some]
        ids = dict(Receipt.objects.filter(source_reference__in=wanted).values_list("source_reference", "pk"))
        for one in some:
            one.object_id = ids[self._references[one.number]]


def _identity(row: ReceiptRow) -> str:
    return f"import|{row.account.casefold()[:30]}|{row.day}|{row.amount}|{row.code}|{row.reference[:40]}"


def _booked(references: Collection[str]) -> Mapping[str, list[bool]]:
    """For each identity, whether each receipt booked under it still stands, in turn.

    Only what was booked once can have been booked again: a turn is looked for where the one before it is.
    """
    found: dict[str, list[bool]] = {}
    asked, turn = {reference: reference for reference in references}, 0
    while asked:
        there = {
            asked[name]: stands for some in chunks(list(asked)) for name, stands in _standing(some).items()
        }
        for reference, stands in there.items():
            found.setdefault(reference, []).append(stands)
        turn += 1
        asked = {f"{reference}~{turn}": reference for reference, stands in there.items() if not stands}
    return found


def _standing(names: Sequence[str]) -> dict[str, bool]:
    """Which of these receipts are booked, and whether they stand."""
    booked = Receipt.objects.filter(source_reference__in=names)
    gone = Exists(Reversal.objects.filter(receipt=OuterRef("pk")))
    return {name: not back for name, back in booked.values_list("source_reference", gone)}


def _invoices(names: Collection[str]) -> Mapping[str, tuple[int, int]]:
    found = Document.objects.filter(name__in=list(names)).order_by("edition")
    return {name: (pk, customer) for name, pk, customer in found.values_list("name", "pk", "customer_id")}


def _values(row: ReceiptRow) -> Sequence[str]:
    return (row.code, str(row.day), row.account, str(row.amount), row.reference, "")


def plan(batch: Import, hold: bool) -> WayBack:
    """Which receipts can be taken back: those not reversed since, nor, with `hold`, until it is done."""
    rows = ImportRow.objects.filter(of=batch, object_id__isnull=False)
    lines = list(rows.values_list("object_id", "line", "code"))
    ids, wanted = [pk for pk, _, _ in lines], rows.order_by().values("object_id")
    if hold:
        locks.hold(set(Receipt.objects.filter(pk__in=wanted).values_list("customer_id", flat=True)))
    closed = Receipt.objects.filter(pk__in=wanted, receipt_date__lt=open_from()).values_list("pk", flat=True)
    reversed_since = Reversal.objects.filter(receipt__in=wanted).values_list("receipt_id", flat=True)
    stays = dict.fromkeys(closed, "The books of its month are closed.") | dict.fromkeys(
        reversed_since, "It has been reversed since."
    )
    fates = [
        Fate(line, code, STAYS, stays[pk]) if pk in stays else Fate(line, code, REMOVED)
        for pk, line, code in lines
    ]
    return WayBack(fates, [pk for pk in ids if pk not in stays])


def take_back(batch: Import, way: WayBack) -> None:
    """Reverse them, each as at its own day."""
    for some in frame.chunks(way.plan):
        receipts.reverse_many(
            receipts=some,
            reason="The import was taken back.",
            actor=batch.rolled_back_by,
            run_id=batch.back_run_id,
        )

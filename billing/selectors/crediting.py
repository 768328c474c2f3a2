"""What can still be credited, written off, or counted as recovered."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from django.db.models import Exists, OuterRef, Sum

from billing.models import Document, DocumentKind, Entry, EntryKind, Line, LineCredit, OpenItem
from billing.policies.crediting import NOTHING, AtRate, Credited, by_rate, credit
from billing.selectors.cutover import BACK
from herotill.money import ZERO
from herotill.vat import Amounts

CREDITABLE = (DocumentKind.INVOICE, DocumentKind.DEBIT_NOTE)


def lines_left(document: Document) -> list[tuple[Line, Credited]]:
    """Each line of an issued document with what earlier credit notes took of it."""
    lines = list(document.lines.order_by("position", "pk"))
    before = _credited(lines)
    found = [(line, _of(line, before.get(line.pk, NOTHING))) for line in lines]
    return _less(found, _credited_whole(document)) if document.before else found


def _credited_whole(document: Document) -> Decimal:
    """What credit notes from before took of a document: they name it, and none of its lines."""
    back = Document.objects.filter(against=OuterRef("pk"), name__endswith=BACK, before=True)
    notes = document.answers.filter(before=True, kind=DocumentKind.CREDIT_NOTE).exclude(Exists(back))
    lines = Line.objects.filter(document__in=notes, credits=None)
    return lines.aggregate(sum=Sum("incl"))["sum"] or ZERO


def _less(found: Sequence[tuple[Line, Credited]], gone: Decimal) -> list[tuple[Line, Credited]]:
    """The lines less so much of them, from the first on."""
    less = []
    for line, credited in found:
        taken = max(ZERO, min(gone, credited.left.incl))
        gone -= taken
        parts = zip(credited.before, credit(credited, taken), strict=True)
        less.append((line, replace(credited, before=Amounts(*(was + part for was, part in parts)))))
    return less


def _of(line: Line, before: Amounts) -> Credited:
    return Credited(line.pk, line.text, line.vat_rate, Amounts(line.excl, line.vat, line.incl), before)


def _credited(lines: Sequence[Line]) -> Mapping[int, Amounts]:
    notes = Line.objects.filter(
        credits__in=lines, document__status=Document.Status.ISSUED, document__kind=DocumentKind.CREDIT_NOTE
    )
    sums = notes.order_by().values("credits").annotate(e=Sum("excl"), v=Sum("vat"), i=Sum("incl"))
    return {int(one["credits"] or 0): Amounts(one["e"], one["v"], one["i"]) for one in sums}


@dataclass(frozen=True, slots=True)
class Owed:
    """A document of which something is open, and at which rates it stands there."""

    document: Document
    open: Decimal
    rates: list[AtRate]


def owed(customers: Collection[int], documents: Collection[int] | None = None) -> list[Owed]:
    """Documents of these customers that are owed, the oldest first; without what history from before owes VAT for.

    What credit notes took of a line stands no longer at its rate. A document from before stands at none: its
    tax was never declared by us.
    """
    items = OpenItem.objects.filter(
        customer__in=list(customers), open__gt=0, entry__kind__in=[*CREDITABLE, DocumentKind.ADJUSTMENT]
    )
    left: dict[int, Decimal] = dict(items.values_list("entry__source_id", "open"))
    wanted = [pk for pk in left if documents is None or pk in documents]
    found = Document.objects.filter(pk__in=wanted).order_by("document_date", "pk")
    rates = _rates(wanted)
    return [Owed(document, left[document.pk], _standing(document, rates)) for document in found]


def opening_left(customer: int) -> Decimal:
    """What is still owed of a customer's opening balance, which has no document."""
    found = OpenItem.objects.filter(customer=customer, open__gt=0, entry__kind=EntryKind.OPENING)
    return found.aggregate(sum=Sum("open"))["sum"] or ZERO


def _rates(documents: Collection[int]) -> Mapping[int, list[tuple[str, Decimal, Decimal]]]:
    credited = dict(
        LineCredit.objects.filter(line__document__in=documents).values_list("line_id", "credited")
    )
    lines: dict[int, list[tuple[str, Decimal, Decimal]]] = {}
    for line in Line.objects.filter(document__in=documents).order_by("pk"):
        left = line.incl - credited.get(line.pk, ZERO)
        lines.setdefault(line.document_id or 0, []).append((line.vat_class, line.vat_rate, left))
    return lines


def _standing(document: Document, rates: Mapping[int, list[tuple[str, Decimal, Decimal]]]) -> list[AtRate]:
    if document.before:
        return [AtRate("outside", ZERO, document.incl)]
    return by_rate(rates.get(document.pk, [])) or [AtRate("outside", ZERO, document.incl)]


def recovered(write_off: Document) -> Decimal:
    """What came in later of a write-off: the debit notes against it."""
    notes = write_off.answers.filter(kind=DocumentKind.DEBIT_NOTE, status=Document.Status.ISSUED)
    return notes.aggregate(sum=Sum("incl"))["sum"] or ZERO


def spare_credit(customer: int) -> Decimal:
    """What a customer has paid or been credited that pays nothing yet."""
    found = OpenItem.objects.filter(customer=customer, open__lt=0).aggregate(sum=Sum("open"))["sum"]
    return -(found or ZERO)


def counterparts(entry: Entry) -> list[OpenItem]:
    """What an entry could be allocated with: open credits of the customer for a debt, open debts for a credit."""
    other = {"open__gt": 0} if entry.amount < 0 else {"open__lt": 0}
    found = OpenItem.objects.filter(customer=entry.customer_id, **other).select_related("entry")
    return list(found.order_by("accounting_date", "entry_id"))

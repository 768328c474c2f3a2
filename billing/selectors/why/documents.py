"""Why is a document what it is, and what became of it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db.models import Q
from django.urls import reverse

from billing.models import (
    Allocation,
    Document,
    Entry,
    EntryKind,
    Line,
    MonthEnd,
    OpenItem,
    Receipt,
    Reversal,
)
from billing.policies import facts as words
from billing.policies.facts import Fact
from billing.selectors.why.answers import SHOWN, Answer, day_of
from billing.selectors.why.balance import documents_of
from herotill.messages.models import Message
from herotill.models import Run
from herotill.money import ZERO, rand

SUBJECT = "document"


def of_document(document: Document) -> Answer:
    """Why a document is what it is: its lines, how it came to be, what paid it, what was said about it."""
    lines = list(document.lines.select_related("product", "for_customer"))
    charged = Fact(
        f"{'1 line comes' if len(lines) == 1 else f'{len(lines)} lines add up'} to {rand(document.incl)}:"
        f" {rand(document.excl)} and {rand(document.vat)} VAT.",
        because=[_line(line, document) for line in lines[:SHOWN]],
    )
    made = _made(document)
    entry = Entry.objects.filter(kind=document.kind, source_id=document.pk).first()
    settled = _settled(entry) if entry else []
    return Answer(_question(document), document.incl, [charged, *made, *settled, *_said(document)])


def _question(document: Document) -> str:
    return f"Why {document} over {rand(document.incl)}?"


def _line(line: Line, document: Document) -> Fact:
    for_whom = f" for {line.for_customer.name}" if line.for_customer else ""
    return Fact(f"{line.text}{for_whom}: {rand(line.incl)}", asks=reverse("billing:why-line", args=[line.pk]))


def _made(document: Document) -> list[Fact]:
    run, month_end = _run(document)
    drafted = (
        f"Drafted by the run “{run.title}”"
        if run
        else "Imported with its number"
        if document.before
        else "Drafted by hand"
    )
    facts = [Fact(f"{drafted}.", day_of(document.created_at), str(document.created_by or ""))]
    if month_end and month_end.signed_at:
        facts.append(
            Fact(
                "The preview of that month-end was signed."
                + (f" “{month_end.sign_reason}”" if month_end.sign_reason else ""),
                day_of(month_end.signed_at),
                str(month_end.signed_by or ""),
            )
        )
    if document.reason:
        facts.append(Fact(f"The reason given: {document.reason}"))
    if document.against:
        facts.append(
            Fact(
                f"It answers {document.against}.",
                url=document.against.get_absolute_url(),
                asks=reverse("billing:why-document", args=[document.against_id]),
            )
        )
    if document.issued_at:
        facts.append(
            Fact(
                f"Issued as {document.name}, dated {document.document_date}, due on {document.due_date}.",
                day_of(document.issued_at),
                str(document.issued_by or ""),
            )
        )
    else:
        facts.append(Fact("A draft: nothing is owed until it is issued.", tone="warn"))
    return facts


def _run(document: Document) -> tuple[Run | None, MonthEnd | None]:
    if not document.run_id:
        return None, None
    run = Run.objects.filter(pk=document.run_id).first()
    found = (
        MonthEnd.objects.filter(pk=run.params.get("month_end")).select_related("signed_by") if run else None
    )
    return run, found.first() if found is not None else None


def _settled(entry: Entry) -> list[Fact]:
    """What settled an entry, undone allocations too, and what is left of it."""
    open_item = OpenItem.objects.filter(entry=entry).first()
    found = Allocation.objects.filter(Q(debit=entry) | Q(credit=entry)).select_related(
        "debit", "credit", "made_by", "undone_by"
    )
    parts = list(found.order_by("starts_on", "pk")[:SHOWN])
    others = [part.credit if part.debit_id == entry.pk else part.debit for part in parts]
    documents, receipts, back = documents_of(others), _receipts(others), _reversals(others)
    open_amount = open_item.open if open_item else ZERO
    facts = [
        _allocation(part, other, documents, receipts, back) for part, other in zip(parts, others, strict=True)
    ]
    return [
        Fact(
            words.left(abs(entry.amount), abs(open_amount)),
            tone="bad" if open_amount > 0 else "ok",
            because=facts,
        )
    ]


def _receipts(entries: Sequence[Entry]) -> dict[int, Receipt]:
    ids = [entry.source_id for entry in entries if entry.kind == EntryKind.RECEIPT]
    return Receipt.objects.select_related("account", "captured_by").in_bulk(ids)


def _reversals(entries: Sequence[Entry]) -> dict[int, Reversal]:
    ids = [entry.source_id for entry in entries if entry.kind == EntryKind.REVERSAL]
    return Reversal.objects.select_related("made_by").in_bulk(ids)


def _allocation(
    part: Allocation,
    other: Entry,
    documents: Mapping[tuple[str, int], Document],
    receipts: Mapping[int, Receipt],
    back: Mapping[int, Reversal],
) -> Fact:
    how = Allocation.How(part.how).label.lower()
    document, receipt = documents.get((other.kind, other.source_id)), None
    if other.kind == EntryKind.RECEIPT:
        receipt = receipts.get(other.source_id)
    name = document.name if document else _of_receipt(receipt, other)
    reversal = back.get(other.source_id) if other.kind == EntryKind.REVERSAL else None
    text = f"{rand(part.amount)} by {name} ({how})."
    if reversal:
        text = f"{rand(part.amount)} taken back: {reversal.reason}"
    because = []
    if part.known_until:
        because.append(
            Fact(
                "Undone: it is owed again.", day_of(part.known_until), str(part.undone_by or ""), tone="warn"
            )
        )
    return Fact(
        text,
        part.starts_on,
        str((receipt and receipt.captured_by) or part.made_by or ""),
        document.get_absolute_url() if document else "",
        reverse("billing:why-document", args=[document.pk]) if document else "",
        because=because,
    )


def _of_receipt(receipt: Receipt | None, entry: Entry) -> str:
    if receipt is None:
        return EntryKind(entry.kind).label.lower()
    reference = f", “{receipt.reference}”" if receipt.reference else ""
    return f"the payment of {rand(receipt.amount)} into {receipt.account}{reference}"


def _said(document: Document) -> list[Fact]:
    """The messages about a document."""
    sent = Message.objects.filter(subject_kind=SUBJECT, subject_id=document.pk).order_by("queued_at", "pk")[
        :SHOWN
    ]
    return [
        Fact(
            f"{message.get_channel_display()} to {message.address or message.purpose}: {message.get_state_display().lower()}.",
            day_of(message.sent_at or message.queued_at),
        )
        for message in sent
    ]

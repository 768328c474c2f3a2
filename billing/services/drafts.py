"""Changing drafts by hand: lines, dates, and away with them. Every change is on record."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db import transaction
from django.db.models import Max

from billing.models import Document, DocumentKind, Line, Waiver
from billing.policies import lines as policy
from billing.selectors import documents as reading
from billing.services import documents, rating
from customers.models import Customer
from herotill.errors import DomainError
from herotill.money import rand
from herotill.reference.models import Product
from herotill.reference.selectors.vat import rates
from herotill.users.models import User

CHANGED = "Somebody else changed this draft meanwhile. Look at it as it is now, and do it again."
WAIT, WAIVE = "wait", "waive"


@dataclass(frozen=True, slots=True)
class LineValues:
    """A line as a person types it; the days are those of its service, both or neither."""

    text: str
    quantity: Decimal
    unit_price: Decimal
    discount: Decimal = Decimal(0)
    product: Product | None = None
    vat_class: str = "standard"
    includes_vat: bool = True
    first: date | None = None
    last: date | None = None


def new_invoice(*, customer: Customer, day: date, reference: str = "", actor: User) -> Document:
    """An empty draft invoice, to be filled by hand."""
    due = documents.due_date(customer=customer, day=day)
    made = documents.make(
        kind=DocumentKind.INVOICE,
        customer=customer,
        day=day,
        due=due,
        lines=[],
        reference=reference,
        actor=actor,
    )
    documents.record(document=made, what="Begun by hand.", actor=actor)
    return made


def _opened(document: Document, seen: str) -> Document:
    """The draft, held; refused where it is issued, or not what the person saw."""
    held = Document.objects.select_for_update().filter(pk=document.pk).first()
    if held is None:
        raise DomainError("Somebody else has deleted this draft.")
    if not held.is_draft:
        raise DomainError(f"{held} is issued; a wrong amount is put right by a credit or debit note.")
    if reading.waiting_for_second(held):
        raise DomainError("This waits for a second person. Take the request back first.")
    if seen and reading.fingerprint(held, reading.lines_of(held)) != seen:
        raise DomainError(CHANGED)
    return held


def _opened_invoice(document: Document, seen: str) -> Document:
    """The same for its lines: those of notes, write-offs and adjustments follow what they answer."""
    held = _opened(document, seen)
    if held.kind != DocumentKind.INVOICE:
        raise DomainError(f"{held}: its lines follow what it answers. Delete this draft and make another.")
    return held


@transaction.atomic
def add_line(*, document: Document, values: LineValues, seen: str, actor: User) -> list[Line]:
    """Add a line; where the VAT rate changes within its days, one for each rate."""
    held = _opened_invoice(document, seen)
    last = held.lines.aggregate(last=Max("position"))["last"]
    made = _lines(held, values, (last if last is not None else -1) + 1)
    Line.objects.bulk_create(made)
    documents.total(document=held)
    documents.record(document=held, what=f"Added “{values.text}”, {_sum(made)}.", actor=actor)
    return made


def _lines(document: Document, values: LineValues, position: int) -> list[Line]:
    amount = policy.worth(values.quantity, values.unit_price, values.discount)
    found = policy.parts(
        amount,
        vat_class=values.vat_class,
        includes_vat=values.includes_vat,
        rates=rates(),
        document_date=document.document_date,
        first=values.first,
        last=values.last,
    )
    return [
        Line(
            document=document,
            customer_id=document.customer_id,
            position=position + place,
            product=values.product,
            text=values.text,
            quantity=values.quantity if len(found) == 1 else Decimal(1),
            unit_price=values.unit_price if len(found) == 1 else _given(part, values),
            discount=values.discount if len(found) == 1 else Decimal(0),
            includes_vat=values.includes_vat,
            vat_class=part.tax.vat_class,
            vat_rate=part.tax.rate,
            first=part.first,
            last=part.last,
            **part.amounts._asdict(),
        )
        for place, part in enumerate(found)
    ]


def _given(part: policy.Part, values: LineValues) -> Decimal:
    return part.amounts.incl if values.includes_vat else part.amounts.excl


def _sum(lines: Collection[Line]) -> str:
    return rand(sum((line.incl for line in lines), Decimal(0)))


@transaction.atomic
def change_line(*, document: Document, line: Line, values: LineValues, seen: str, actor: User) -> None:
    """Change a line. One that bills something stays the bill for it."""
    held = _opened_invoice(document, seen)
    old = held.lines.get(pk=line.pk)
    first, *more = _lines(held, values, old.position)
    if more and old.source:
        raise DomainError(
            "Its days span a change of the VAT rate; change the item it bills instead.", field="last"
        )
    was = f"“{old.text}” {rand(old.incl)}"
    first.pk, first.for_customer_id = old.pk, old.for_customer_id
    for name in ("source", "item_id", "period", "part"):
        setattr(first, name, getattr(old, name))
    first.save(force_update=True)
    Line.objects.bulk_create(more)
    documents.total(document=held)
    documents.record(
        document=held, what=f"Changed {was} to “{first.text}” {_sum([first, *more])}.", actor=actor
    )


@transaction.atomic
def remove_line(
    *, document: Document, line: Line, seen: str, actor: User, then: str = WAIT, reason: str = ""
) -> None:
    """Take a line off. What it billed waits for the next draft, or is waived with a reason, for ever.

    The lines of one thing's month go together, for it is charged, waits and is waived as one.
    """
    held = _opened_invoice(document, seen)
    old = held.lines.get(pk=line.pk)
    month = held.lines.filter(source=old.source, item_id=old.item_id, period=old.period)
    gone = list(month.order_by("part")) if old.source else [old]
    if old.source and then == WAIVE:
        _waive(old, reason, actor)
        month.delete()
    elif old.source:
        month.update(document=None)
    else:
        old.delete()
    documents.total(document=held)
    for one in gone:
        documents.record(document=held, what=_removed(one, then, reason), actor=actor)


def _removed(line: Line, then: str, reason: str) -> str:
    what = f"Removed “{line.text}”, {rand(line.incl)}"
    if not line.source:
        return f"{what}."
    return f"{what}, and waived it: {reason}" if then == WAIVE else f"{what}; it waits for the next draft."


def _waive(line: Line, reason: str, actor: User) -> None:
    if not reason.strip():
        raise DomainError("Say why this is not billed.", field="reason")
    if line.item_id is None or line.period is None:
        raise DomainError("This line bills nothing that could be waived.")
    Waiver.objects.get_or_create(
        source=line.source,
        item_id=line.item_id,
        period=line.period,
        defaults={
            "customer_id": line.for_customer_id or line.customer_id,
            "reason": reason.strip(),
            "set_by": actor,
        },
    )


@transaction.atomic
def change_head(*, document: Document, changes: Mapping[str, Any], seen: str, actor: User) -> None:
    """Change dates and reference. Lines without days of service take the rate of the new date."""
    held = _opened(document, seen)
    changed = {name: value for name, value in changes.items() if getattr(held, name) != value}
    for name, value in changed.items():
        setattr(held, name, value)
    if "document_date" in changed and documents.free_day(held.document_date) != held.document_date:
        raise DomainError("That month is closed or archived; give it a later date.", field="document_date")
    if held.due_date < held.document_date:
        raise DomainError("It cannot be due before its date.", field="due_date")
    if not changed:
        return
    held.save(update_fields=list(changed))
    if "document_date" in changed and held.kind == DocumentKind.INVOICE:
        rating.rate_anew(document=held)
        documents.total(document=held)
    words = ", ".join(f"{name.replace('_', ' ')} {value or 'none'}" for name, value in changed.items())
    documents.record(document=held, what=f"Changed to {words}.", actor=actor)


@transaction.atomic
def delete(*, documents_of: Collection[int], actor: User, seen: str = "") -> int:
    """Delete drafts; what they billed waits for the next. Returns how many there were."""
    drafts = list(
        Document.objects.select_for_update()
        .filter(pk__in=documents_of, status=Document.Status.DRAFT)
        .order_by("pk")
    )
    if seen and drafts:
        _opened(drafts[0], seen)
    for draft in drafts:
        documents.record(document=draft, what=f"Deleted, {rand(draft.incl)}.", actor=actor)
    of_drafts = Line.objects.filter(document__in=drafts)
    of_drafts.exclude(source="").update(document=None)
    of_drafts.delete()
    Document.objects.filter(pk__in=[draft.pk for draft in drafts]).delete()
    return len(drafts)


def refuse_changed() -> None:
    """Say that somebody else was quicker."""
    raise DomainError(CHANGED)

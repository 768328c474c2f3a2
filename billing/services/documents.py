"""Making documents and letting them out: what is over a person's limit waits for a second one."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import IntegrityError, connection, transaction
from django.urls import reverse

from billing.models import Document, DocumentKind, DraftChange, Grounds, Line
from billing.policies import limits
from billing.selectors import documents as reading
from billing.selectors.limits import credited_alone, limit_of
from billing.selectors.month_end import archived_before
from billing.selectors.periods import open_day, open_from
from billing.services import issuing, locks, rating
from customers.models import Customer
from herotill import approvals
from herotill.errors import DomainError
from herotill.money import rand
from herotill.months import Month
from herotill.users.models import User

BEYOND = "no_line_is_credited_beyond_itself"
_TOTALS = """
UPDATE billing_document d SET excl = s.excl, vat = s.vat, incl = s.incl
FROM (SELECT coalesce(sum(excl), 0) AS excl, coalesce(sum(vat), 0) AS vat, coalesce(sum(incl), 0) AS incl
      FROM billing_line WHERE document_id = %(document)s) s
WHERE d.id = %(document)s
"""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of drafts that were to be issued: so many are, so many wait for a second person."""

    issued: int
    waiting: int = 0


def due_date(*, customer: Customer, day: date) -> date:
    """When an invoice of this day is due: by the customer's own days, the billing group's or the company's."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT %s + coalesce(p.due_days, g.due_days, r.due_days)::integer FROM customers_customer c"
            " LEFT JOIN customers_billinggroup g ON g.id = c.billing_group_id"
            " LEFT JOIN billing_billingprofile p ON p.customer_id = c.id CROSS JOIN billing_rules r"
            " WHERE c.id = %s",
            [day, customer.pk],
        )
        due: date = cursor.fetchone()[0]
        return due


def free_day(day: date) -> date:
    """`day`, or the first day after it that takes new documents: of no month that is closed or archived."""
    return open_day(max(day, archived_before() or day))


@transaction.atomic
def answering(document: Document, reason: str) -> str:
    """Hold the account of the document that a note answers; why it does, which must be said."""
    locks.hold([document.customer_id])
    if not reason.strip():
        raise DomainError("Say why; it is printed on the note.", field="reason")
    return reason.strip()


def make(
    *,
    kind: str,
    customer: Customer,
    day: date,
    lines: Iterable[Line],
    actor: User | None,
    due: date | None = None,
    against: Document | None = None,
    reason: str = "",
    reference: str = "",
    grounds: Mapping[str, Any] | None = None,
) -> Document:
    """A draft with these lines, dated `day` or the first free day after it."""
    dated = free_day(day)
    made = Document.objects.create(
        kind=kind,
        customer=customer,
        document_date=dated,
        due_date=max(due or dated, dated),
        against=against,
        reason=reason,
        reference=reference,
        created_by=actor,
    )
    rows = list(lines)
    for place, line in enumerate(rows):
        line.document, line.customer, line.position = made, customer, place
    Line.objects.bulk_create(rows)
    if grounds:
        Grounds.objects.create(document=made, **grounds)
    total(document=made)
    return made


def total(*, document: Document) -> None:
    """Make a draft's totals the sums of its lines."""
    with connection.cursor() as cursor:
        cursor.execute(_TOTALS, {"document": document.pk})
    document.refresh_from_db(fields=["excl", "vat", "incl"])


def record(*, document: Document, what: str, actor: User | None) -> None:
    """Put on record what a person did to a draft."""
    DraftChange.objects.create(
        document_id=document.pk, customer_id=document.customer_id, by=actor, what=what[:500]
    )


@transaction.atomic
def issue(*, documents: Collection[int], actor: User | None, now: datetime, reason: str = "") -> Outcome:
    """Issue drafts, those over the person's limit excepted, which wait for a second person.

    Raises DomainError for a draft without lines, and where a line would be credited beyond itself.
    """
    drafts = _held(documents)
    _refuse_empty(drafts)
    _date_openly(drafts, actor)
    over = _over(drafts, actor, now) if actor else []
    for draft in over:
        _ask(draft, actor, now, reason)
    return Outcome(_let_out([draft for draft in drafts if draft not in over], actor, now), len(over))


def _held(documents: Collection[int]) -> list[Document]:
    """The drafts among these, which nobody changes until the transaction ends."""
    drafts = Document.objects.filter(pk__in=documents, status=Document.Status.DRAFT).order_by("pk")
    locks.hold(set(drafts.order_by().values_list("customer_id", flat=True)))
    return list(drafts.select_for_update(of=("self",), no_key=True))


def _refuse_empty(drafts: Sequence[Document]) -> None:
    filled = set(Line.objects.filter(document__in=drafts).values_list("document_id", flat=True))
    for draft in drafts:
        if draft.pk not in filled:
            raise DomainError(f"{draft} has no lines.")
        if draft.kind != DocumentKind.ADJUSTMENT and draft.incl < 0:
            raise DomainError(f"{draft} comes to less than nothing: make a credit note instead.")


def _date_openly(drafts: Sequence[Document], actor: User | None) -> None:
    """Give drafts of a closed month the first open day, and say so. Their lines take its rate."""
    first = open_from()
    for draft in drafts:
        if draft.document_date < first:
            was = Month.of(draft.document_date).label
            draft.document_date = first
            draft.due_date = max(draft.due_date, draft.document_date)
            draft.save(update_fields=["document_date", "due_date"])
            rating.rate_anew(document=draft)
            total(document=draft)
            record(document=draft, what=f"Dated {draft.document_date}, for {was} is closed.", actor=actor)


def _over(drafts: Sequence[Document], actor: User, now: datetime) -> list[Document]:
    """Those that take a second person, in parts as in one piece: a customer's credits of a day count together."""
    credits = [draft for draft in drafts if limits.credited(kind=draft.kind, amount=draft.incl)]
    if not credits:
        return []
    up_to, over = limit_of(actor), []
    alone = credited_alone(actor, {draft.customer_id for draft in credits}, now=now)
    for draft in credits:
        amount = limits.credited(kind=draft.kind, amount=draft.incl)
        if alone[draft.customer_id] + amount > up_to:
            over.append(draft)
        else:
            alone[draft.customer_id] += amount
    return over


def _let_out(drafts: Sequence[Document], actor: User | None, now: datetime) -> int:
    try:
        with transaction.atomic():
            return issuing.issue(documents=[draft.pk for draft in drafts], actor=actor, now=now)
    except IntegrityError as trouble:
        if BEYOND not in str(trouble):
            raise
        raise DomainError(
            "More would be credited of a line than it says. Somebody was quicker; look again."
        ) from None


def _ask(draft: Document, actor: User | None, now: datetime, reason: str) -> None:
    assert actor
    approvals.ask(
        kind=reading.OVER_LIMIT,
        subject_id=draft.pk,
        payload={},
        reason=reason or draft.reason or f"{draft.get_kind_display()} over {rand(limit_of(actor))}",
        actor=actor,
        now=now,
    )


def _subject(pk: int | None, payload: Mapping[str, Any]) -> approvals.Subject | None:
    draft = reading.find(pk or 0)
    if draft is None:
        return None
    about = f"{draft.get_kind_display()} of {rand(draft.incl)} to {draft.customer}"
    seen = reading.fingerprint(draft, reading.lines_of(draft))
    return approvals.Subject(about, reverse("billing:document", args=[draft.pk]), {"seen": seen})


def _describe(pk: int | None, payload: Mapping[str, Any]) -> list[approvals.Row]:
    draft = reading.find(pk or 0)
    if draft is None:
        return []
    rows = [
        approvals.Row("Customer", "", str(draft.customer)),
        approvals.Row("Against", "", str(draft.against or "")),
        approvals.Row("Reason", "", draft.reason),
    ]
    rows += [approvals.Row(line.text, "", rand(line.incl)) for line in reading.lines_of(draft)]
    return [row for row in rows if row.new] + [approvals.Row("Total", "", rand(draft.incl))]


def _carry_out(asked: approvals.Asked, actor: User, now: datetime) -> None:
    _let_out(list(Document.objects.filter(pk=asked.subject_id or 0)), actor, now)


approvals.kinds.register(
    approvals.ApprovalKind(
        name=reading.OVER_LIMIT,
        title="Credit over a person's limit",
        permission="billing.approve_credits",
        subject=_subject,
        describe=_describe,
        carry_out=_carry_out,
        order=20,
    )
)


def copied(line: Line, amounts: Any, **more: Any) -> Line:
    """A new line that answers an issued one: same product, class and stored rate, other amounts."""
    values: dict[str, Any] = {
        "text": line.text,
        "product_id": line.product_id,
        "for_customer_id": line.for_customer_id,
        "quantity": Decimal(1),
        "unit_price": amounts.incl,
        "includes_vat": True,
        "vat_class": line.vat_class,
        "vat_rate": line.vat_rate,
        "first": line.first,
        "last": line.last,
        **amounts._asdict(),
    }
    return Line(**(values | more))

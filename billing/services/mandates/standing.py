"""What becomes of mandates: paper ones are captured, any is blocked, unblocked or cancelled."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import QuerySet

from billing.models import DebitDetail, Mandate
from billing.selectors import mandates as reading
from billing.services import locks
from customers.models import Attachment, Customer
from customers.services import attachments
from herotill.clock import local_day, moment
from herotill.errors import DomainError
from herotill.users.models import User

Status = Mandate.Status
PROOF = "Attach the signed form, or choose it from the customer's attachments."
NEEDS_ANOTHER = "It was blocked by the bank's code {code}; only a new mandate lets debits go on."


@dataclass(frozen=True, slots=True)
class Block:
    """A mandate to be blocked: by which code of an unpaid, or none where a person does it, and why."""

    mandate_id: int
    code: str
    why: str


@transaction.atomic
def capture_paper(
    *,
    customer: Customer,
    signed_on: date,
    signed_by: str,
    actor: User | None,
    now: datetime,
    attachment: Attachment | None = None,
    upload: UploadedFile | None = None,
    maximum: Decimal | None = None,
    holiday: str = Mandate.Holiday.AFTER,
    reference: str = "",
) -> Mandate:
    """Capture a mandate that was signed on paper, with the form as proof; it is active at once.

    One that waited or was blocked ends. Raises DomainError without proof, for a day to come, where no details
    are captured, or one is active already.
    """
    if signed_on > local_day(now):
        raise DomainError("That day has not come yet.", field="signed_on")
    detail = room_for_one(customer, now, "A paper mandate was captured.")
    if upload is not None:
        kind = Attachment.Kind.DEBIT_ORDER
        attachment = attachments.add(
            customer=customer, upload=upload, kind=kind, note="Signed mandate", actor=actor
        )
    if attachment is None or attachment.customer_id != customer.pk:
        raise DomainError(PROOF, field="attachment")
    return Mandate.objects.create(
        customer=customer,
        detail=detail,
        reference=reference or next_reference(customer),
        kind=Mandate.Kind.PAPER,
        status=Status.ACTIVE,
        debit_day=detail.debit_day,
        holiday=holiday,
        maximum=maximum,
        attachment=attachment,
        signed_at=moment(signed_on),
        signed_by_name=signed_by or detail.holder,
        made_by=actor,
        made_at=now,
    )


def room_for_one(customer: Customer, now: datetime, why: str) -> DebitDetail:
    """Make room for a new mandate of the account that counts, which is returned, under the customer's lock."""
    locks.hold([customer.pk])
    detail = reading.current_detail(customer.pk)
    if detail is None:
        raise DomainError("Capture the debit-order details first.")
    if reading.is_resellers(customer, local_day(now)):
        raise DomainError("The reseller bills this customer; we debit the reseller.")
    held = reading.open_mandate(customer.pk)
    if held and held.status == Status.ACTIVE:
        raise DomainError(f"Mandate {held.reference} is active. Cancel it first to agree another.")
    if held:
        _end(held, Status.CANCELLED, why, now)
    return detail


def next_reference(customer: Customer) -> str:
    """`ALI001-2` for a customer's second mandate."""
    count = Mandate.objects.filter(customer=customer).count()
    taken = set(Mandate.objects.filter(customer=customer).values_list("reference", flat=True))
    return next(
        name
        for n in range(count + 1, count + len(taken) + 2)
        if (name := f"{customer.code}-{n}") not in taken
    )


def block(*, mandate: Mandate, code: str, why: str, actor: User | None, now: datetime) -> None:
    """Block an active mandate: nothing is debited by it. With a `code` of an unpaid only a new one lets debits go on.

    Raises DomainError where it is not active, or a person gives no reason.
    """
    if not code and not why.strip():
        raise DomainError("Say why.", field="why")
    if not block_all(blocks=[Block(mandate.pk, code, why)], actor=actor, now=now):
        raise DomainError("Only an active mandate can be blocked.")
    mandate.refresh_from_db()


@transaction.atomic
def block_all(*, blocks: Sequence[Block], actor: User | None, now: datetime) -> int:
    """Block those of these mandates that are active; returns how many. A block by code also stands over one by hand."""
    by_id = {one.mandate_id: one for one in blocks}
    locks.hold(set(Mandate.objects.filter(pk__in=by_id).values_list("customer_id", flat=True)))
    found = list(_held(by_id).filter(status__in=(Status.ACTIVE, Status.BLOCKED)))
    blocked = [one for one in found if _blocks(one, by_id[one.pk])]
    for one in blocked:
        one.status, one.block_code = Status.BLOCKED, by_id[one.pk].code
        one.blocked_at, one.blocked_why = now, by_id[one.pk].why[:200]
    Mandate.objects.bulk_update(blocked, ["status", "block_code", "blocked_at", "blocked_why"])
    return len(blocked)


def _blocks(mandate: Mandate, wanted: Block) -> bool:
    return mandate.status == Status.ACTIVE or bool(wanted.code and not mandate.block_code)


def _held(ids: Collection[int]) -> QuerySet[Mandate]:
    return Mandate.objects.select_for_update(of=("self",), no_key=True).filter(pk__in=ids).order_by("pk")


@transaction.atomic
def unblock(*, mandate: Mandate, actor: User, now: datetime) -> None:
    """Let debits go on by a mandate that a person blocked. Raises DomainError where a bank's code blocked it."""
    locks.hold([mandate.customer_id])
    held = _held([mandate.pk]).get()
    if held.status != Status.BLOCKED:
        raise DomainError("This mandate is not blocked.")
    if held.block_code:
        raise DomainError(NEEDS_ANOTHER.format(code=held.block_code))
    held.status, held.blocked_at, held.blocked_why = Status.ACTIVE, None, ""
    held.save(update_fields=["status", "blocked_at", "blocked_why"])
    mandate.refresh_from_db()


@transaction.atomic
def cancel(*, mandate: Mandate, why: str, actor: User | None, now: datetime) -> None:
    """End a mandate for good. Raises DomainError without a reason, or where it has ended."""
    if not why.strip():
        raise DomainError("Say why.", field="why")
    locks.hold([mandate.customer_id])
    held = _held([mandate.pk]).get()
    if held.status not in reading.OPEN:
        raise DomainError("This mandate has ended already.")
    _end(held, Status.CANCELLED, why, now)
    mandate.refresh_from_db()


def _end(mandate: Mandate, status: str, why: str, now: datetime) -> None:
    mandate.status, mandate.ended_at, mandate.ended_why = status, now, why.strip()[:200]
    mandate.save(update_fields=["status", "ended_at", "ended_why"])


def lapse(*, now: datetime) -> int:
    """End mandates that were asked for and not signed in time; returns how many."""
    late = Mandate.objects.filter(status=Status.ASKED, expires_at__lte=now)
    return late.update(status=Status.LAPSED, ended_at=now, ended_why="Not signed in time.")

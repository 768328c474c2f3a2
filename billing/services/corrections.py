"""Wrong particulars put right: a further version of the same number, date and amounts. Nothing is posted."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db import transaction

from billing.models import Document, Snapshot
from billing.services import printing
from herotill import jobs
from herotill.errors import DomainError
from herotill.users.models import User

FIELDS = ("bill_to", "address", "vat_number")


@dataclass(frozen=True, slots=True)
class Particulars:
    """Whom a document is made out to."""

    bill_to: str
    address: str
    vat_number: str


@transaction.atomic
def correct(
    *,
    document: Document,
    particulars: Particulars,
    reason: str,
    requested_on: date,
    today: date,
    actor: User | None,
) -> Snapshot:
    """Issue a corrected version; the one before is kept. It is due 21 days after it was asked for.

    Raises DomainError without a reason, where nothing is corrected, and for a draft or history from before.
    """
    held = Document.objects.select_for_update(no_key=True).get(pk=document.pk)
    last = held.snapshots.order_by("-version").first()
    if held.is_draft or held.before or last is None:
        raise DomainError("Only a document that we issued can be corrected.")
    if not reason.strip():
        raise DomainError("Say what was wrong; it is printed.", field="reason")
    if requested_on > today:
        raise DomainError("It cannot have been asked for on a day to come.", field="requested_on")
    if Particulars(last.bill_to, last.address, last.vat_number) == particulars:
        raise DomainError("These are the particulars it has already.")
    values = {name: getattr(last, name) for name in _kept()}
    values |= {name: getattr(particulars, name) for name in FIELDS}
    jobs.nudge(printing.JOB)
    return Snapshot.objects.create(
        document=held,
        version=last.version + 1,
        reason=reason.strip(),
        requested_on=requested_on,
        made_by=actor,
        **values,
    )


def _kept() -> list[str]:
    """What every version shows as the first did."""
    own = {"id", "document", "version", "reason", "requested_on", "made_by", "made_at"}
    printed = {"file", "size", "sha256", "printed_at"}
    return [
        field.name
        for field in Snapshot._meta.concrete_fields
        if field.name not in own | printed | set(FIELDS)
    ]

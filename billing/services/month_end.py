"""The steps of a month-end: dates, confirmation, archive, signature; what starts and what is taken back."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models.functions import Coalesce

from billing.models import Document, Line, MonthEnd
from billing.selectors import month_end as reading
from billing.services import previewing
from customers.models import BillingGroup
from herotill.errors import DomainError
from herotill.months import Month
from herotill.users.models import User

BEGUN = "Charges of this month-end have been made. Take them back first."


@transaction.atomic
def set_dates(
    *,
    month: Month,
    group: BillingGroup | None,
    document_date: date,
    cut_off_day: int = 31,
    service_offset: int = 0,
    actor: User | None,
) -> MonthEnd:
    """Step 1. Begin a month-end, or change the dates of one that is not confirmed."""
    found = MonthEnd.objects.select_for_update().filter(period=month.first, billing_group=group).first()
    if found and found.confirmed_at:
        raise DomainError("The dates are confirmed. Take the confirmation back to change them.")
    made = found or MonthEnd(period=month.first, billing_group=group, created_by=actor)
    made.document_date, made.cut_off_day, made.service_offset = document_date, cut_off_day, service_offset
    made.save()
    return made


def confirm(*, month_end: MonthEnd, actor: User | None, now: datetime) -> None:
    """Step 2. The dates are right; from here they do not change."""
    if not _held(month_end, confirmed_at=None).update(confirmed_at=now, confirmed_by=actor):
        raise DomainError("The dates are confirmed already.")


def take_back_confirmation(*, month_end: MonthEnd) -> None:
    """Open the dates again, while nothing was charged. The preview is void."""
    _refuse_begun(month_end)
    _held(month_end).update(confirmed_at=None, confirmed_by=None, **_UNSEEN)


_UNSEEN: dict[str, Any] = {
    "previewed_at": None,
    "fingerprint": "",
    "signed_at": None,
    "signed_by": None,
    "sign_reason": "",
}


@transaction.atomic
def archive(*, month_end: MonthEnd, actor: User | None, now: datetime) -> None:
    """Step 3. Documents dated before the billing month leave the default lists and take no new drafts."""
    _want(month_end.confirmed_at, "Confirm the dates first.")
    if left := reading.drafts_before(month_end):
        these, them = ("1 draft is", "it") if left == 1 else (f"{left:,} drafts are", "them")
        raise DomainError(
            f"{these} dated before {month_end.month.label}. Issue or delete {them} first, or give {them} a later"
            " date."
        )
    _held(month_end).update(archived_at=now, archived_by=actor)


def take_back_archive(*, month_end: MonthEnd) -> None:
    """Let the months before take drafts again."""
    _refuse_begun(month_end)
    _held(month_end).update(archived_at=None, archived_by=None)


@transaction.atomic
def sign(*, month_end: MonthEnd, actor: User, reason: str, now: datetime) -> None:
    """Sign the preview. Refused where something changed since it was made."""
    _want(month_end.previewed_at, "Make the preview first.")
    if not previewing.still_holds(month_end):
        raise DomainError("Something that decides what is billed changed since this preview. Make it anew.")
    _held(month_end).update(signed_at=now, signed_by=actor, sign_reason=reason)


def want_signed(month_end: MonthEnd) -> None:
    """Refuse to bill without a signed preview that still holds."""
    _want(month_end.signed_at, f"The preview of {month_end} is not signed.")
    if not previewing.still_holds(month_end):
        raise DomainError(
            f"Something that decides what is billed changed since the preview of {month_end} was signed. Make the"
            " preview anew, look at it and sign it."
        )


def want_drafts(month_end: MonthEnd) -> None:
    """Refuse drafts before the charges are complete."""
    _want(month_end.charged_at, f"The recurring entries of {month_end} are not made yet.")


def _want(done: Any, otherwise: str) -> None:
    if not done:
        raise DomainError(otherwise)


def _held(month_end: MonthEnd, **more: Any) -> Any:
    return MonthEnd.objects.filter(pk=month_end.pk, **more)


def _refuse_begun(month_end: MonthEnd) -> None:
    if reading.standing(month_end).charged.count or month_end.charged_at:
        raise DomainError(BEGUN)


@transaction.atomic
def undo_drafts(month_end: MonthEnd, documents: list[int]) -> int:
    """Take drafts away; their charges wait again, lines added by hand with them. How many drafts."""
    held = Document.objects.select_for_update().filter(pk__in=documents, status="draft")
    drafts = list(held.order_by("pk").values_list("pk", flat=True))
    # What was typed belongs to no month of its own and would never be found again; it waits with the others.
    waits_from = Coalesce("period", month_end.service_month.first)
    Line.objects.filter(document__in=drafts).update(document=None, period=waits_from)
    Document.objects.filter(pk__in=drafts).delete()
    return len(drafts)


def reconcile(*, month_end: MonthEnd, now: datetime) -> reading.Standing:
    """Step 8. Count and add up what stands, and keep that it was done and what was found."""
    found = reading.standing(month_end)
    kept = {
        "waiting": [found.waiting.count, str(found.waiting.amount)],
        "drafts": [found.drafts.count, str(found.drafts.amount)],
        "issued": [found.issued.count, str(found.issued.amount)],
        "charged": [found.charged.count, str(found.charged.amount)],
        "posted": [found.posted.count, str(found.posted.amount)],
        "mailed": found.mailed,
        "adds_up": found.adds_up,
    }
    _held(month_end).update(reconciled_at=now, reconciled=kept)
    return found

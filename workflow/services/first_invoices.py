"""The first invoice of a lead who is connected: a draft to check, which wins the lead once it is issued."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from django.db import transaction

from billing.services import documents, first_bills, locks
from herotill.clock import local_day
from herotill.errors import DomainError
from herotill.months import Month
from herotill.users.models import User
from workflow.models import JobCard, Lead, Place
from workflow.services import moving

NO_JOB = "No job of this lead is completed."
THERE = "It has a draft already."


def take_turns(customer: int, master: int | None) -> None:
    """Have whoever bills these customers wait, before anything of theirs is held."""
    locks.take_turns({pk for pk in (customer, master) if pk})


@transaction.atomic
def arrive(leads: Sequence[int], actor: User | None, now: datetime) -> None:
    """Draft the first invoice of leads that come to Invoicing. Where that cannot be, a person decides there."""
    for lead in Lead.objects.filter(pk__in=leads, draft=None).order_by("pk"):
        try:
            with transaction.atomic():
                make(lead=lead, actor=actor, now=now)
        except DomainError:
            continue  # The row says that it is missing, and Make the draft says why.


@transaction.atomic
def make(*, lead: Lead, actor: User | None, now: datetime) -> None:
    """Draft what began with the lead's job, up to the end of that month.

    Raises DomainError where there is nothing to bill, or the customer is billed otherwise.
    """
    job = _completed(lead)
    take_turns(job.customer_id, job.customer.master_id)
    held = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
    if held.draft_id:
        raise DomainError(THERE)
    day = job.starts_service_on or local_day(now)
    draft = first_bills.draft(
        customer=job.customer,
        things=[(source, item) for source, item in job.begun],
        month=Month.of(day),
        day=local_day(now),
        actor=actor,
    )
    Lead.objects.filter(pk=lead.pk).update(draft=draft)


def _completed(lead: Lead) -> JobCard:
    done = JobCard.objects.filter(lead=lead, state=JobCard.State.COMPLETED)
    found = done.select_related("customer").order_by("-pk").first()
    if found is None:
        raise DomainError(NO_JOB)
    return found


@transaction.atomic
def issue(*, leads: Collection[int], actor: User, now: datetime) -> int:
    """Issue the checked drafts of these leads, which wins them; how many.

    Raises DomainError for one without a draft.
    """
    found = list(Lead.objects.filter(pk__in=leads, step=Place.INVOICE_NEW).order_by("pk"))
    lacking = [lead for lead in found if lead.draft_id is None]
    if lacking:
        raise DomainError(f"{lacking[0].name}: there is no draft to issue.")
    drafts = [lead.draft_id for lead in found if lead.draft_id]
    outcome = documents.issue(documents=drafts, actor=actor, now=now)
    moving.settle(now=now, leads=[lead.pk for lead in found])
    return outcome.issued


@transaction.atomic
def go_without(*, lead: Lead, why: str, actor: User, now: datetime) -> None:
    """Win a lead without a first invoice, for a reason: paid before use, or billed by another."""
    if not why.strip():
        raise DomainError("Say why there is nothing to invoice.", field="why")
    held = Lead.objects.select_for_update(no_key=True).get(pk=lead.pk)
    if held.place != Place.INVOICE_NEW:
        raise DomainError("This lead does not wait for its first invoice any more.")
    if held.draft_id:
        raise DomainError("It has a draft; issue it, or delete it first.")
    job = _completed(held)
    job.unbilled, job.version = why.strip()[:500], job.version + 1
    job.save(update_fields=["unbilled", "version"])
    moving.move(leads=[held.pk], to=Place.WON, actor=actor, now=now, why=job.unbilled[:300])

"""Tickets that open by themselves: a cancellation not confirmed, a job that failed, a wish to be forgotten."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from billing.models import Cancellation
from customers.models import ForgetWish
from customers.services.forget_wishes import ASKED
from customers.services.forget_wishes import SUBJECT as WISH
from helpdesk.models import Ticket
from helpdesk.selectors import sources as reading
from helpdesk.services.tickets import open_ticket
from herotill.models import Fact

DENIED, FAILED = "cancellation.denied", "job.failed"
KINDS = frozenset({DENIED, FAILED, ASKED})


def consume(facts: Sequence[Fact]) -> None:
    """Open the tickets that these facts call for; one for each cancellation, job and wish, ever."""
    cancellations = reading.cancellations(_ids(facts, DENIED))
    jobs = reading.jobs(_ids(facts, FAILED))
    wishes = reading.wishes(_ids(facts, ASKED))
    for fact in facts:
        if fact.kind == DENIED and (cancellation := cancellations.get(fact.subject_id or 0)):
            _denied(cancellation, fact)
        elif fact.kind == FAILED and (job := jobs.get(fact.subject_id or 0)):
            _failed(job, fact)
        elif fact.kind == ASKED and (wish := wishes.get(fact.subject_id or 0)):
            _wished(wish, fact)


def _ids(facts: Sequence[Fact], kind: str) -> list[int]:
    return [fact.subject_id for fact in facts if fact.kind == kind and fact.subject_id]


def _denied(cancellation: Cancellation, fact: Fact) -> Ticket:
    """Who agreed to the cancellation speaks with the customer, where they are still here."""
    approver = cancellation.approved_by
    said = f"\n\nThey wrote: {cancellation.answer}" if cancellation.answer else ""
    return _open(
        fact,
        subject="The customer does not confirm the cancellation",
        text=f"Asked whether to end what was to end on {cancellation.last_day}, they said no.{said}",
        category="Cancellation",
        customer=cancellation.customer,
        assignee=approver if approver and approver.is_active else None,
        origin=Ticket.Origin.CANCELLATION,
        about_kind="cancellation",
        about_id=cancellation.pk,
    )


def _failed(job: Any, fact: Fact) -> Ticket:
    who = f" {job.technician} was there." if job.technician else ""
    words = f" {job.fail_words}" if job.fail_words else ""
    return _open(
        fact,
        subject=f"{job.job_type} failed: {job.fail_reason}",
        text=f"The job could not be done: {job.fail_reason}.{words}{who} Book it again with the customer.",
        category="Job that failed",
        customer=job.customer,
        account=job.account,
        origin=Ticket.Origin.JOB,
        about_kind="job",
        about_id=job.pk,
    )


def _wished(wish: ForgetWish, fact: Fact) -> Ticket:
    said = f"\n\nThey wrote: {wish.words}" if wish.words else ""
    return _open(
        fact,
        subject="The customer asks to be forgotten",
        text=f"Say on their profile what becomes of it, and close this then.{said}",
        category="Something else",
        customer=wish.customer,
        origin=Ticket.Origin.WISH,
        about_kind=WISH,
        about_id=wish.pk,
    )


def _open(fact: Fact, *, category: str, assignee: Any = None, **what: Any) -> Ticket:
    care = reading.customer_care()
    return open_ticket(
        department=care,
        category=reading.category(category),
        assignee=reading.standby_of(care, fact.at) or assignee,
        actor=None,
        now=fact.at,
        **what,
    )

"""Asking for ratings after tickets and jobs, where the sales settings say so."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from helpdesk.models import Rating, Ticket
from helpdesk.selectors import ratings as reading
from helpdesk.selectors import sources
from helpdesk.services import ratings
from herotill.models import Fact

CLOSED, COMPLETED = "ticket.closed", "job.completed"
KINDS = frozenset({CLOSED, COMPLETED})


def consume(facts: Sequence[Fact]) -> None:
    """Ask about the tickets that were closed and the jobs that were completed, each once."""
    wanted = {
        kind for kind, switch in ((CLOSED, "rate_tickets"), (COMPLETED, "rate_jobs")) if sources.asks(switch)
    }
    tickets = reading.tickets_to_rate(_ids(facts, CLOSED)) if CLOSED in wanted else {}
    jobs = sources.jobs(_ids(facts, COMPLETED)) if COMPLETED in wanted else {}
    for fact in facts:
        if fact.kind == CLOSED and (ticket := tickets.get(fact.subject_id or 0)):
            _about_ticket(ticket, fact)
        elif fact.kind == COMPLETED and (job := jobs.get(fact.subject_id or 0)):
            _about_job(job, fact)


def _ids(facts: Sequence[Fact], kind: str) -> list[int]:
    return [fact.subject_id for fact in facts if fact.kind == kind and fact.subject_id]


def _about_ticket(ticket: Ticket, fact: Fact) -> None:
    email = ticket.requester_email
    if ticket.customer_id is None and not email:
        return
    if not ratings.may_ask(customer=ticket.customer, email=email, now=fact.at):
        return
    ratings.ask(
        kind=Rating.Kind.TICKET,
        subject_id=ticket.pk,
        customer=ticket.customer,
        email=email,
        about=ticket.assignee,
        department=ticket.department,
        what=ticket.subject,
        now=fact.at,
    )


def _about_job(job: Any, fact: Fact) -> None:
    if not ratings.may_ask(customer=job.customer, email="", now=fact.at):
        return
    ratings.ask(
        kind=Rating.Kind.JOB,
        subject_id=job.pk,
        customer=job.customer,
        about=job.technician,
        what=str(job.job_type),
        now=fact.at,
    )

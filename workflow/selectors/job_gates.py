"""What leads are missing of their jobs, before Invoicing."""

from __future__ import annotations

from collections.abc import Collection

from billing.models import Document
from workflow.models import JobCard, Lead
from workflow.policies import jobs as rules

NO_CARD = "Has no job card."
NOT_DONE = "The job is {state}, not completed."
NO_DRAFT = "The first invoice is not made."
OPEN = "A job of this lead is open; call it off first."
BEGUN = "The job is completed and services have begun; what is wrong is mended at the customer."
DRAFT = "The draft of the first invoice is not issued."


def newest_states(leads: Collection[int]) -> dict[int, str]:
    """The state of the newest card of each of these leads."""
    found = JobCard.objects.filter(lead__in=leads).order_by("lead_id", "-pk").distinct("lead_id")
    return {lead: state for lead, state in found.values_list("lead_id", "state") if lead}


def not_completed(leads: Collection[int]) -> dict[int, str]:
    """Which of these leads have no job that is completed, and what is missing."""
    states = newest_states(leads)
    done = JobCard.State.COMPLETED
    return {lead: _sentence(states.get(lead)) for lead in leads if states.get(lead) != done}


def keeping(leads: Collection[int]) -> dict[int, str]:
    """Which of these leads their job keeps where they are, and why: it is open, or what it began is being billed."""
    states = newest_states(leads)
    found = {lead: OPEN for lead, state in states.items() if state in rules.OPEN}
    return found | {lead: BEGUN for lead, state in states.items() if state == rules.COMPLETED}


def _sentence(state: str | None) -> str:
    return NOT_DONE.format(state=JobCard.State(state).label.lower()) if state else NO_CARD


def not_invoiced(leads: Collection[int]) -> dict[int, str]:
    """Which of these leads have no first invoice that is issued, and no reason to go without one."""
    found = Lead.objects.filter(pk__in=leads).exclude(draft__status=Document.Status.ISSUED)
    drafts = dict(found.values_list("pk", "draft"))
    without = JobCard.objects.filter(lead__in=drafts, state=JobCard.State.COMPLETED).exclude(unbilled="")
    excused = set(without.values_list("lead_id", flat=True))
    return {
        lead: DRAFT if draft else NO_DRAFT for lead, draft in drafts.items() if draft or lead not in excused
    }

"""The helpdesk's settings, and what new tickets get where nobody says otherwise."""

from __future__ import annotations

from helpdesk.models import HelpdeskRules, Priority
from herotill.counting import remembered
from herotill.errors import DomainError
from herotill.settled import once


@once
def rules() -> HelpdeskRules:
    """The one row of settings, or the usual ones where nobody has saved any."""
    return HelpdeskRules.objects.first() or HelpdeskRules()


@remembered("portal-opens-tickets")
def portal_opens_tickets() -> int:
    """Whether customers open tickets in the portal, for pages that only say so; 0 or 1."""
    return int(rules().portal_tickets)


@once
def usual_priority() -> Priority:
    """What new tickets get. Raises DomainError where Setup knows no priority."""
    found = Priority.objects.filter(retired=False).order_by("-usual", "rank", "pk").first()
    if found is None:
        raise DomainError("There is no priority yet. Add one in Setup.", field="priority")
    return found

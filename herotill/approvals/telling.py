"""Who hears of a request and of its answer."""

from __future__ import annotations

from herotill.models import ApprovalRequest
from herotill.users.selectors.people import administrators
from herotill.users.services import mail


def asked(*, request: ApprovalRequest, title: str) -> None:
    """Every administrator hears that something waits."""
    mail.owe(
        to=_administrators(),
        subject=f"{title} waits for a second person: {request.about}",
        template="approval_asked",
        context={"request": request, "title": title},
    )


def decided(*, request: ApprovalRequest, title: str) -> None:
    """Every administrator and whoever asked hear what became of it."""
    mail.owe(
        to=[request.asked_by.email, *_administrators()],
        subject=f"{title} {request.get_state_display().lower()}: {request.about}",
        template="approval_decided",
        context={"request": request, "title": title},
    )


def _administrators() -> list[str]:
    return [person.email for person in administrators()]

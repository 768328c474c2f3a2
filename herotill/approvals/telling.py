"""Who hears of a request and of its answer."""

from __future__ import annotations

from herotill.messages.templates import FIRST, Field, Template, templates
from herotill.models import ApprovalRequest
from herotill.users.models import User
from herotill.users.selectors.people import administrators
from herotill.users.services import mail

ASKED = """{asked_by} asked on {when} for something that takes a second person.

{title}: {about}
Reason: {reason}

It waits under Approvals. Until somebody else has approved it, everything stays as it is. This goes to all administrators. If it should not be, refuse it there.
"""
DECIDED = """{title}: {about}

Asked by {asked_by} on {when}. {outcome}
{answer}

This goes to whoever asked and to all administrators.
"""
TITLE = Field("title", "What kind of thing it is", "Change of bank details")
ABOUT = Field("about", "What it is about", "Our account at First National")
ASKED_BY = Field("asked_by", "Who asked", "Thandi (thandi)")
WHEN = Field("when", "When it was asked", "2026-11-21 14:30")

templates.register(
    Template(
        name="approval-asked",
        title="Something waits for a second person",
        group="Approvals",
        channel="email",
        subject="{title} waits for a second person: {about}",
        text=ASKED,
        fields=(TITLE, ABOUT, ASKED_BY, WHEN, Field("reason", "Why", "New account at the bank")),
        rank=FIRST,
        order=910,
    )
)
templates.register(
    Template(
        name="approval-decided",
        title="A second person answered",
        group="Approvals",
        channel="email",
        subject="{title} {state}: {about}",
        text=DECIDED,
        fields=(
            TITLE,
            ABOUT,
            ASKED_BY,
            WHEN,
            Field("state", "What became of it, in a word", "approved"),
            Field("outcome", "Who decided, and when", "Approved by Naledi (naledi) on 2026-11-22 08:15."),
            Field("answer", "What they answered", "Checked with the bank."),
        ),
        rank=FIRST,
        order=911,
    )
)


def asked(*, request: ApprovalRequest, title: str) -> None:
    """Every administrator hears that something waits."""
    mail.owe(
        to=_administrators(),
        template="approval-asked",
        now=request.asked_at,
        reason=request.reason,
        **_common(request, title),
    )


def decided(*, request: ApprovalRequest, title: str) -> None:
    """Every administrator and whoever asked hear what became of it."""
    mail.owe(
        to=[request.asked_by.email, *_administrators()],
        template="approval-decided",
        now=request.decided_at,
        state=request.get_state_display().lower(),
        outcome=_outcome(request),
        answer=request.answer,
        **_common(request, title),
    )


def _common(request: ApprovalRequest, title: str) -> dict[str, str]:
    return {
        "title": title,
        "about": request.about,
        "asked_by": _person(request.asked_by),
        "when": mail.moment(request.asked_at),
    }


def _outcome(request: ApprovalRequest) -> str:
    by = f" by {_person(request.decided_by)}" if request.decided_by else ""
    on = f" on {mail.moment(request.decided_at)}" if request.decided_at else ""
    return f"{request.get_state_display()}{by}{on}."


def _person(user: User) -> str:
    return f"{user} ({user.username})"


def _administrators() -> list[str]:
    return [person.email for person in administrators()]

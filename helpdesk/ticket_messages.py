"""What is said by mail about tickets, each with the link that opens it without a log-in."""

from __future__ import annotations

from helpdesk.services import notices, ticket_links
from herotill.events import Consumer, consumers
from herotill.messages.templates import EMAIL, FIRST, Field, Template, templates

GROUP = "Tickets"
SHARED = (
    Field("name", "Whom it is to", "Alice Liddel"),
    Field("number", "The ticket's number", "1042"),
    Field("subject", "What it is about", "No connection since the storm"),
    Field("link", "Where it is read and answered", "https://isp.example/…", secret=True, link=True),
)
ANSWERED = """{answer}

{by}

Answer this mail, or read all of it and answer here:

{link}
"""
OPENED = """Dear {name}

Thank you: we have your request and come back to you. Its number is {number}.

{text}

Read it and add to it here:

{link}
"""
CLOSED = """Dear {name}

We closed your request “{subject}”, number {number}: {reason}.

If it is not solved, answer this mail or write here, and it is open again:

{link}
"""


def _register(name: str, title: str, text: str, order: int, *more: Field) -> None:
    templates.register(
        Template(
            name=name,
            title=title,
            group=GROUP,
            channel=EMAIL,
            rank=FIRST,
            purpose="tickets",
            subject="[#{number}] {subject}",
            text=text,
            fields=(*SHARED, *more),
            secrets=ticket_links.seal,
            order=order,
        )
    )


_register(
    notices.ANSWERED,
    "An answer on a ticket",
    ANSWERED,
    700,
    Field("answer", "What we answered", "The radio is back up.", several=True),
    Field("by", "Who answered", "Sipho Ndlovu"),
)
_register(
    notices.OPENED,
    "A ticket was opened",
    OPENED,
    701,
    Field("text", "What the customer said", "It went off with the storm last night.", several=True),
)
_register(notices.CLOSED, "A ticket was closed", CLOSED, 702, Field("reason", "Why it was closed", "Solved"))
consumers.register(Consumer("ticket-notices", frozenset(notices.FACTS), notices.consume))

"""What is said by mail about quotes: the link, a reminder, the copy of what was accepted, the answer to its owner."""

from __future__ import annotations

from herotill.messages.templates import EMAIL, FIRST, Field, Provider, Template, providers, templates
from workflow.services.quotes import answering, papers, sending

GROUP = "Quotes"
NAME = Field("name", "Whom the quote is for", "Alice Liddel")
QUOTE = Field("quote", "The quote's number", "QUO00042")
UNTIL = Field("until", "The last day it stands", "2026-12-21")
LINK = Field("link", "Where it is read and answered", "https://isp.example/…", secret=True, link=True)
OFFER = (
    NAME,
    QUOTE,
    Field("once", "What is paid once, VAT included, in rand", "1,500.00"),
    Field("monthly", "What is paid every month, VAT included, in rand", "454.00"),
    UNTIL,
    LINK,
)

SENT = """Dear {name}

Thank you for your interest. Here is our quote {quote}; you can read it, accept it or decline it on this page:

{link}

Once-off: R {once}
Every month: R {monthly}

It stands until {until}. If you have a question, answer this mail.
"""
REMINDER = """Dear {name}

We sent you our quote {quote} and have not heard from you yet. You can read and answer it here:

{link}

It stands until {until}. If something is not as you want it, answer this mail and we change it.
"""
ACCEPTED = """Dear {name}

Thank you: you accepted our quote {quote} on {day}. A copy of it comes with this mail.

We get in touch with you about what comes next. If you did not accept it, answer this mail at once.
"""
ANSWERED = """The quote {quote} for {who} was {answer}.

{reason}
"""

providers.register(Provider("quote", papers.stored, ready=papers.ready))
templates.register(
    Template(
        name=sending.QUOTE,
        title="A quote",
        group=GROUP,
        channel=EMAIL,
        rank=FIRST,
        subject="Our quote {quote}",
        text=SENT,
        fields=OFFER,
        secrets=sending.seal,
        order=600,
    )
)
templates.register(
    Template(
        name=sending.REMINDER,
        title="Reminder of a quote",
        group=GROUP,
        channel=EMAIL,
        subject="Our quote {quote} waits for your answer",
        text=REMINDER,
        fields=OFFER,
        secrets=sending.seal,
        order=601,
    )
)
templates.register(
    Template(
        name=answering.ACCEPTED,
        title="Copy of an accepted quote",
        group=GROUP,
        channel=EMAIL,
        subject="You accepted our quote {quote}",
        text=ACCEPTED,
        fields=(NAME, QUOTE, Field("day", "The day it was accepted", "2026-11-22")),
        attachments=("quote",),
        order=602,
    )
)
templates.register(
    Template(
        name=answering.TOLD,
        title="A quote was answered (to our own people)",
        group=GROUP,
        channel=EMAIL,
        subject="{quote} for {who} was {answer}",
        text=ANSWERED,
        fields=(
            QUOTE,
            Field("who", "Whom the quote is for", "Alice Liddel"),
            Field("answer", "accepted or declined", "accepted"),
            Field("reason", "Why it was declined, if it was", "Too expensive"),
        ),
        order=603,
    )
)

"""What is said by mail about what customers do in the portal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from customers.models import Purpose
from customers.services import data_copies, details_checks, forget_wishes, own_contacts
from herotill import links
from herotill.messages.templates import EMAIL, FIRST, Field, Template, templates

if TYPE_CHECKING:
    from herotill.messages.models import Message

GROUP = "Portal"
NAME = Field("name", "The customer's name", "Alice Liddel")
PAGES = {
    details_checks.TEMPLATE: "portal-check",
    data_copies.TEMPLATE: "portal-privacy",
    forget_wishes.TEMPLATE: "portal-privacy",
    own_contacts.TEMPLATE: "portal-contacts",
}


def _pages(messages: Sequence[Message], now: datetime) -> Mapping[int, Mapping[str, str]]:
    """Where in the portal each of these messages leads; whoever opens it logs in there."""
    return {one.pk: {"portal": links.address(PAGES[one.template])} for one in messages}


CHECK = """Dear {name}

would you please look whether what we have about you is still right?

{what}

{words}

Log in to our customer portal, look through it, and press one button:

{portal}
"""
READY = """Dear {name}

the copy of your data that was asked for in our customer portal is ready. Log in and download it until {until}:

{portal}

If you did not ask for it, call us at once.
"""
ANSWERED = """Dear {name}

you asked us to forget you. Our answer:

{answer}

It also stands in our customer portal: {portal}
"""
CHANGED = """Dear {name}

in our customer portal a contact of your account (customer code {code}) was changed: {what}.

You see all of them here: {portal}

If nobody of you did that, call us at once.
"""

for order, (name, title, subject, text, fields) in enumerate(
    (
        (
            details_checks.TEMPLATE,
            "Please check your details",
            "Are your details still right?",
            CHECK,
            (
                Field("what", "What is to be checked, a line each", "- Payment method", several=True),
                Field("words", "What else the clerk wrote", "We need your new street address.", several=True),
            ),
        ),
        (
            data_copies.TEMPLATE,
            "A copy of a customer's data is ready",
            "The copy of your data is ready",
            READY,
            (Field("until", "How long it can be downloaded", "2026-11-29 10:00"),),
        ),
        (
            forget_wishes.TEMPLATE,
            "Answer to who asks to be forgotten",
            "Our answer to your wish to be forgotten",
            ANSWERED,
            (Field("answer", "What was answered", "We keep your invoices until 2032, as the law demands."),),
        ),
        (
            own_contacts.TEMPLATE,
            "A contact was changed in the portal",
            "A contact of your account was changed",
            CHANGED,
            (
                Field("code", "The customer's code", "ALI001"),
                Field("what", "What was done", "Mad Hatter was added"),
            ),
        ),
    )
):
    templates.register(
        Template(
            name=name,
            title=title,
            group=GROUP,
            channel=EMAIL,
            purpose=Purpose.PORTAL,
            rank=FIRST,
            subject=subject,
            text=text,
            fields=(
                NAME,
                *fields,
                Field("portal", "The page in the portal", "https://isp.example/portal/", link=True),
            ),
            values=_pages,
            order=880 + order,
        )
    )

"""What a customer is told of a change request, at the address there is before it counts."""

from __future__ import annotations

from customers.models import Purpose
from herotill.messages.templates import EMAIL, FIRST, Field, Template, templates
from workflow.services.change_requests import ASKED, DECIDED

GROUP = "Change requests"
FIELDS = (
    Field("name", "The customer's name", "Alice Liddel"),
    Field("code", "The customer's code", "ALI001"),
    Field("what", "What is to be changed, without its values", "Account details (Contact email)"),
)
ASKED_TEXT = """Dear {name}

We were asked to change something of your account (customer code {code}):

{what}

Nothing changes before we have looked at it. If you did not ask for this, call us at once.
"""
DECIDED_TEXT = """Dear {name}

What was asked for your account (customer code {code}) {outcome}:

{what}

Reason: {why}

If you did not ask for this, call us at once.
"""

templates.register(
    Template(
        name=ASKED,
        title="A change was asked for",
        group=GROUP,
        channel=EMAIL,
        purpose=Purpose.PORTAL,
        rank=FIRST,
        subject="A change of your account was asked for",
        text=ASKED_TEXT,
        fields=FIELDS,
        order=700,
    )
)
templates.register(
    Template(
        name=DECIDED,
        title="A change that was asked for is decided",
        group=GROUP,
        channel=EMAIL,
        purpose=Purpose.PORTAL,
        rank=FIRST,
        subject="What was asked for your account {outcome}",
        text=DECIDED_TEXT,
        fields=(
            *FIELDS,
            Field("outcome", "What became of it", "was accepted and counts from now on"),
            Field("why", "The reason, where one was given", "The letter is of another company"),
        ),
        order=701,
    )
)

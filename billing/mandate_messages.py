"""What is said by mail about debit orders: a request to sign, the copy of what was signed, a changed account."""

from __future__ import annotations

from billing.services.mandates import details, electronic
from customers.models import Purpose
from herotill.messages.templates import EMAIL, FIRST, Field, Provider, Template, providers, templates

GROUP = "Debit orders"
NAME = Field("name", "The customer's name", "Alice Liddel")
CODE = Field("code", "The customer's code", "ALI001")
REFERENCE = Field("reference", "The mandate's reference", "ALI001-1")

REQUEST = """Dear {name}

To debit your account for our services we need your permission. Open this link, read what is agreed, and sign it by typing your name:

{link}

It works once, until {until}. If something is not right, answer this mail and sign nothing.
"""
SIGNED = """Dear {name}

Thank you. Here is a copy of the mandate {reference} that was signed for your account {code}.

If you did not sign it, answer this mail at once.
"""
CHANGED = """Dear {name}

The bank account for your debit orders (customer code {code}) was changed.

Until now: {old}
From now on: {new}

The mandate for the old account has ended. If you did not ask for this, call us at once.
"""

providers.register(Provider("mandate", electronic.copy_of, ready=lambda ids: electronic.stored(list(ids))))
templates.register(
    Template(
        name=electronic.REQUEST,
        title="Request for a mandate",
        group=GROUP,
        channel=EMAIL,
        purpose=Purpose.INVOICES,
        subject="Your debit order: please sign",
        text=REQUEST,
        fields=(
            NAME,
            CODE,
            REFERENCE,
            Field(
                "link",
                "The address to sign at; it works once",
                "https://isp.example/…",
                secret=True,
                link=True,
            ),
            Field("until", "The last day it works", "2026-12-06"),
        ),
        secrets=electronic.seal,
        order=300,
    )
)
templates.register(
    Template(
        name=electronic.SIGNED,
        title="Copy of a signed mandate",
        group=GROUP,
        channel=EMAIL,
        purpose=Purpose.INVOICES,
        subject="Your mandate {reference}",
        text=SIGNED,
        fields=(NAME, CODE, REFERENCE),
        attachments=("mandate",),
        order=301,
    )
)
templates.register(
    Template(
        name=details.CHANGED,
        title="The account for debit orders was changed",
        group=GROUP,
        channel=EMAIL,
        purpose=Purpose.INVOICES,
        rank=FIRST,
        subject="The bank account for your debit orders was changed",
        text=CHANGED,
        fields=(
            NAME,
            CODE,
            Field("old", "Bank and last four digits until now", "FNB / RMB, •••• 5749"),
            Field("new", "Bank and last four digits from now on", "Absa, •••• 1815"),
        ),
        order=302,
    )
)

"""What billing says by mail about documents it has issued, each with its print."""

from __future__ import annotations

from billing.services.mailing import template_of
from customers.models import Purpose
from herotill.messages.templates import Field, Template, templates

FIELDS = (
    Field("name", "The customer's name", "Alice Liddel"),
    Field("code", "The customer's code, their payment reference", "ALI001"),
    Field("document", "The document's number", "INV00699"),
    Field("date", "The document's date", "2018-08-21"),
    Field("due", "When it is due", "2018-08-28"),
    Field("amount", "Its total including VAT, in rand", "454.00"),
)
OWED = """Dear {name}

Here is {document} of {date} for R {amount}, due on {due}.

Please use {code} as reference when you pay.
"""
CREDITED = """Dear {name}

Here is {document} of {date}: R {amount} is credited to your account {code}.
"""
ADJUSTED = """Dear {name}

Here is {document} of {date}: your account {code} is adjusted by R {amount}.
"""

for order, (kind, title, text) in enumerate(
    (
        ("invoice", "Invoice", OWED),
        ("credit_note", "Credit note", CREDITED),
        ("debit_note", "Debit note", OWED),
        ("adjustment", "Adjustment", ADJUSTED),
    )
):
    templates.register(
        Template(
            name=template_of(kind),
            title=title,
            group="Billing",
            channel="email",
            subject=f"{title} {{document}}",
            text=text,
            purpose=Purpose.INVOICES,
            fields=FIELDS,
            attachments=("document",),
            order=20 + order,
        )
    )

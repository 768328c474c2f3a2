"""What billing says by mail about accounts: the statement and the transaction report, each with its PDF."""

from __future__ import annotations

from collections.abc import Sequence

from billing.models import MailedStatement
from billing.services import statements
from customers.models import Purpose
from herotill import runs
from herotill.clock import stamp
from herotill.jobs import Queue
from herotill.messages.templates import Attachment, Field, Provider, Template, providers, templates

FIELDS = (
    Field("name", "The customer's name", "Alice Liddel"),
    Field("code", "The customer's code, their payment reference", "ALI001"),
    Field("period", "The days it covers", "2018-06-01 to 2018-08-22"),
    Field("balance", "What is due on the last day, in rand", "454.00"),
    Field(
        "deposits",
        "A sentence on deposits held apart, where there are any",
        "A deposit of R 500.00 is held apart; it is not part of the balance.",
    ),
)
TEXT = """Dear {name}

Here is the %s of your account {code} for {period}.

The balance is R {balance}. Please use {code} as reference when you pay.

{deposits}
"""


def attached(statement: int) -> Attachment:
    """The PDF of a mailed statement, made as it goes out."""
    return statements.attached(statement, stamp())


def there(asked: Sequence[int]) -> set[int]:
    """Those of these mailed statements that exist; the PDF is made from the ledger and is always ready."""
    return set(MailedStatement.objects.filter(pk__in=asked).values_list("pk", flat=True))


providers.register(Provider(name="statement", fetch=attached, ready=there))
for name, title, word, order in (
    ("statement", "Statement of account", "statement", 30),
    ("transaction-report", "Transaction report", "transaction report", 31),
):
    templates.register(
        Template(
            name=name,
            title=title,
            group="Billing",
            channel="email",
            subject=f"{title} {{code}}",
            text=TEXT % word,
            purpose=Purpose.STATEMENTS,
            fields=FIELDS,
            attachments=("statement",),
            order=order,
        )
    )
runs.kinds.register(
    runs.RunKind(
        name=statements.KIND,
        title="Statements by mail",
        permission="billing.send_statements",
        queue=Queue.REPORTS,
        function=statements.carry_out,
    )
)

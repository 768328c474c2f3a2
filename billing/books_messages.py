"""What the financial manager is told of the books kept elsewhere."""

from __future__ import annotations

from billing.services.books import telling
from herotill.jobs import Job, Queue, jobs
from herotill.messages.templates import Field, register_mails

GROUP = "SageOne (to our own people)"
SAID = Field("said", "What SageOne said", "Processing is locked up to 2018-07-31.")


def _link(means: str, example: str) -> Field:
    return Field("link", means, f"https://isp.example/{example}", link=True)


register_mails(
    GROUP,
    (
        (
            telling.ONE,
            "SageOne did not take something",
            "SageOne: {customer}",
            "SageOne did not take {what} of {customer}:\n\n{said}\n\nPut right what it says; the customer's card"
            " SageOne integration shows how it stands:\n\n{link}",
            (
                Field("customer", "Whose it is", "Alice Liddel (ALI001)"),
                Field("what", "The document, or the customer's details", "INV-000123"),
                SAID,
                _link("The customer's profile", "customers/ALI001/"),
            ),
        ),
        (
            telling.MANY,
            "SageOne did not take many things",
            "SageOne did not take {count}",
            "SageOne did not take {count}:\n\n{troubles}\n\nPut right what it says, and send them again:\n\n{link}",
            (
                Field("count", "How many there are", "2 entries"),
                Field(
                    "troubles",
                    "What SageOne said, a line each, with what it said it of",
                    "Processing is locked up to 2018-07-31. INV-000123 (ALI001), INV-000124 (BOB001)",
                    several=True,
                ),
                _link("Where they are listed", "billing/books/waiting/"),
            ),
        ),
        (
            telling.SHUT,
            "SageOne does not let us in",
            "SageOne does not let us in",
            "Nothing goes to SageOne and nothing comes from it:\n\n{said}\n\nGive other credentials, or test the"
            " connection again:\n\n{link}",
            (SAID, _link("Where the connection is set up", "billing/setup/books/")),
        ),
        (
            telling.OTHER,
            "SageOne counts documents otherwise",
            "SageOne counts {count} otherwise",
            "SageOne counts {count} otherwise than we do:\n\n{documents}\n\nThey stand there; put right what differs"
            " in SageOne, or credit it here:\n\n{link}",
            (
                Field("count", "How many there are", "2 documents"),
                Field(
                    "documents",
                    "Which they are, a line each, with both totals",
                    "INV-000123 (ALI001): R 454.01 there, R 454.00 here.",
                    several=True,
                ),
                _link("Where they are listed", "billing/books/sent/?differs=true"),
            ),
        ),
    ),
    order=740,
)
jobs.register(
    Job(
        telling.JOB,
        "Tells the financial manager what SageOne did not take",
        Queue.MESSAGES,
        telling.tell,
        "every 15 minutes",
        order=59,
    )
)

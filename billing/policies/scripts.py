"""What a collector says when calling: the situations, the words each comes with, and the fields they may use."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from herotill.messages.policies import rendering

FIELDS = {
    "name": "the customer's name",
    "code": "the account code, their payment reference",
    "amount": "what is overdue",
    "oldest": "the day the oldest of it was due",
    "days": "how many days ago that was",
    "documents": "how many documents are overdue",
    "promised": "what was promised last",
    "promised_for": "the day it was promised for",
    "collector": "the name of who calls",
    "company": "our name",
}
SUSPENDED, BROKEN, PROMISED = "suspended", "broken", "promised"
UNPAID, DISPUTED, WARNED, OVERDUE, NOTHING = "unpaid", "disputed", "warned", "overdue", "nothing"


@dataclass(frozen=True, slots=True)
class Script:
    """A situation, its name for people, and the words it comes with."""

    situation: str
    title: str
    text: str


HELLO = "Good day, this is {collector} of {company}. May I speak to {name}?\n\n"
SCRIPTS = {
    one.situation: one
    for one in (
        Script(
            SUSPENDED,
            "Suspended",
            HELLO + "Your service is off because {amount} of account {code} is overdue since {oldest}."
            " It comes back by itself once that is paid. Can you pay it today, or on which day?",
        ),
        Script(
            BROKEN,
            "A promise was broken",
            HELLO
            + "You promised {promised} by {promised_for}, and it has not reached us. {amount} is overdue."
            " What happened, and when will it be paid? Please use {code} as reference.",
        ),
        Script(
            UNPAID,
            "A debit came back unpaid",
            HELLO + "The bank sent our debit back. {amount} of account {code} is open now."
            " Would you like to pay it by EFT, or shall we agree on a day?",
        ),
        Script(
            DISPUTED,
            "A document is disputed",
            HELLO + "You queried one of our invoices; that one is left aside until we have answered."
            " Of the rest, {amount} is overdue. Can you pay that meanwhile?",
        ),
        Script(
            PROMISED,
            "A promise is open",
            HELLO + "You promised {promised} by {promised_for}. Is that still as agreed?",
        ),
        Script(
            WARNED,
            "Warned",
            HELLO + "We wrote to you that {amount} of account {code} is overdue, {days} days by now."
            " If it is not paid the service is suspended. On which day can you pay?",
        ),
        Script(
            OVERDUE,
            "Overdue",
            HELLO
            + "{amount} of your account {code} is overdue, the oldest of it since {oldest}. Did our invoices"
            " reach you? When may we expect the payment? Please use {code} as reference.",
        ),
        Script(
            NOTHING, "Nothing is overdue", HELLO + "Nothing of account {code} is overdue. How can I help you?"
        ),
    )
}


@dataclass(frozen=True, slots=True)
class Standing:
    """What decides which script fits."""

    case: str = ""
    overdue: bool = True
    broken: bool = False
    promised: bool = False
    unpaid: bool = False
    disputed: bool = False


def situation(of: Standing) -> str:
    """Which situation a customer is in; the gravest that fits."""
    if not of.overdue:
        return PROMISED if of.promised else NOTHING
    if of.case in ("suspended", "taken_over"):
        return SUSPENDED
    for fits, name in (
        (of.promised, PROMISED),
        (of.broken, BROKEN),
        (of.unpaid, UNPAID),
        (of.disputed, DISPUTED),
        (of.case in ("warned", "warned_twice"), WARNED),
    ):
        if fits:
            return name
    return OVERDUE


def trouble_with(text: str) -> str:
    """Why a text cannot be a script, as a sentence; or nothing."""
    return rendering.trouble_with(text, FIELDS)


def said(text: str, values: Mapping[str, str]) -> str:
    """The script with its fields filled in; a value is never read as a field."""
    return rendering.plain(text, values)

"""What a receipt in the books kept elsewhere is here: booked, a confirmation, or something a person must say."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from herotill.integrations.books import NEVER

BOOKED, CONFIRMS, WAITS, EARLY, LEFT, GONE = "booked", "confirms", "waits", "early", "left", "gone"
NO_ACCOUNT = "Say which account of ours its bank account there is."
NO_CUSTOMER = "No customer here has this SageOne ID."
NO_MONEY = "It brought no money in."
LEFT_BEFORE = "It was left out here, and has changed there since."
UNDONE_BEFORE = "What was booked for it was reversed here, and it has changed there since."
NO_PAYER = "SageOne does not say whose it is."
NOWHERE = "SageOne does not say which bank account it came to."
NO_DAY = "SageOne does not say its day."


@dataclass(frozen=True, slots=True)
class Money:
    """What makes a receipt other money when it changes: whose, where, when and how much, all as told."""

    customer: str
    account: str
    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Place:
    """Which account of ours one there is, and from when its receipts count. `books` says they are its source."""

    account_id: int
    books: bool
    starts_on: date


@dataclass(frozen=True, slots=True)
class Before:
    """What the receipt was here until now.

    `held` is why a person must say before it is booked again; `confirmed`, that another source brought the money.
    """

    state: str
    money: Money
    held: str = ""
    confirmed: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """What it is from now on; `trouble` says why it waits."""

    state: str
    trouble: str = ""


def named_there(name: str, code: str) -> str:
    """A customer of theirs as a person reads it: the name, and the code where they carry one."""
    return f"{name or 'Customer'} ({code})" if code else name


def same_money(told: Money, before: Before | None) -> bool:
    """Whether what was decided still stands: only words changed, nothing did, or it was told in part only."""
    if before is None or before.state not in (BOOKED, CONFIRMS, LEFT):
        return False
    return before.money == told or bool(_lacks(told))


def decide(
    told: Money, *, before: Before | None, place: Place | None, customer_id: int | None, cut_over: date
) -> Decision:
    """One rule for whose receipt counts: the source of its account at the time it was first decided.

    So money that another source booked is not booked again when the source of an account is changed.
    """
    if lacks := _lacks(told, customer_id):
        return Decision(WAITS, lacks)
    if told.day < max(cut_over, place.starts_on if place else cut_over):
        return Decision(EARLY)
    if place is None:
        return Decision(WAITS, NO_ACCOUNT)
    if not _counts(told, before, place):
        return Decision(CONFIRMS)
    if told.amount <= 0:
        return Decision(WAITS, NO_MONEY)
    if before is not None and before.held:
        return Decision(WAITS, before.held)
    return Decision(BOOKED) if customer_id else Decision(WAITS, NO_CUSTOMER)


def _counts(told: Money, before: Before | None, place: Place) -> bool:
    if before is None or before.money.account != told.account:
        return place.books
    return not before.confirmed and (place.books or before.state == BOOKED)


def _lacks(told: Money, customer_id: int | None = None) -> str:
    """What the books did not say of it, in words; whose it is a person may say."""
    if told.day == NEVER:
        return NO_DAY
    if not told.account:
        return NOWHERE
    return "" if told.customer or customer_id else NO_PAYER

"""What a gateway's notice does to a card payment: decided from where the payment stands and what is told."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from herotill.integrations.cards import ZAR, Notification, Status
from herotill.money import ZERO, rand


class Deed(StrEnum):
    """What follows from a notice."""

    NOTHING = "nothing"
    BOOK = "book"
    VERIFY = "verify"
    REPORT = "report"
    FAIL = "fail"
    CANCEL = "cancel"
    REVERSE = "reverse"
    REVIEW = "review"
    AGAIN = "again"  # money came a second time for a payment that is settled
    END_CARD = "end card"


@dataclass(frozen=True, slots=True)
class Decision:
    """A deed, and why in words."""

    deed: Deed
    why: str = ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a payment stands. `state` is one of CardAttempt.State."""

    state: str
    amount: Decimal
    gateway_reference: str = ""
    verifies: bool = False
    keeps_card: bool = False


OPEN = ("started", "reported", "failed", "cancelled")
SETTLED = ("paid", "verified", "reversed", "review")
TOLD = Decision(Deed.NOTHING, "Told before.")


def decide(standing: Standing, told: Notification, *, believed: bool) -> Decision:
    """What a notice does. `believed`: it is the gateway's word; otherwise it only carries our own word back."""
    if told.status == Status.PENDING:
        return Decision(Deed.NOTHING, "Not paid yet.")
    if not believed:
        return _unsigned(standing, told)
    return _paid(standing, told) if told.status == Status.PAID else _not_paid(standing, told)


def _paid(standing: Standing, told: Notification) -> Decision:
    if standing.state in SETTLED:
        return TOLD if _is_the_one(standing, told) else _again(told)
    if told.currency != ZAR:
        return Decision(Deed.REVIEW, f"Paid in {told.currency}.")
    if told.amount != standing.amount:
        return Decision(Deed.REVIEW, f"Paid {_rand(told)}, asked for {rand(standing.amount)}.")
    return Decision(Deed.VERIFY if standing.verifies else Deed.BOOK)


def _is_the_one(standing: Standing, told: Notification) -> bool:
    """Whether it is told of the payment that was settled; of one that nobody gave a reference by its amount."""
    if standing.state == "paid" and not standing.gateway_reference:
        return told.amount == standing.amount
    return told.gateway_reference == standing.gateway_reference


def _again(told: Notification) -> Decision:
    return Decision(Deed.AGAIN, f"Paid once more, as {told.gateway_reference}.")


def _not_paid(standing: Standing, told: Notification) -> Decision:
    failed = told.status == Status.FAILED
    if standing.state in ("started", "reported"):
        return Decision(Deed.FAIL if failed else Deed.CANCEL)
    if standing.state == "paid" and failed:
        return _declined_late(standing, told)
    if standing.state in ("paid", "verified") and standing.keeps_card:
        return Decision(Deed.END_CARD, "The gateway keeps this card no longer.")
    return Decision(Deed.NOTHING, "Came after the end; nothing changed.")


def _declined_late(standing: Standing, told: Notification) -> Decision:
    """Another try of the payer's that failed takes nothing back of the one that paid."""
    if standing.gateway_reference and told.gateway_reference != standing.gateway_reference:
        return Decision(Deed.NOTHING, "Another try that failed; what was paid stands.")
    return Decision(Deed.REVERSE, "Declined after it was accepted.")


def _unsigned(standing: Standing, told: Notification) -> Decision:
    """Nothing here touches the ledger (rule 1)."""
    if told.status != Status.PAID:
        return _unsigned_no(standing, told)
    if standing.state not in OPEN or standing.state == "reported":
        return TOLD
    if told.amount != standing.amount or told.currency != ZAR:
        return Decision(Deed.REVIEW, f"Reported as {_rand(told)}, asked for {rand(standing.amount)}.")
    return Decision(Deed.REPORT, "Reported; not verified yet.")


def _unsigned_no(standing: Standing, told: Notification) -> Decision:
    if standing.state in ("started", "reported"):
        return Decision(Deed.FAIL if told.status == Status.FAILED else Deed.CANCEL)
    if standing.state == "paid":
        return Decision(
            Deed.REVIEW, "Reported as declined after it was booked: reverse the receipt, or keep it."
        )
    return Decision(Deed.NOTHING, "Came after the end; nothing changed.")


def _rand(told: Notification) -> str:
    return rand(told.amount or ZERO)

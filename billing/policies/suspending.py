"""What comes next for a customer who owes: the rules of suspension. Facts in, decision out; pure.

One step a day at most. A step keeps its distance from the one before, so that a late approval or a missed day
never pushes warnings and suspension together.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import NamedTuple

from herotill.money import rand


class Deed(StrEnum):
    """What the run may do to a customer or case."""

    LIST = "list"
    WARN = "warn"
    WARN_TWICE = "warn_twice"
    SUSPEND = "suspend"
    RESUME = "resume"
    RESET = "reset"
    STOP_BILLING = "stop_billing"


WORDS = {
    Deed.LIST: "List for approval",
    Deed.WARN: "First warning",
    Deed.WARN_TWICE: "Second warning",
    Deed.SUSPEND: "Suspend",
    Deed.RESUME: "Suspend again",
    Deed.RESET: "Reset",
    Deed.STOP_BILLING: "Stop billing",
}


class Known(NamedTuple):
    """What is known of a customer who owes or has an open case, in the order of the statement that asks it."""

    customer_id: int
    status: str
    payer: bool
    overdue: Decimal
    counts_from: date | None
    disabled: bool
    overdue_days: int
    second_notice_days: int
    suspension_days: int
    promised: date | None
    case_id: int | None
    state: str | None
    stepped_on: date | None
    suspended_on: date | None
    paused_until: date | None
    reported_until: datetime | None
    billing_stopped_on: date | None
    last_ended_on: date | None
    handed_over: bool = False


@dataclass(frozen=True, slots=True)
class Frame:
    """The day, and what holds for everybody on it."""

    day: date
    now: datetime
    on: bool
    """Whether anybody may be warned or suspended at all."""
    may_suspend: bool
    suspends_next: date
    minimum: Decimal
    stop_billing_days: int


class Decision(NamedTuple):
    """What is done now (`deed`), or what comes next (`then`) and from when; and why, unless that is what they owe."""

    deed: Deed | None
    why: str = ""
    then: Deed | None = None
    on: date | None = None


def decide(known: Known, frame: Frame) -> Decision:
    """What the run does now, or what comes next and when."""
    if known.case_id is None:
        return _uncased(known, frame)
    if known.state != "taken_over" and (ends := _ends(known, frame)):
        return Decision(Deed.RESET, ends)
    return _OPEN[known.state or ""](known, frame)


def owes(known: Known) -> str:
    """The usual reason: what is overdue, and since when that counts."""
    return f"{rand(known.overdue)} overdue; days count from {known.counts_from}."


def _uncased(known: Known, frame: Frame) -> Decision:
    if known.disabled:
        return Decision(None, "Suspension is disabled for this customer.")
    if known.status == "cancelled":
        return Decision(None, "The customer has left.")
    if known.counts_from is None:
        return Decision(None, f"Less than {rand(frame.minimum)} is overdue.")
    on = known.counts_from + timedelta(days=known.overdue_days)
    if known.last_ended_on:
        on = max(on, _after(known.last_ended_on))
    return _when(Deed.LIST, known, frame, on)


def _ends(known: Known, frame: Frame) -> str:
    """Why the case is over, if it is."""
    if known.disabled:
        return "Suspension is disabled for this customer."
    if known.status == "cancelled":
        return "The customer has left."
    if not known.payer:
        return "Another customer pays for this one."
    if known.counts_from is not None:
        return ""
    if known.overdue:
        return f"Only {rand(known.overdue)} is overdue, less than {rand(frame.minimum)}."
    return "Nothing is overdue any more."


def _listed(known: Known, frame: Frame) -> Decision:
    return Decision(None, "Waits for a person to approve it.", Deed.WARN)


def _approved(known: Known, frame: Frame) -> Decision:
    return _step(Deed.WARN, known, frame, known.overdue_days, 0)


def _warned(known: Known, frame: Frame) -> Decision:
    apart = known.second_notice_days - known.overdue_days
    return _step(Deed.WARN_TWICE, known, frame, known.second_notice_days, apart)


def _warned_twice(known: Known, frame: Frame) -> Decision:
    apart = known.suspension_days - known.second_notice_days
    return _step(Deed.SUSPEND, known, frame, known.suspension_days, apart)


def _suspended(known: Known, frame: Frame) -> Decision:
    if known.paused_until is not None:
        return _within_hours(_when(Deed.RESUME, known, frame, known.paused_until), known, frame)
    if frame.stop_billing_days and known.billing_stopped_on is None and known.suspended_on:
        on = known.suspended_on + timedelta(days=frame.stop_billing_days)
        why = f"Suspended since {known.suspended_on}."
        if frame.on and frame.day >= on:
            return Decision(Deed.STOP_BILLING, why, on=on)
        return Decision(None, why, Deed.STOP_BILLING, on)
    return Decision(None, f"Suspended since {known.suspended_on}; ends when it is paid.")


def _taken_over(known: Known, frame: Frame) -> Decision:
    if known.status != "suspended":
        return Decision(Deed.RESET, "Is not suspended any more.")
    return Decision(None, "Was suspended when it was taken over; a person decides.", Deed.RESET)


_OPEN: dict[str, Callable[[Known, Frame], Decision]] = {
    "listed": _listed,
    "approved": _approved,
    "warned": _warned,
    "warned_twice": _warned_twice,
    "suspended": _suspended,
    "taken_over": _taken_over,
}


def _step(deed: Deed, known: Known, frame: Frame, days: int, apart: int) -> Decision:
    """A step of an approved case: on its day, kept apart from the one before."""
    if known.counts_from is None:
        return Decision(None, "Less than the minimum is overdue.", deed)
    on = known.counts_from + timedelta(days=days)
    if known.stepped_on:
        on = max(on, known.stepped_on + timedelta(days=max(1, apart)))
    if known.paused_until:
        on = max(on, known.paused_until)
    decision = _when(deed, known, frame, on)
    return _within_hours(decision, known, frame) if deed is Deed.SUSPEND else decision


def _when(deed: Deed, known: Known, frame: Frame, on: date) -> Decision:
    """Now, or from a day on; held by a promise, a payment that was reported, or an external collector."""
    if known.handed_over:
        return Decision(None, "An external collector works on it.")
    if known.reported_until and frame.now < known.reported_until:
        return Decision(None, "A card payment was reported and is waited for.", deed, on)
    if known.promised and known.promised >= frame.day:
        return Decision(None, f"Promised to pay by {known.promised}.", deed, max(on, _after(known.promised)))
    if frame.on and frame.day >= on:
        return Decision(deed, on=on)
    return Decision(None, then=deed, on=on)


def _within_hours(decision: Decision, known: Known, frame: Frame) -> Decision:
    if decision.deed is None or frame.may_suspend:
        return decision
    why = f"{owes(known)} Customers are suspended on business days within the hours only."
    return Decision(None, why, decision.deed, max(frame.suspends_next, decision.on or frame.day))


def _after(day: date) -> date:
    return day + timedelta(days=1)

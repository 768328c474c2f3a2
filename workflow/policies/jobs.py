"""Job cards: what may be done in which state, and what a job still lacks before it is completed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

PHOTO = "photo"
NEW, SCHEDULED, STARTED = "new", "scheduled", "started"
COMPLETED, FAILED, CALLED_OFF = "completed", "failed", "called_off"
OPEN = (NEW, SCHEDULED, STARTED)
BOOKED_AGAIN = (FAILED, CALLED_OFF)
# From which states a job comes to each.
MAY_COME = {
    SCHEDULED: (NEW, SCHEDULED),
    STARTED: (SCHEDULED,),
    COMPLETED: (SCHEDULED, STARTED),
    FAILED: (SCHEDULED, STARTED),
    CALLED_OFF: OPEN,
}
# Where the lead of a job goes when the job comes to a state.
PLACES = {
    NEW: "job-new",
    SCHEDULED: "job-scheduled",
    STARTED: "job-started",
    COMPLETED: "invoice-new",
    FAILED: "job-failed",
    CALLED_OFF: "job-failed",
}
NOT_OPEN = "This job is {state}; it cannot be {deed} any more. Somebody else may have been first."


def is_done(*, kind: str, ticked: bool, pictured: bool) -> bool:
    """Whether a thing of the checklist is done: a photo by the photo alone."""
    return pictured if kind == PHOTO else ticked


class Done(NamedTuple):
    """What a job has of what its type asks for."""

    undone: Sequence[str]  # compulsory things of the checklist
    asks_signature: bool
    signed: bool
    asks_test: bool
    tested: bool


def lacking(done: Done) -> list[str]:
    """What is missing before the job is completed, a sentence each."""
    found = [f"“{text}” is not done." for text in done.undone]
    if done.asks_signature and not done.signed:
        found.append("The customer has not signed.")
    if done.asks_test and not done.tested:
        found.append("The account was not tested.")
    return found

"""What a router's reply means for an order: done, refused, needless, or to be tried again and when."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple

from herotill.integrations.radius.control import (
    NAMED,
    NOT_FOUND,
    RESOURCES_UNAVAILABLE,
    Reply,
    Result,
)

OWED, DONE, REFUSED, SILENT, NEEDLESS = "owed", "done", "refused", "silent", "needless"
BACK_OFF = (timedelta(seconds=30), timedelta(minutes=2), timedelta(minutes=5), timedelta(minutes=15))
TRIES = len(BACK_OFF) + 1
ENDED = "The session had ended."


class Verdict(NamedTuple):
    """How an order stands now; `due_at` is when it is tried again, where it still waits."""

    state: str
    answer: str
    due_at: datetime | None = None


def judge(*, reply: Reply, change: bool, gave: str, tries: int, now: datetime) -> Verdict:
    """`change` or a cut, `gave` what was told to the router in words, `tries` with this one."""
    if reply.result == Result.DONE:
        return Verdict(DONE, f"Changed: {gave}." if change else "Disconnected.")
    if reply.result == Result.UNSENT:
        return Verdict(REFUSED, "It could not be sent: the session or the router lacks what it needs.")
    if reply.result == Result.SILENT:
        return _again(SILENT, "No answer", tries, now)
    if reply.cause == NOT_FOUND:
        return Verdict(NEEDLESS, "The router no longer has this session.")
    if reply.cause == RESOURCES_UNAVAILABLE:
        return _again(REFUSED, cause(reply.cause), tries, now)
    return Verdict(REFUSED, f"Refused: {cause(reply.cause)}.")


def cause(number: int | None) -> str:
    """An Error-Cause in words, with its number."""
    if number is None:
        return "no cause given"
    return f"{NAMED.get(number, 'Error cause')} ({number})"


def _again(at_last: str, said: str, tries: int, now: datetime) -> Verdict:
    if tries >= TRIES:
        return Verdict(at_last, f"{said}, {tries} times.")
    return Verdict(OWED, f"{said} so far.", now + BACK_OFF[tries - 1])

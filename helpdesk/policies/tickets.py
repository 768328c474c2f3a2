"""What may become of a ticket: its states and the way between them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import Enum

OPEN, PENDING, CLOSED = "open", "pending", "closed"
SUBJECT, WORDS, TEXT = 200, 500, 50_000  # characters


class Reply(Enum):
    """What a word of the customer does to their ticket."""

    COUNTS = "counts"
    REOPENS = "reopens"
    FOLLOWS = "follows"  # the ticket was closed too long ago: a new one follows it


def reply(state: str, closed_at: datetime | None, now: datetime, reopen_days: int) -> Reply:
    """What a customer's word does now; one on the last day still reopens."""
    if state != CLOSED or closed_at is None:
        return Reply.COUNTS
    return Reply.REOPENS if now <= closed_at + timedelta(days=reopen_days) else Reply.FOLLOWS


@dataclass(frozen=True, slots=True)
class Whose:
    """Who may read a ticket from outside: a customer, or else an address."""

    customer: int | None
    email: str

    def same(self, other: Whose) -> bool:
        """Whether the two are the same people's, so that one may read what the other was told."""
        if self.customer and other.customer:
            return self.customer == other.customer
        return bool(self.email) and self.email == other.email


def headline(subject: str) -> str:
    """A subject on one line, no longer than the column; never empty."""
    return " ".join(subject.replace("\0", "").split())[:SUBJECT] or "(no subject)"


def clean(text: str) -> str:
    """What was said, without what the database cannot hold."""
    return text.replace("\0", "").replace("\r\n", "\n").strip()

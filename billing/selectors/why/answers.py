"""What an answer to Why? is, and what other apps add to it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal

from django.utils.timezone import get_current_timezone

from billing.models import Document
from billing.policies.facts import Fact
from customers.models import Customer
from herotill.registry import Registry

SHOWN = 50


@dataclass(frozen=True, slots=True)
class Answer:
    """What was asked, the amount it is about, and why."""

    question: str
    amount: Decimal
    facts: Sequence[Fact]


@dataclass(frozen=True, slots=True)
class Chapter:
    """What another app adds to the answers about a customer, in at most two queries.

    `facts` gets the customer and, where a document is asked about, the document.
    """

    name: str
    permission: str
    facts: Callable[[Customer, Document | None], list[Fact]]
    order: int = 100


chapters: Registry[Chapter] = Registry("chapter of Why")


def day_of(moment: datetime | None) -> date | None:
    """The day of a moment, here."""
    return moment.astimezone(get_current_timezone()).date() if moment else None


def further(*, customer: Customer, document: Document | None, may: Callable[[str], bool]) -> list[Fact]:
    """What other apps add, as far as the person may know it."""
    return [
        fact for chapter in chapters if may(chapter.permission) for fact in chapter.facts(customer, document)
    ]

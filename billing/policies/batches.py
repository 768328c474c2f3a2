"""Who is collected of in a batch, how much and for what; who is left out, and why; what to look at twice."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from billing.policies import debit_days
from herotill import business_days
from herotill.money import ZERO, rand
from herotill.months import Month

# Why somebody of the group is in no line.
LEFT_OUT = {
    "cutover": "What was taken over is not signed yet",
    "method": "Pays in another way",
    "to_master": "Billed to its master",
    "reseller": "Reseller's client",
    "handed_over": "An external collector works on it",
    "no_mandate": "No mandate",
    "asked": "Mandate not signed yet",
    "blocked": "Mandate blocked",
    "second_02": "Came back twice in a row; needs a new mandate",
    "replaced": "Bank details changed; needs a new mandate",
    "other_day": "Mandated for another day",
    "no_card": "No stored card",
    "other_gateway": "Card is stored at another gateway",
    "expired": "Card has expired",
    "same_day": "In another batch of this day",
    "other_batch": "In another batch",
    "disputed": "Disputed",
    "kept_back": "Came back; not presented again",
    "credit": "Covered by credit",
    "minimum": "Less than the minimum",
    "nothing": "Nothing is due",
}
# What a line is to be looked at for.
WARNINGS = {
    "problem": "Would be refused",
    "unusual": "Far above the usual",
    "unpaid": "Came back last time",
    "changed": "Account or mandate changed",
    "notice": "Not announced",
    "maximum": "More is due than the mandate allows",
}
HISTORY = 6  # collections that say what is usual


@dataclass(frozen=True, slots=True)
class Part:
    """One open debit due by the cut-off, and what keeps it from being collected."""

    entry_id: int
    open: Decimal
    before: bool = False
    disputed: bool = False
    live: bool = False
    kept_back: bool = False


@dataclass(frozen=True, slots=True)
class Candidate:
    """Somebody of the group who pays in this way."""

    customer_id: int
    code: str
    mode: str = ""
    mandate_id: int | None = None
    mandate_status: str = ""
    mandate_day: int = 0
    holiday: str = ""
    maximum: Decimal | None = None
    replaced: bool = False
    block_code: str = ""
    card_id: int | None = None
    gateway: str = ""
    card_until: date | None = None
    changed_at: date | None = None
    credit: Decimal = ZERO
    same_day: bool = False
    pays_so: bool = True
    handed_over: bool = False


@dataclass(frozen=True, slots=True)
class Past:
    """What was collected of somebody before, of the same account or card and of any."""

    usual: Decimal | None = None
    last: Decimal | None = None
    last_on: date | None = None
    last_code: str = ""
    last_unpaid: bool = False
    twice: bool = False


@dataclass(frozen=True, slots=True)
class Terms:
    """What a batch is built for."""

    action_date: date
    by_card: bool
    channel: str
    signed: bool
    minimum: Decimal = ZERO
    unusual_factor: Decimal = Decimal(2)
    days: frozenset[tuple[int, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Planned:
    """A line to be. `covers` are the entries it collects, oldest first, with how much of each."""

    customer_id: int
    due: Decimal
    credit: Decimal
    amount: Decimal
    covers: Sequence[tuple[int, Decimal]]
    warnings: Sequence[Mapping[str, str]] = field(default=())

    @property
    def most(self) -> Decimal:
        """What may be collected at most, whatever the mandate says."""
        return max(ZERO, self.due - self.credit)


@dataclass(frozen=True, slots=True)
class Out:
    """Somebody who is left out."""

    customer_id: int
    why: str
    due: Decimal


def mandated(action_date: date) -> frozenset[tuple[int, str]]:
    """The days of mandates, each with its rule for holidays, that are debited on this date."""
    months = [Month.of(action_date).plus(n) for n in (-1, 0, 1)]
    return frozenset(
        (day, holiday)
        for day in range(1, 32)
        for holiday in (debit_days.BEFORE, debit_days.AFTER)
        if any(debit_days.on(day, holiday, month) == action_date for month in months)
    )


def next_date(run_day: int, after: date) -> date:
    """The first day from `after` on which a group of this run day is debited."""
    months = [Month.of(after).plus(n) for n in (-1, 0, 1, 2)]
    return min(day for month in months if (day := debit_days.on(run_day, debit_days.AFTER, month)) >= after)


def proposed(action_date: date) -> date:
    """The business day nearest after a date that is none."""
    if business_days.is_business_day(action_date):
        return action_date
    return business_days.after(action_date, 1)


def plan(one: Candidate, parts: Sequence[Part], past: Past, terms: Terms) -> Planned | Out:
    """The line of one customer, or why there is none."""
    due = sum((part.open for part in parts), ZERO)
    if why := _barred(one, past, terms):
        return Out(one.customer_id, why, due)
    free = [part for part in parts if not (part.disputed or part.live or part.kept_back)]
    free_due = sum((part.open for part in free), ZERO)
    most = max(ZERO, free_due - one.credit)
    if most == ZERO:
        return Out(one.customer_id, _why_nothing(parts, free_due), due)
    amount = min(most, one.maximum) if one.maximum is not None else most
    if amount < terms.minimum:
        return Out(one.customer_id, "minimum", due)
    warnings = _warnings(one, past, terms, amount, most)
    return Planned(one.customer_id, free_due, one.credit, amount, cover(free, amount), warnings)


def _barred(one: Candidate, past: Past, terms: Terms) -> str:
    if not terms.signed:
        return "cutover"
    if not one.pays_so:
        return "method"
    if one.mode == "reseller":
        return "reseller"
    if one.mode == "master":
        return "to_master"
    if one.handed_over:
        return "handed_over"
    if one.same_day:
        return "same_day"
    return _without_card(one, terms) if terms.by_card else _without_mandate(one, past, terms)


def _without_card(one: Candidate, terms: Terms) -> str:
    if one.card_id is None:
        return "no_card"
    if one.gateway != terms.channel:
        return "other_gateway"
    return "expired" if one.card_until and one.card_until < terms.action_date else ""


def _without_mandate(one: Candidate, past: Past, terms: Terms) -> str:
    if one.mandate_id is None:
        return "no_mandate"
    if one.mandate_status == "asked":
        return "asked"
    if past.twice or one.block_code in ("02", "60"):
        return "second_02"
    if one.mandate_status == "blocked":
        return "blocked"
    if one.replaced:
        return "replaced"
    return "" if (one.mandate_day, one.holiday) in terms.days else "other_day"


def _why_nothing(parts: Sequence[Part], free_due: Decimal) -> str:
    if free_due:
        return "credit"
    reasons = (
        ("other_batch", any(part.live for part in parts)),
        ("disputed", any(part.disputed for part in parts)),
        ("kept_back", any(part.kept_back for part in parts)),
    )
    return next((name for name, holds in reasons if holds), "nothing")


def cover(parts: Sequence[Part], amount: Decimal) -> list[tuple[int, Decimal]]:
    """The entries that an amount collects, oldest first."""
    covered, left = [], amount
    for part in parts:
        if left <= ZERO:
            break
        covered.append((part.entry_id, min(part.open, left)))
        left -= part.open
    return covered


def _warnings(
    one: Candidate, past: Past, terms: Terms, amount: Decimal, most: Decimal
) -> list[Mapping[str, str]]:
    found: list[Mapping[str, str]] = []
    if past.usual and amount > past.usual * terms.unusual_factor:
        found.append(_warning("unusual", f"{rand(amount)}; usually {rand(past.usual)}."))
    if past.last_unpaid:
        found.append(_warning("unpaid", _came_back(past.last_code)))
    if one.changed_at and past.last_on and one.changed_at > past.last_on:
        found.append(_warning("changed", f"Changed on {one.changed_at}, after the last collection."))
    if amount < most:
        found.append(_warning("maximum", f"{rand(most - amount)} is not collected: above the mandate."))
    return found


def _warning(kind: str, says: str) -> Mapping[str, str]:
    return {"kind": kind, "says": says}


def _came_back(code: str) -> str:
    words = f"Came back last time with {code}" if code else "Came back last time"
    return f"{words}; a second 02 blocks the account." if code == "02" else f"{words}."


def not_announced(last: Decimal, action_date: date, days: int) -> Mapping[str, str]:
    """The warning at a debit that differs from the last and was not announced in time."""
    until = action_date - timedelta(days=days)
    return _warning("notice", f"Last debit {rand(last)}; not announced by {until}.")

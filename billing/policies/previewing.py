"""Why a customer's invoice differs from last month's. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from herotill.money import ZERO, rand

REASONS = {
    "new": "New item",
    "price": "Price change",
    "package": "Package change",
    "quantity": "Quantity or discount",
    "part": "Part of a month",
    "ended": "Ended",
    "held": "Held",
    "once": "Once-off",
    "catch_up": "Days of earlier months",
    "hand": "Charged by hand",
    "waived": "Waived",
    "vat": "VAT change",
    "negative": "Negative",
    "no_item": "No item",
    "no_price": "No price",
    "no_notice": "Lacks notice",
    "fixed": "Fixed price",
    "paused": "Paused",
    "prepaid": "Prepaid",
    "cancelled": "Cancelled",
    "master": "Billed to another",
    "over_billed": "Billed too much",
}
LONGEST = 500

Key = tuple[str, int | None]


class Billed(NamedTuple):
    """What one thing comes to in one billing month; `rate` in percent."""

    text: str
    incl: Decimal
    unit_price: Decimal
    quantity: Decimal
    discount: Decimal
    rate: Decimal
    once: bool = False


@dataclass(slots=True)
class Sight:
    """One customer in the preview: what was billed last month, what will be, and remarks on its things.

    `same` says which things are one to people, as the packages that an account has one after the other.
    """

    last: dict[Key, Billed] = field(default_factory=dict)
    this: dict[Key, Billed] = field(default_factory=dict)
    remarks: dict[Key, set[str]] = field(default_factory=dict)
    flags: set[str] = field(default_factory=set)
    same: dict[Key, int] = field(default_factory=dict)
    over_billed: Decimal = ZERO


class Verdict(NamedTuple):
    """What the preview says of a customer."""

    last: Decimal
    this: Decimal
    reasons: tuple[str, ...]
    words: str
    over_billed: Decimal

    @property
    def worth_saying(self) -> bool:
        return bool(self.last != self.this or self.reasons)


def judge(sight: Sight) -> Verdict:
    """The amounts and the reasons, in the order of `REASONS`, with the things they are about."""
    reasons, told = set(sight.flags), []
    moved = _moved(sight)
    for key in sorted(sight.last.keys() | sight.this.keys(), key=lambda one: (one[0], one[1] or 0)):
        before, after = sight.last.get(key), sight.this.get(key)
        found = _of_thing(key, before, after, sight.remarks.get(key, set()))
        if found & {"new", "ended"} and key in moved:
            found = found - {"new", "ended"} | {"package"}
        if found:
            reasons |= found
            told.append(_in_words(before, after))
    for remarks in sight.remarks.values():
        reasons |= remarks & {"no_notice", "fixed", "no_price"}
    last, this = _total(sight.last), _total(sight.this)
    if this < 0:
        reasons.add("negative")
    if sight.over_billed:
        reasons.add("over_billed")
        told.append(f"credit note proposed: {rand(sight.over_billed)}")
    ordered = tuple(name for name in REASONS if name in reasons)
    return Verdict(last, this, ordered, "; ".join(told)[:LONGEST], sight.over_billed)


def _moved(sight: Sight) -> set[Key]:
    """The things that took the place of another, or gave theirs to another."""
    whole: dict[tuple[str, int], set[Key]] = {}
    for key in sight.last.keys() | sight.this.keys():
        if key in sight.same:
            whole.setdefault((key[0], sight.same[key]), set()).add(key)
    return {key for keys in whole.values() if len(keys) > 1 for key in keys}


def _total(billed: Mapping[Key, Billed]) -> Decimal:
    return sum((one.incl for one in billed.values()), ZERO)


def _of_thing(key: Key, before: Billed | None, after: Billed | None, remarks: set[str]) -> set[str]:
    if before and after:
        return _changed(before, after, remarks) if before.incl != after.incl else set()
    if not key[0]:
        return {"hand"}
    one = after or before
    if one and one.once:
        return {"once"} | (remarks & {"catch_up"})
    if after:
        return (remarks & {"part", "held", "catch_up"}) | ({"new"} if "catch_up" not in remarks else set())
    return remarks & {"held", "waived", "part", "no_price"} or {"ended"}


def _changed(before: Billed, after: Billed, remarks: set[str]) -> set[str]:
    found = remarks & {"part", "held", "catch_up", "vat"}
    if before.unit_price != after.unit_price or "price" in remarks:
        found.add("price")
    if (before.quantity, before.discount) != (after.quantity, after.discount):
        found.add("quantity")
    if before.rate != after.rate:
        found.add("vat")
    return found or {"part"}


def _in_words(before: Billed | None, after: Billed | None) -> str:
    one = after or before
    assert one
    old, new = rand(before.incl) if before else "nothing", rand(after.incl) if after else "nothing"
    return f"{one.text}: {old} to {new}"


def counted(verdicts: Sequence[Verdict]) -> dict[str, int]:
    """How many customers there are for each reason."""
    return {
        name: count for name in REASONS if (count := sum(name in verdict.reasons for verdict in verdicts))
    }

"""Which rows of a statement are new (rule 26): equal rows of one day are counted.

A file adds only the rows beyond the number already held. Where the running balances prove that all rows of
the day, held and in the file, follow each other in one unbroken chain, rows that stand at different balances
are different rows, so that a day may also be cut in two.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import NamedTuple


class Row(NamedTuple):
    """A row of one day: its text, what it moved, and the balance after it, where the bank says so."""

    text: str
    amount: Decimal
    balance: Decimal | None = None


def new_rows(*, held: Sequence[Row], found: Sequence[Row]) -> list[int]:
    """The places in `found` (rows of one day) of those that are not among the `held` ones of that day."""
    if not held:
        return list(range(len(found)))
    by_balance = _beyond(Counter(held), found)
    if is_chain([*held, *(found[place] for place in by_balance)]):
        return by_balance
    counted = Counter(_plain(row) for row in held)
    return _beyond(counted, [_plain(row) for row in found])


def _plain(row: Row) -> Row:
    return Row(row.text, row.amount)


def _beyond(held: Counter[Row], found: Sequence[Row]) -> list[int]:
    left = Counter(held)
    new = []
    for place, row in enumerate(found):
        if left[row] > 0:
            left[row] -= 1
        else:
            new.append(place)
    return new


def is_chain(rows: Sequence[Row]) -> bool:
    """Whether the rows can stand in an order in which each begins where the one before ended.

    Each row leads from one balance to the next; such an order is a walk over all of them, which there is
    where they hang together and no balance but the first and the last is left oftener than reached.
    """
    if any(row.balance is None for row in rows):
        return False
    steps = [(row.balance - row.amount, row.balance) for row in rows if row.balance is not None]
    surplus: Counter[Decimal] = Counter()
    for start, end in steps:
        surplus[start] += 1
        surplus[end] -= 1
    loose = [count for count in surplus.values() if count]
    return sorted(loose) in ([], [-1, 1]) and _hang_together(steps)


def _hang_together(steps: Iterable[tuple[Decimal, Decimal]]) -> bool:
    near: dict[Decimal, set[Decimal]] = defaultdict(set)
    for start, end in steps:
        near[start].add(end)
        near[end].add(start)
    waiting = [next(iter(near))] if near else []
    seen = set(waiting)
    while waiting:
        fresh = near[waiting.pop()] - seen
        seen |= fresh
        waiting.extend(fresh)
    return len(seen) == len(near)

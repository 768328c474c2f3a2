"""Sub-accounts and their masters, over a whole file (rule 10)."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Sub:
    """A record that creates a customer: its code ("" if it will be given one) and its master's."""

    line: int
    code: str
    master: str


def refused_subs(
    subs: Iterable[Sub], *, refused_codes: Set[str], is_known: Callable[[str], bool]
) -> dict[int, str]:
    """Why records must be refused for their masters, by line.

    `refused_codes` are the codes of records refused before; `is_known` says whether the database has one.
    """
    subs = [sub for sub in subs if sub.code or sub.master]
    by_code = {sub.code: sub for sub in subs if sub.code}
    reasons = {by_code[code].line: "master_cycle" for code in _on_rings(by_code)}
    lost = [sub for sub in subs if sub.master and sub.line not in reasons]
    lost = [sub for sub in lost if sub.master not in by_code and not is_known(sub.master)]
    for sub in lost:
        reasons[sub.line] = "master_refused" if sub.master in refused_codes else "master_unknown"
    _refuse_their_subs(subs, by_code, reasons)
    return reasons


def _on_rings(by_code: Mapping[str, Sub]) -> set[str]:
    """The codes from which following the masters leads back to themselves."""
    rings: set[str] = set()
    done: set[str] = set()
    for start in by_code:
        path: dict[str, int] = {}
        code = start
        while code in by_code and code not in done and code not in path:
            path[code] = len(path)
            code = by_code[code].master
        if code in path:
            rings.update(list(path)[path[code] :])
        done.update(path)
    return rings


def _refuse_their_subs(subs: Iterable[Sub], by_code: Mapping[str, Sub], reasons: dict[int, str]) -> None:
    """Refuses in `reasons` whoever has a refused record for a master, and so on down."""
    below = defaultdict(list)
    for sub in subs:
        below[sub.master].append(sub)
    waiting = [code for code, sub in by_code.items() if sub.line in reasons]
    while waiting:
        orphans = [sub for sub in below[waiting.pop()] if sub.line not in reasons]
        reasons.update((sub.line, "master_refused") for sub in orphans)
        waiting.extend(sub.code for sub in orphans if sub.code)

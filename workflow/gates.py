"""Gates: what a lead needs before it may come to a list. Code with names; Setup chooses among those that are free.

A gate tells of many leads at once what is missing, in sentences for the row; nothing missing lets them pass.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass

from herotill.registry import Registry


@dataclass(frozen=True, slots=True)
class Gate:
    """A condition with a name. `before` are keys of lists before which it always stands; else Setup puts it there.

    `missing` gets ids of leads and gives, for those who do not pass, what is missing in one sentence.
    """

    name: str
    title: str
    missing: Callable[[Collection[int]], Mapping[int, str]]
    before: frozenset[str] = frozenset()
    order: int = 100


gates: Registry[Gate] = Registry("gate")

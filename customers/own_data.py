"""What the copy of all data that a customer may ask for holds; apps add what they keep about somebody.

Nothing in it is a secret that opens something, belongs to somebody else, or is a note that staff wrote for staff.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from customers.models import Customer
from herotill.registry import Registry

Row = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class OwnFile:
    """A file that goes into the copy, read when it is packed."""

    name: str
    read: Callable[[], bytes]


def _no_files(customer: Customer) -> Iterable[OwnFile]:
    return ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnData:
    """One part of the copy: `rows` are columns by their headings, `files` go into a folder named as the part."""

    name: str
    title: str
    rows: Callable[[Customer], Iterable[Row]]
    files: Callable[[Customer], Iterable[OwnFile]] = _no_files
    order: int = 100


own_data: Registry[OwnData] = Registry("part of a customer's copy of their data")

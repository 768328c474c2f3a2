"""Files that `import_csv` takes in whole, by a format of their own rather than by a mapping of columns."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from herotill.registry import Registry


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a file: in words, its number for the way back, and each row as line, outcome and reason."""

    said: str
    number: int
    rows: Sequence[tuple[str, str, str]]


@dataclass(frozen=True, slots=True)
class WholeFile:
    """A kind of file, as its app declares it. Both deeds raise DomainError.

    `take_in` is given the file, what `--map` holds, and whether it is only tried. `take_back` is given the number.
    """

    name: str
    take_in: Callable[[Path, Mapping[str, Any] | None, bool], Taken]
    take_back: Callable[[int], str]
    order: int = 100


whole_files: Registry[WholeFile] = Registry("file taken in whole")


def lines(taken: Taken) -> Iterator[Sequence[str]]:
    """The report: a heading, then a line for each row."""
    yield "line", "outcome", "reason"
    yield from taken.rows

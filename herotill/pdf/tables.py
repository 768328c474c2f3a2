"""Tables that go over pages: the headings come again, rows stay whole."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from herotill.pdf import fonts
from herotill.pdf.paper import GREY, HAIR, INK, LEFT, PALE, RIGHT, WHITE, Paper

SIZE, SMALL, PAD = 8.5, 7.5, 5
STEP = 10  # from line to line
FIRST, LAST = 10.5, 4.5  # from the upper edge to the first line, from the last to the lower edge
FLOOR = 56


@dataclass(frozen=True, slots=True)
class Column:
    """A heading and its width in points; amounts stand at the right."""

    heading: str
    width: float
    right: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column's words begin or end."""

    x: float
    right: bool
    room: float


@lru_cache(maxsize=64)
def places(columns: tuple[Column, ...]) -> tuple[Place, ...]:
    """Columns from left to right, each beginning where the one before ends."""
    found, x = [], float(LEFT)
    for column in columns:
        edge = x + column.width - PAD if column.right else x + PAD
        found.append(Place(edge, column.right, column.width - 2 * PAD + 3))
        x += column.width
    return tuple(found)


def columns_of(room: Sequence[Column]) -> tuple[Column, ...]:
    """`room` with the first column without a width given what the others leave."""
    left = RIGHT - LEFT - sum(column.width for column in room)
    return tuple(column if column.width else Column(column.heading, left, column.right) for column in room)


class Table:
    """A table under way on `paper` at height `y`. `turn()` begins a page and says at which height to go on."""

    def __init__(
        self, paper: Paper, columns: tuple[Column, ...], *, accent: str, y: float, turn: Callable[[], float]
    ) -> None:
        self.paper, self.columns, self.accent, self.turn = paper, columns, accent, turn
        self.places = places(columns)
        self.y = y
        self._headings()

    def _headings(self) -> None:
        self.paper.box(LEFT, self.y - 17, RIGHT - LEFT, 17, self.accent)
        for column, place in zip(self.columns, self.places, strict=True):
            put = self.paper.right if column.right else self.paper.text
            put(place.x, self.y - 11.5, column.heading, SMALL, bold=True, colour=WHITE)
        self.y -= 17

    def need(self, height: float) -> None:
        """Go on to the next page where less than `height` is left."""
        if self.y - height < FLOOR:
            self.y = self.turn()
            self._headings()

    def row(self, cells: Sequence[str], *, below: str = "", bold: bool = False, tint: bool = False) -> None:
        """One row. The first column is broken into lines; `below` stands small under them, as wide as the table."""
        first = self.places[0]
        lines = fonts.wrapped(cells[0], first.room, SIZE, bold=bold, at_most=12) or [""]
        under = fonts.wrapped(below, RIGHT - LEFT - 2 * PAD, SMALL, at_most=8) if below else []
        height = FIRST + STEP * (len(lines) + len(under) - 1) + LAST
        self.need(height)
        if tint:
            self.paper.box(LEFT, self.y - height, RIGHT - LEFT, height, PALE)
        base = self.y - FIRST
        for n, line in enumerate(lines):
            self.paper.text(first.x, base - STEP * n, line, SIZE, bold=bold)
        for n, line in enumerate(under, len(lines)):
            self.paper.text(first.x, base - STEP * n, line, SMALL, colour=GREY)
        for place, words in zip(self.places[1:], cells[1:], strict=True):
            if words:
                self._cell(place, base, words, bold)
        self.y -= height
        self.paper.rule(LEFT, self.y, RIGHT, colour=HAIR, width=0.4)

    def _cell(self, place: Place, y: float, words: str, bold: bool) -> None:
        if place.right:
            size = fonts.fitting(words, place.room, SIZE, bold=bold)
            self.paper.right(place.x, y, words, size, bold=bold)
            return
        self.paper.text(place.x, y, fonts.shortened(words, place.room, SIZE, bold=bold), SIZE, bold=bold)

    def band(self, words: str) -> None:
        """A heading over the rows that follow, which does not stand last on a page."""
        self.need(16 + 40)
        self.paper.box(LEFT, self.y - 16, RIGHT - LEFT, 16, PALE)
        room = RIGHT - LEFT - 2 * PAD
        shown = fonts.shortened(fonts.plain(words), room, SIZE, bold=True)
        self.paper.text(LEFT + PAD, self.y - 11, shown, SIZE, bold=True, colour=INK)
        self.y -= 16

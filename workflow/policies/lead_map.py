"""The picture of where a lead is: highsites around it as they lie, with distance and bearing, to scale."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from workflow.policies import places
from workflow.policies.places import Point

WIDTH, HEIGHT, EDGE, LINE = 640, 320, 46, 14
NEAREST, FARTHEST, LEAST = 6, 120_000, 400  # how many sites, metres to the farthest, metres the paper spans
LABEL = 210  # the room a name takes beside its mark
BARS = (100, 200, 500, 1_000, 2_000, 5_000, 10_000, 20_000, 50_000)


@dataclass(frozen=True, slots=True)
class Site:
    """A highsite as it is known."""

    name: str
    point: Point
    chosen: bool = False


@dataclass(frozen=True, slots=True)
class Mark:
    """A highsite as it is drawn, and how it lies from the lead."""

    number: int
    name: str
    x: float
    y: float
    label_y: float
    leftwards: bool
    metres: float
    bearing: float
    chosen: bool

    @property
    def distance(self) -> str:
        return places.in_words(self.metres)

    @property
    def direction(self) -> str:
        """`214° SW`, as one turns to look from the lead to the highsite."""
        return f"{self.bearing:.0f}° {places.wind(self.bearing)}"

    @property
    def label_x(self) -> float:
        return self.x - 9 if self.leftwards else self.x + 9


@dataclass(frozen=True, slots=True)
class Picture:
    """The drawing in units of its paper: the lead, the sites, nearest first, and a bar of a round length."""

    x: float
    y: float
    marks: tuple[Mark, ...]
    bar: float
    bar_says: str
    width: int = WIDTH
    height: int = HEIGHT

    @property
    def says(self) -> str:
        """The picture in words."""
        if not self.marks:
            return "No highsite with coordinates is within 120 km."
        told = (f"{mark.name} {mark.distance} at {mark.direction}" for mark in self.marks)
        return "From the lead: " + "; ".join(told) + "."


def draw(lead: Point, sites: Sequence[Site]) -> Picture:
    """The lead with the highsites nearest to it, and the chosen one wherever it is."""
    around = _around(lead, sites)
    spots = [(0.0, 0.0), *(places.flat(lead, site.point) for _, site in around)]
    scale, left, top = _paper(spots)
    drawn = [((east - left) * scale + EDGE, (top - north) * scale + EDGE) for east, north in spots]
    bar = _bar(scale)
    marks = _marks(lead, around, drawn[1:])
    return Picture(*drawn[0], marks, bar * scale, places.in_words(bar) if bar < 1000 else f"{bar // 1000} km")


def _around(lead: Point, sites: Sequence[Site]) -> list[tuple[float, Site]]:
    far = sorted(((places.metres(lead, site.point), site) for site in sites), key=lambda one: one[0])
    near = [one for one in far if one[0] <= FARTHEST][:NEAREST]
    return near + [one for one in far if one[1].chosen and one not in near]


def _paper(spots: Sequence[tuple[float, float]]) -> tuple[float, float, float]:
    """Units a metre, and the metres east and north at the corner, so that all spots stand in the middle."""
    easts, norths = [east for east, _ in spots], [north for _, north in spots]
    wide, tall = max(max(easts) - min(easts), LEAST), max(max(norths) - min(norths), LEAST)
    room_x, room_y = WIDTH - 2 * EDGE, HEIGHT - 2 * EDGE
    scale = min(room_x / wide, room_y / tall)
    left = (max(easts) + min(easts) - room_x / scale) / 2
    top = (max(norths) + min(norths) + room_y / scale) / 2
    return scale, left, top


def _bar(scale: float) -> int:
    """The longest round length that takes at most a third of the paper."""
    fitting = [length for length in BARS if length * scale <= WIDTH / 3]
    return fitting[-1] if fitting else BARS[0]


def _marks(
    lead: Point, around: Sequence[tuple[float, Site]], drawn: Sequence[tuple[float, float]]
) -> tuple[Mark, ...]:
    heights = _apart([y for _, y in drawn])
    return tuple(
        Mark(
            number,
            site.name,
            x,
            y,
            label_y,
            x > WIDTH - LABEL,
            length,
            places.bearing(lead, site.point),
            site.chosen,
        )
        for number, ((length, site), (x, y), label_y) in enumerate(
            zip(around, drawn, heights, strict=True), start=1
        )
    )


def _apart(heights: Sequence[float]) -> list[float]:
    """Where names are written so that none stands on another."""
    order = sorted(range(len(heights)), key=lambda place: heights[place])
    placed, last = list(heights), float("-inf")
    for place in order:
        placed[place] = max(heights[place] + 4, last + LINE)
        last = placed[place]
    return placed

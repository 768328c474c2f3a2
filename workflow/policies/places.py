"""Where a place lies from another: distance and bearing on the globe. Degrees in, metres and degrees out."""

from __future__ import annotations

from dataclasses import dataclass
from math import asin, atan2, cos, degrees, radians, sin, sqrt

EARTH = 6_371_000  # metres
WINDS = "N NNE NE ENE E ESE SE SSE S SSW SW WSW W WNW NW NNW".split()


@dataclass(frozen=True, slots=True)
class Point:
    """A place on the globe, in degrees; south and west are below zero."""

    latitude: float
    longitude: float


def metres(here: Point, there: Point) -> float:
    """How far it is along the ground."""
    north, south = radians(here.latitude), radians(there.latitude)
    rise, run = south - north, radians(there.longitude - here.longitude)
    part = sin(rise / 2) ** 2 + cos(north) * cos(south) * sin(run / 2) ** 2
    return 2 * EARTH * asin(min(1.0, sqrt(part)))


def bearing(here: Point, there: Point) -> float:
    """The direction in which to look from here, in degrees from north, clockwise."""
    north, south = radians(here.latitude), radians(there.latitude)
    run = radians(there.longitude - here.longitude)
    east = sin(run) * cos(south)
    up = cos(north) * sin(south) - sin(north) * cos(south) * cos(run)
    return degrees(atan2(east, up)) % 360


def wind(angle: float) -> str:
    """The name of a direction, such as NNE."""
    return WINDS[round(angle / 22.5) % 16]


def in_words(length: float) -> str:
    """A distance as people say it: 480 m, 3.2 km, 41 km."""
    if length < 950:
        return f"{round(length, -1):.0f} m"
    return f"{length / 1000:.1f} km" if length < 20_000 else f"{length / 1000:.0f} km"


def flat(here: Point, there: Point) -> tuple[float, float]:
    """Metres east and north of here, as on a map of some tens of kilometres."""
    east = radians(there.longitude - here.longitude) * EARTH * cos(radians(here.latitude))
    return east, radians(there.latitude - here.latitude) * EARTH

"""Which area a place belongs to, by its suburb or town."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from herotill.folding import fold


def listed(towns: str) -> list[str]:
    """The towns and suburbs of an area, one a line, as Setup has them."""
    return [name.strip() for name in towns.splitlines() if name.strip()]


def key(name: str) -> str:
    """By what two writings of one place are the same."""
    return " ".join(fold(name).replace("-", " ").split())


def by_place(areas: Iterable[tuple[int, str]]) -> dict[str, int]:
    """The area of each town and suburb; where two areas name one, the first counts."""
    found: dict[str, int] = {}
    for area, towns in areas:
        for name in listed(towns):
            found.setdefault(key(name), area)
    return found


def area_of(suburb: str, town: str, known: Mapping[str, int]) -> int | None:
    """The area of the suburb, else of the town."""
    return next((known[key(name)] for name in (suburb, town) if key(name) in known), None)

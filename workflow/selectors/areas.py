"""Areas by the towns and suburbs they are known by."""

from __future__ import annotations

from dataclasses import dataclass

from workflow.models import Area
from workflow.policies import areas as policy


@dataclass(frozen=True, slots=True)
class Coverage:
    """What we say of a place: whether it is covered; None where no area is kept that could tell."""

    place: str
    covered: bool | None


def known() -> dict[str, int]:
    """The area of each town and suburb."""
    rows = Area.objects.filter(retired=False).order_by("name_key", "pk")
    return policy.by_place(rows.values_list("pk", "towns"))


def coverage(suburb: str, town: str) -> Coverage:
    """Whether we cover a place, as far as Setup says."""
    place, names = suburb or town, known()
    if not names:
        return Coverage(place, None)
    area = policy.area_of(suburb, town, names)
    covered = area is not None and Area.objects.filter(pk=area, covered=True).exists()
    return Coverage(place, covered)


def covered_places() -> list[str]:
    """The towns and suburbs that we cover, in their order."""
    rows = Area.objects.filter(retired=False, covered=True).values_list("towns", flat=True)
    return sorted({name for towns in rows for name in policy.listed(towns)})

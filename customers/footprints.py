"""What an opening balance leaves in apps above: it goes with the import that brought it and holds nobody back."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass

from django.db.models import Model

from herotill.registry import Registry


@dataclass(frozen=True, slots=True)
class Footprint:
    """Tables in which an opening balance leaves traces.

    `more_than_openings` says which of these customers stand in them for anything else, and `noun` calls it.
    """

    name: str
    noun: str
    models: tuple[type[Model], ...]
    more_than_openings: Callable[[Collection[int]], set[int]]
    order: int = 100


footprints: Registry[Footprint] = Registry("footprint")

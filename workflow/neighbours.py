"""Lists that stand beside those of a phase in its navigation, though no leads wait in them: change requests."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.urls import reverse

from herotill.access import may
from herotill.registry import Registry


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A list beside those of `phase`, for who holds `permission`. `counted` reads a remembered figure."""

    name: str
    phase: str
    title: str
    url_name: str
    permission: str
    counted: Callable[[], int]
    order: int = 100

    @property
    def url(self) -> str:
        return reverse(self.url_name)

    @property
    def count(self) -> int:
        return self.counted()


neighbours: Registry[Neighbour] = Registry("neighbour of a phase's lists")


def beside(phase: str, user: Any) -> list[Neighbour]:
    """The neighbours of a phase that this person may open."""
    return [one for one in neighbours if one.phase == phase and may(user, one.permission)]

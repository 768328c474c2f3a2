"""Which preferences there are. An app registers the keys of its screens; others are not kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from herotill.registry import Registry

LARGEST = 8_000


@dataclass(frozen=True, slots=True)
class Choice:
    """A preference by its key. `accepts` says whether a value, as JSON gives it, may be kept.

    A name that ends in ":" stands for every key that begins with it, such as one for each list.
    """

    name: str
    accepts: Callable[[Any], bool]
    order: int = 100


choices: Registry[Choice] = Registry("preference")


def one_of(*values: Any) -> Callable[[Any], bool]:
    """Accepts just these values."""
    return lambda value: value in values


def find(key: str) -> Choice | None:
    """The preference that `key` belongs to."""
    return choices.get(key) or choices.get(f"{key.partition(':')[0]}:")

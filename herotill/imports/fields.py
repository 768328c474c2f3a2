"""What a column of a file can be mapped to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Field:
    """One field of an import: its name in a map, its name on the screen, how its cells are cleaned.

    `free_text` cells are those in which a text that looks like a formula is worth a warning; `multiline`
    ones keep their line breaks. `permission` is the right that the screen asks for changing the same
    value, `see` the one it asks for showing it. `secret` cells are masked in the report.
    """

    name: str
    label: str
    free_text: bool = False
    multiline: bool = False
    permission: str = ""
    see: str = ""
    secret: bool = False


def by_name(fields: Iterable[Field]) -> Mapping[str, Field]:
    """The fields in their order, by name."""
    return {field.name: field for field in fields}

"""Presets: which heading of a file means which field. A kind ships some, people make further ones."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from herotill.imports.cells import clean


def heading_key(heading: str) -> str:
    """A heading as it is compared: cleaned, case ignored."""
    return clean(heading).casefold()


@dataclass(frozen=True, slots=True)
class Preset:
    """A named mapping of headings to fields."""

    name: str
    fields: Mapping[str, str]

    def fits(self, headings: Iterable[str]) -> bool:
        """Whether a file with `headings` comes from where this preset does: it has all of them."""
        there = {heading_key(heading) for heading in headings}
        return all(heading_key(heading) in there for heading in self.fields)


def preset_for(headings: Iterable[str], presets: Iterable[Preset]) -> Preset | None:
    """The first of `presets` that fits a file with `headings`."""
    headings = tuple(headings)
    return next((preset for preset in presets if preset.fits(headings)), None)

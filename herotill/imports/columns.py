"""A mapping laid over the headings of one file: how its cells become texts under fields."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest

from herotill.imports.cells import looks_like_formula, read_cell
from herotill.imports.fields import Field
from herotill.imports.presets import heading_key


class MappingError(ValueError):
    """A mapping that does not fit the file; the text is a sentence for the person who made it."""


@dataclass(frozen=True, slots=True)
class Cells:
    """The cells of a record, cleaned: all of them in order, and whether any stood for a formula."""

    texts: tuple[str, ...]
    formula: bool


@dataclass(frozen=True, slots=True)
class Columns:
    """What each column of a file means; None for one that means nothing to us."""

    fields: tuple[Field | None, ...]

    def read(self, cells: Sequence[str]) -> Cells:
        """The cleaned cells of a record, however many it has."""
        formula = False
        texts = []
        for cell, field in zip_longest(cells, self.fields[: len(cells)]):
            text, found = read_cell(cell, multiline=bool(field and field.multiline)) if cell else ("", False)
            formula = formula or found or bool(field and field.free_text and looks_like_formula(text))
            texts.append(text)
        return Cells(tuple(texts), formula)

    def overrun(self, texts: Sequence[str]) -> bool:
        """Whether something stands beyond the last heading, so that nobody knows which cell is which."""
        return any(texts[len(self.fields) :])

    def by_field(self, texts: Sequence[str]) -> dict[str, str]:
        """The texts under the names of their fields; missing ones are left out."""
        return {field.name: text for field, text in zip(self.fields, texts, strict=False) if field}


def lay(mapping: Mapping[str, str], headings: Sequence[str], fields: Mapping[str, Field]) -> Columns:
    """The mapping, field names by heading, over the `headings` of a file.

    A heading that is mapped to "" means nothing. Raises MappingError where the mapping does not fit.
    """
    wanted = {heading_key(heading): name for heading, name in mapping.items() if name}
    _check({h: name for h, name in mapping.items() if name}, list(map(heading_key, headings)), fields)
    return Columns(tuple(fields.get(wanted.get(heading_key(heading), "")) for heading in headings))


def _check(mapping: Mapping[str, str], headings: list[str], fields: Mapping[str, Field]) -> None:
    names = list(mapping.values())
    problems = {
        "No such field: {}.": [name for name in names if name not in fields],
        "Two columns are mapped to: {}.": [name for name, times in Counter(names).items() if times > 1],
        "The file has no column: {}.": [h for h in mapping if heading_key(h) not in headings],
        "The file has two columns: {}.": [h for h in mapping if headings.count(heading_key(h)) > 1],
    }
    for sentence, found in problems.items():
        if found:
            raise MappingError(sentence.format(", ".join(sorted(found))))

"""Kinds of import: what an app says about the records it takes in."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import Any

from django.urls import reverse

from herotill.imports.columns import Columns
from herotill.imports.fields import Field
from herotill.imports.presets import Preset
from herotill.imports.reading import Sheet
from herotill.models import Import
from herotill.registry import Registry


@dataclass(slots=True)
class Line:
    """What is done with one record of a file. `values` stand under the kind's `report`.

    An `apply` adds the `object_id` it wrote, and what a change replaced and what by, as JSON can hold it.
    """

    number: int
    outcome: str
    reason: str = ""
    code: str = ""
    warnings: Sequence[str] = ()
    values: Sequence[str] = ()
    cells: Sequence[str] = ()
    object_id: int | None = None
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class Source:
    """A file and how it is read. `expect` is told how many records there are, once that is known.

    `made` takes down what an apply creates beside the records themselves, by kind of thing.
    """

    sheet: Sheet
    columns: Columns
    file_name: str
    day: date | None = None
    actor: Any = None
    expect: Callable[[int], None] = lambda total: None
    made: dict[str, list[int]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fate:
    """What a roll-back does, or did, with one line: `done` in a word, `why` in a sentence where it did less."""

    line: int
    code: str
    done: str
    why: str = ""


REMOVED, RESTORED, STAYS, KEPT = "removed", "restored", "stays", "kept"


@dataclass(frozen=True, slots=True)
class WayBack:
    """What a roll-back does with every line that wrote something; `plan` is the kind's own."""

    fates: Sequence[Fate]
    plan: Any = None

    def count(self, done: str) -> int:
        return sum(fate.done == done for fate in self.fates)

    @property
    def exceptions(self) -> list[Fate]:
        """The lines that cannot be taken back wholly."""
        return [fate for fate in self.fates if fate.why]


@dataclass(frozen=True, slots=True)
class Need:
    """A right that an import asks because of what it does: where `section` of the totals counts `name`."""

    section: str
    name: str
    permission: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Sum:
    """An amount that is added up over what an import creates, from a column of the report."""

    label: str
    column: str
    permission: str = ""

    def of(self, values: Sequence[str], report: Sequence[str]) -> Decimal:
        return Decimal(values[report.index(self.column)] or 0) if values else Decimal(0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportKind:
    """One kind of import, as its app declares it.

    `decide` says what would be done with each record and writes nothing; `apply` does it, inside one
    transaction, and says the same; `plan` says how it would be taken back, and with `hold` keeps it so
    until the transaction ends; `take_back` does that. `day_label` names the day asked for where
    `day_field` is mapped. `private` are columns of the report that ask a right of their own. Its screens are
    `url_name` and what `herotill.imports.urls.of_import` adds; `url_of` leads to the record with a code.
    """

    name: str
    title: str
    noun: str
    nouns: str
    permission: str
    roll_back_permission: str
    url_name: str
    fields: Mapping[str, Field]
    report: Sequence[str]
    words: Mapping[str, str]
    decide: Callable[[Source], Iterator[Line]]
    apply: Callable[[Source], Iterator[Line]]
    plan: Callable[[Import, bool], WayBack]
    take_back: Callable[[Import, WayBack], None]
    url_of: Callable[[str], str]
    presets: Sequence[Preset] = ()
    needs: Sequence[Need] = ()
    sum: Sum | None = None
    day_label: str = ""
    day_field: str = ""
    private: Mapping[str, str] = field(default_factory=dict)
    menu_entry: str = ""
    order: int = 100

    def counted(self, number: int) -> str:
        """`1 customer`, `1,204 customers`."""
        return f"{number:,} {self.noun if number == 1 else self.nouns}"

    def secret_among(self, mapping: Mapping[str, str]) -> set[str]:
        """The headings whose cells nobody is shown."""
        return {
            heading for heading, name in mapping.items() if name in self.fields and self.fields[name].secret
        }

    def url(self, part: str = "", *args: object) -> str:
        """The address of one of the kind's own pages."""
        return reverse(f"{self.url_name}-{part}" if part else self.url_name, args=args)

    def says(self, word: str) -> str:
        """A reason or warning in words."""
        return self.words.get(word, word.replace("_", " "))


kinds: Registry[ImportKind] = Registry("import kind")

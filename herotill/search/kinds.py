"""Which kinds of objects the global search knows; apps register theirs in their wiring."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from herotill.registry import Registry


@dataclass(frozen=True, slots=True)
class Row:
    """What a search document says about the object it stands for."""

    place: int
    kind: str
    object_id: int
    customer_id: int | None
    code: str
    title: str
    detail: str
    state: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchKind:
    """One kind of search documents; its name is that of its partition and of its function `search_of_<name>`.

    Only who holds `permission` is asked about it at all. `chips` gives label and tone for a state worth
    showing. A kind `of` another finds the same objects by what fewer people may see; its hits stand
    among the other's. A kind with `own` has no documents: it is asked with the folded text without its spaces,
    and gives at most so many rows itself, by an index of its own.
    """

    name: str
    label: str
    permission: str
    url: Callable[[Row], str]
    icon: str = "document"
    chips: Mapping[str, tuple[str, str]] = field(default_factory=dict)
    of: str = ""
    own: Callable[[str, int], list[Row]] | None = None
    order: int = 100

    @property
    def group(self) -> str:
        return self.of or self.name


search_kinds: Registry[SearchKind] = Registry("search kind")

"""Where a person is in a list, as the page's address says it: filters, search, order, page, view."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any
from urllib.parse import urlencode

from django.http import QueryDict

SIZES = (10, 25, 50, 100, 250)
USUAL_SIZE = 50
LONGEST_SEARCH = 100


@dataclass(frozen=True, slots=True)
class State:
    """The address of a page of a list, taken apart. `filters` are pairs, in the order of the address."""

    filters: tuple[tuple[str, str], ...] = ()
    search: str = ""
    sort: str = ""
    after: str = ""
    before: str | None = None
    view: int | None = None
    panel: bool = False
    size: int | None = None

    @classmethod
    def read(cls, query: QueryDict, filter_names: Sequence[str]) -> State:
        """The state that an address holds; what it does not know is left out."""
        filters = tuple((name, value) for name in filter_names for value in query.getlist(name) if value)
        view = query.get("view", "")
        return cls(
            filters=filters,
            search=query.get("q", "").replace("\0", "").strip()[:LONGEST_SEARCH],
            sort=query.get("sort", ""),
            after=query.get("after", ""),
            before=query.get("before"),
            view=int(view) if view.isascii() and view.isdigit() and len(view) < 10 else None,
            panel=query.get("panel") == "1",
            size=next((size for size in SIZES if query.get("size") == str(size)), None),
        )

    @property
    def pairs(self) -> list[tuple[str, str]]:
        """The address again, in a fixed order; the page within the list comes last."""
        found = list(self.filters)
        named: list[tuple[str, Any]] = [
            ("q", self.search),
            ("sort", self.sort),
            ("size", self.size),
            ("view", self.view),
        ]
        named += [("panel", "1" if self.panel else ""), ("after", self.after)]
        found += [(name, str(value)) for name, value in named if value]
        if self.before is not None:
            found.append(("before", self.before))
        return found

    @property
    def query(self) -> str:
        """The address's query. It is never empty, for the bare address opens what the person left there."""
        return urlencode(self.pairs) or "all=1"

    def to(self, **changes: Any) -> State:
        """The state of a neighbouring page. A new order, filter or search begins at the first."""
        return replace(self, **({"after": "", "before": None} | changes))

    def without(self, name: str) -> State:
        """The state with one filter taken off."""
        return self.to(filters=tuple(pair for pair in self.filters if pair[0] != name))

    @property
    def narrowing(self) -> State:
        """What decides which rows, in which order: all but the page and the panel."""
        return self.to(panel=False, size=None)

    @property
    def data(self) -> QueryDict:
        """The filters as a form takes them."""
        return QueryDict(urlencode(self.filters))

    @property
    def asked(self) -> QueryDict:
        """The filters and what was typed into the search box, as `q`."""
        return QueryDict(urlencode([*self.filters, ("q", self.search)]))

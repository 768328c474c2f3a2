"""What a person chose for a list: columns, rows a page, filters, and the view it opens with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any

from herotill.lists.state import SIZES, USUAL_SIZE
from herotill.users.selectors import preferences
from herotill.users.services.preferences import keep


@dataclass(frozen=True, slots=True)
class Remembered:
    """One person's choices for one list. `columns` by view: "" is the list without one."""

    columns: dict[str, list[str]] = field(default_factory=dict)
    size: int = USUAL_SIZE
    query: str = ""
    view: int | None = None

    def columns_for(self, view: int | None) -> list[str]:
        return self.columns.get(str(view or ""), [])

    def with_columns(self, view: int | None, names: Sequence[str]) -> Remembered:
        """The same with other columns; none means the usual ones."""
        others = {key: value for key, value in self.columns.items() if key != str(view or "")}
        return replace(self, columns=others | ({str(view or ""): list(names)} if names else {}))

    def sized(self, size: int) -> Remembered:
        return replace(self, size=size)

    def at(self, query: str) -> Remembered:
        return replace(self, query=query)

    def opening_with(self, view: int | None) -> Remembered:
        return replace(self, view=view)


def key(list_name: str) -> str:
    return f"list:{list_name}"


def accepts(value: Any) -> bool:
    """Whether a value may be kept as somebody's choices for a list."""
    return isinstance(value, dict) and value.keys() <= {one.name for one in fields(Remembered)}


def load(*, user: Any, list_name: str) -> Remembered:
    """What this person chose; what was kept by an older version and makes no sense is left out."""
    kept = preferences.one(user=user, key=key(list_name))
    known = kept if isinstance(kept, dict) else {}
    view = known.get("view")
    return Remembered(
        columns=_columns(known.get("columns")),
        size=next((size for size in SIZES if size == known.get("size")), USUAL_SIZE),
        query=str(known.get("query", "")),
        view=view if isinstance(view, int) else None,
    )


def _columns(kept: Any) -> dict[str, list[str]]:
    """What is a list of names by view; anything may have been sent."""
    known = kept if isinstance(kept, dict) else {}
    return {
        view: [name for name in names if isinstance(name, str)]
        for view, names in known.items()
        if isinstance(names, list)
    }


def save(*, user: Any, list_name: str, remembered: Remembered) -> None:
    """Keep it for the next time, on whatever machine."""
    keep(user=user, key=key(list_name), value=asdict(remembered))
    user._preferences = None

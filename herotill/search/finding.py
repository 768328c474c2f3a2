"""Finding: one question to the documents of every kind a person may find, and to the screens."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.db import connections

from herotill.access import may
from herotill.reading import reading
from herotill.search.kinds import Row, SearchKind, search_kinds
from herotill.search.query import Query, parse
from herotill.search.screens import screens

_ASK = "SELECT * FROM house_search(%s, %s, %s, nullif(%s, '')::tsquery, %s, nullif(%s, '')::tsquery, %s)"
_EXACT = 1


@dataclass(frozen=True, slots=True)
class Hit:
    """One answer. `chip` is a label and its tone; `exact` means the text was its code."""

    title: str
    url: str
    icon: str
    code: str = ""
    detail: str = ""
    chip: tuple[str, str] | None = None
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    """The answers of one kind, exact ones first; `more` says that there are others."""

    name: str
    label: str
    hits: tuple[Hit, ...]
    more: bool = False


@dataclass(frozen=True, slots=True)
class Found:
    """All answers, by kind; kinds with an exact answer come first."""

    text: str
    words: tuple[str, ...]
    groups: tuple[Group, ...]

    @property
    def exact(self) -> list[Hit]:
        return [hit for group in self.groups for hit in group.hits if hit.exact]

    def __bool__(self) -> bool:
        return bool(self.groups)


def find(user: Any, text: str, *, kinds: Collection[str] | None = None, limit: int = 8) -> Found:
    """What `text` may mean to this person: at most `limit` hits a kind, and screens unless `kinds` are given."""
    query = parse(text)
    asked = permitted(user, kinds)
    rows = _ask(query, asked, limit + 1)
    groups = list(_groups(rows, limit))
    if kinds is None and (found := screens(user, query.words)):
        groups.append(
            Group("screen", "Screens", tuple(Hit(one.label, one.url, one.icon) for one in found[:limit]))
        )
    groups.sort(key=lambda group: not group.hits[0].exact)
    return Found(text.strip(), query.words, tuple(groups))


def ids(text: str, *, kind: str, limit: int, user: Any) -> list[int]:
    """The ids of at most `limit` objects of one kind, the best first, for the search box of their list."""
    rows = _ask(parse(text), permitted(user, [kind]), limit)
    return list(dict.fromkeys(row.object_id for row in sorted(rows, key=lambda row: row.place)))[:limit]


def permitted(user: Any, kinds: Collection[str] | None) -> list[SearchKind]:
    """Kinds this person may find; one `of` another asks the right to that one too."""
    wanted = (one for one in search_kinds if kinds is None or one.group in kinds)
    return [
        one for one in wanted if may(user, one.permission) and may(user, search_kinds[one.group].permission)
    ]


def _ask(query: Query, kinds: Iterable[SearchKind], limit: int) -> list[Row]:
    asked = list(kinds)
    found = [row for one in asked if one.own and query for row in one.own(query.exact, limit)]
    return found + _documents(query, [one.name for one in asked if not one.own], limit)


def _documents(query: Query, names: list[str], limit: int) -> list[Row]:
    if not query or not names:
        return []
    with connections[reading()].cursor() as cursor:
        words: list[Any] = [query.exact, query.starts, query.keys, query.beginning, query.checks]
        cursor.execute(_ASK, [names, *words, limit])
        return [Row(*row) for row in cursor.fetchall()]


def _groups(rows: list[Row], limit: int) -> Iterator[Group]:
    """The rows by the kind they are of, each address once."""
    of = {one.name: search_kinds[one.group] for one in search_kinds}
    rows = sorted(rows, key=lambda row: (of[row.kind].order, of[row.kind].name, row.place))
    for kind, members in groupby(rows, key=lambda row: of[row.kind]):
        hits: dict[str, Hit] = {}
        for row in members:
            hit = _hit(row, search_kinds[row.kind])
            hits.setdefault(hit.url, hit)
        yield Group(kind.name, kind.label, tuple(hits.values())[:limit], len(hits) > limit)


def _hit(row: Row, kind: SearchKind) -> Hit:
    return Hit(
        title=row.title,
        url=kind.url(row),
        icon=kind.icon,
        code=row.code,
        detail=row.detail,
        chip=kind.chips.get(row.state),
        exact=row.place == _EXACT,
    )

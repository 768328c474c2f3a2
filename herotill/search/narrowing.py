"""What was typed into the search box of a list, as a condition on its rows: all that match, however many.

Nobody can guess how many words begin so. Few matches are fetched by their ids. Where there are many, a list
sorted by something else is walked in its order until a page is full, each row asking for its own document;
sorted by name, which goes together with what is searched, the matches are gathered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db import connections
from django.db.models import QuerySet

from herotill.reading import reading
from herotill.search.finding import permitted
from herotill.search.query import Query, parse

MANY = 3000
_HOLDS = "words @@ %s::tsquery AND (%s = '' OR ts_match_vq(words, nullif(%s, '')::tsquery))"
# MATERIALIZED has the index used, though the planner thinks the first rows of the table would do.
_FIRST = f"""
WITH matches AS MATERIALIZED (SELECT object_id FROM house_searchdocument WHERE kind = %s AND {_HOLDS})
SELECT object_id FROM matches LIMIT {MANY + 1}
"""
# An array, for the planner always thinks that short, and neither walks.
_GATHER = (
    f"{{table}}.id = ANY (ARRAY(SELECT object_id FROM house_searchdocument WHERE kind = %s AND {_HOLDS}))"
)
# OFFSET 0 keeps the planner from turning the walk round.
_WALK = f"""
EXISTS (SELECT 1 FROM house_searchdocument d WHERE d.kind = %s AND d.object_id = {{table}}.id AND {_HOLDS} OFFSET 0)
"""


@dataclass(frozen=True, slots=True)
class Narrowing:
    """The rows that match: some by their ids, and those of whole questions. `name` is the field of names."""

    ids: list[int]
    questions: list[list[str]]
    name: str

    def __call__(self, rows: QuerySet[Any], along: str = "") -> QuerySet[Any]:
        """Those of `rows` that match; `along` is the field by which they are about to be walked, if any."""
        way = _WALK if along not in ("", self.name) else _GATHER
        conditions = [way] * len(self.questions)
        values: list[Any] = [one for asked in self.questions for one in asked]
        if self.ids or not self.questions:
            conditions, values = ["{table}.id = ANY (%s)", *conditions], [self.ids, *values]
        where = " OR ".join(conditions).format(table=rows.model._meta.db_table)
        return rows.extra(where=[where], params=values)


def narrowing(text: str, *, kind: str, user: Any, name: str = "name_key") -> Narrowing | None:
    """What `text` means to a list of objects of one kind; None where too little was typed for the index."""
    query = parse(text)
    if not query.keys:
        return None
    ids: list[int] = []
    questions = []
    for one in permitted(user, [kind]):
        asked = _asked(one.name, query)
        found = _first(asked)
        if len(found) > MANY:
            questions.append(asked)
        else:
            ids += found
    return Narrowing(ids, questions, name)


def _asked(kind: str, query: Query) -> list[str]:
    return [kind, query.keys, query.checks, query.checks]


def _first(asked: list[str]) -> list[int]:
    with connections[reading()].cursor() as cursor:
        cursor.execute(_FIRST, asked)
        return [pk for (pk,) in cursor.fetchall()]

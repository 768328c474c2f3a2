"""The global search: documents that each app keeps by triggers, and one way to ask them.

An app makes its kind known in three steps. A migration defines `search_of_<kind>(ids bigint[])`, which
gives the documents of those objects (all for NULL), and calls `house_search_kind('<kind>')`. Triggers on
its tables call `house_search_write('<kind>', ids)`. Its wiring registers a `SearchKind`.
"""

from herotill.search.finding import Found, Group, Hit, find, ids
from herotill.search.kinds import Row, SearchKind, search_kinds
from herotill.search.marking import marked

__all__ = ["Found", "Group", "Hit", "Row", "SearchKind", "find", "ids", "marked", "search_kinds"]

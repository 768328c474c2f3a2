"""The bones of every list.

A list is declared once (`List`) with its columns, filters and bulk actions, which other apps may add to;
the bones give it pages both ways at any depth, sorting, search, filters as chips, a column picker, saved
views, bulk deeds with undo, and exports. `herotill.lists.urls.of_list` gives its addresses.
"""

from herotill.lists.bulk import BulkAction, Done
from herotill.lists.cells import Cell, Link, Tag
from herotill.lists.columns import Column
from herotill.lists.filters import ListFilter
from herotill.lists.keyset import Empty, Sort
from herotill.lists.lists import List, PageAction, RowAction, Search, lists

__all__ = [
    "BulkAction",
    "Cell",
    "Column",
    "Done",
    "Empty",
    "Link",
    "List",
    "ListFilter",
    "PageAction",
    "RowAction",
    "Search",
    "Sort",
    "Tag",
    "lists",
]

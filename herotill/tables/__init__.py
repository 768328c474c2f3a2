"""Small tables that people keep in Setup: groups, labels, highsites and the like.

A table is declared once (`Table`); the house gives it a list, dialogs to add, change, retire and delete a
row, an entry under Setup, and asks the model's own rights. A row in use is never deleted, only retired.
"""

from herotill.tables.tables import Table, keep, tables

__all__ = ["Table", "keep", "tables"]

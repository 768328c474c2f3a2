"""The rights to bring packages and data accounts in, and to see reports of usage."""

from __future__ import annotations

from herotill.users.grants import right

right(
    "dataaccounts.import_dataaccounts",
    "import packages, data accounts and old user names",
    screen="Import and export",
    to=("manager",),
)
right(
    "dataaccounts.see_usage_reports",
    "see reports of usage: who used most, and where",
    screen="Reports",
    to=("manager", "support", "technician"),
)

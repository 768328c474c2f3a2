"""Where data accounts stand in the navigation and in the global search. Slices register entries with
`parent="dataaccounts"`."""

from __future__ import annotations

from django.urls import reverse

from dataaccounts.selectors.found import by_username
from herotill.menu import MenuEntry, Section, menu, setup_sections
from herotill.search import Row, SearchKind, search_kinds

setup_sections.register(Section("network", "Network", 442))
setup_sections.register(Section("voice", "Voice", 540))
menu.register(
    MenuEntry(
        "dataaccounts",
        "Data accounts",
        "dataaccounts:accounts",
        "dataaccounts.view_dataaccount",
        "signal",
        25,
        gathers=True,
        about="Data accounts, packages, the network they come over, and what is used.",
    )
)
for name, label, url_name, right, order in (
    ("accounts", "List accounts", "dataaccounts:accounts", "dataaccounts.view_dataaccount", 10),
    ("packages", "Packages", "dataaccounts:packages", "dataaccounts.view_package", 20),
):
    menu.register(
        MenuEntry(f"dataaccounts.{name}", label, url_name, right, order=order, parent="dataaccounts")
    )
menu.register(
    MenuEntry(
        "setup.network-rules",
        "Network rules",
        "dataaccounts:rules",
        "dataaccounts.view_networkrules",
        "signal",
        449,
        parent="setup",
        about="Suspended accounts, checks before activation, and how long records of the network are kept.",
    )
)


def _account(row: Row) -> str:
    return reverse("dataaccounts:account", args=[row.object_id])


search_kinds.register(
    SearchKind(
        name="dataaccount",
        label="Data accounts",
        permission="dataaccounts.view_dataaccount",
        url=_account,
        icon="signal",
        chips={"suspended": ("Suspended", "bad"), "cancelled": ("Cancelled", "")},
        own=by_username,
        order=15,
    )
)

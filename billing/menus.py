"""Where billing stands in the navigation and in the global search. Slices register entries with `parent="billing"`
or `parent="collections"`."""

from __future__ import annotations

from django.urls import reverse

from billing.selectors.documents import numbered
from herotill.menu import MenuEntry, Section, menu, setup_sections
from herotill.search import Row, SearchKind, search_kinds

setup_sections.register(Section("billing", "Billing and collections", 455))
menu.register(
    MenuEntry(
        "billing",
        "Billing",
        "billing:documents",
        "billing.view_document",
        "banknotes",
        30,
        gathers=True,
        about="Invoices, receipts, what is owed, and the month-end.",
    )
)
menu.register(
    MenuEntry(
        "collections",
        "Collections",
        "billing:suspensions",
        "billing.view_suspensioncase",
        "scale",
        32,
        gathers=True,
        about="How money comes in, and what happens when it does not.",
    )
)
menu.register(
    MenuEntry(
        "billing.documents",
        "Documents",
        "billing:documents",
        "billing.view_document",
        order=10,
        parent="billing",
    )
)
menu.register(
    MenuEntry(
        "billing.import", "Import", "billing:import", "billing.import_billing", order=90, parent="billing"
    )
)


def _document(row: Row) -> str:
    return reverse("billing:document", args=[row.object_id])


search_kinds.register(
    SearchKind(
        name="document",
        label="Documents",
        permission="billing.view_document",
        url=_document,
        icon="document-text",
        own=numbered,
        order=20,
    )
)

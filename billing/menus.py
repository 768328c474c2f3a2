"""Where billing stands in the navigation. Slices register entries with `parent="billing"`."""

from __future__ import annotations

from herotill.menu import MenuEntry, menu

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

"""Where imports of data accounts stand in the navigation."""

import dataaccounts.imports
import dataaccounts.rights.importing  # noqa: F401
from herotill.menu import MenuEntry, menu

menu.register(
    MenuEntry(
        "dataaccounts.import",
        "Import",
        "dataaccounts:import",
        "dataaccounts.import_dataaccounts",
        order=90,
        parent="dataaccounts",
    )
)

"""The import of customer groups, as the wizard and `import_csv` know it."""

from __future__ import annotations

from django.urls import reverse

from customers.services import group_import
from herotill.imports.fields import Field, by_name
from herotill.imports.kinds import ImportKind, Need
from herotill.imports.presets import Preset
from herotill.imports.work import register

REASONS = {
    "blank_row": "A row without anything in it.",
    "wrong_columns": "It has more cells than there are headings.",
    "no_name": "It has no name.",
    "too_long": "A text is longer than can be kept.",
    "unchanged": "It is there already, just so.",
}

groups = register(
    ImportKind(
        name="groups",
        title="Import customer groups",
        noun="customer group",
        nouns="customer groups",
        permission="customers.import_customers",
        roll_back_permission="customers.roll_back_import",
        url_name="customers:import-groups",
        fields=by_name(
            [
                Field("name", "Name", free_text=True),
                Field("description", "Description", free_text=True),
            ]
        ),
        report=group_import.REPORT,
        words=REASONS,
        decide=group_import.decide,
        apply=group_import.apply,
        plan=group_import.plan,
        take_back=group_import.take_back,
        url_of=lambda name: reverse("setup-customer-groups"),
        presets=(Preset("Customer groups", {"Name": "name", "Description": "description"}),),
        needs=(
            Need("outcome", "create", "customers.add_customergroup", "This adds groups, which you may not."),
            Need(
                "outcome",
                "update",
                "customers.change_customergroup",
                "This changes groups, which you may not.",
            ),
        ),
        menu_entry="customers.import",
        order=5,
    )
)

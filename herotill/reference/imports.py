"""The import of products, as the wizard and `import_csv` know it."""

from __future__ import annotations

from django.urls import reverse

from herotill.imports.fields import Field, by_name
from herotill.imports.kinds import ImportKind, Need
from herotill.imports.presets import Preset
from herotill.imports.work import register
from herotill.reference.services import importing, rolling_back

REASONS = {
    "blank_row": "A row without anything in it.",
    "wrong_columns": "It has more cells than there are headings.",
    "unchanged": "It is there already, just so.",
    "no_code": "It has no code.",
    "bad_code": "The code is not up to thirty capital letters, figures and . _ / + -.",
    "no_name": "A new product needs a name.",
    "too_long": "A text is longer than can be kept.",
    "unknown_vat_class": "The VAT class is none of standard, zero and exempt.",
    "bad_includes_vat": "Whether the price includes VAT is neither yes nor no.",
    "bad_price": "The price is no amount, or below zero.",
    "bad_date": "The date is none.",
    "no_date": "It does not say from when the price counts.",
    "type_created": "A type that was not there is created.",
    "list_created": "A price list that was not there is created.",
    "price_kept": "Another price counts from that day already; it stays.",
}
HEADINGS = {
    "Code": "code",
    "Name": "name",
    "Description": "description",
    "Type": "type",
    "VAT class": "vat_class",
    "Price": "price",
    "Includes VAT": "includes_vat",
    "Starts on": "starts_on",
    "Price list": "price_list",
}

products = register(
    ImportKind(
        name="products",
        title="Import products",
        noun="product",
        nouns="products",
        permission="reference.import_products",
        roll_back_permission="reference.roll_back_product_import",
        url_name="reference:import-products",
        fields=by_name(
            [
                Field("code", "Code"),
                Field("name", "Name", free_text=True),
                Field("description", "Text on invoices", free_text=True),
                Field("type", "Type", free_text=True),
                Field("vat_class", "VAT class"),
                Field("price", "Price", permission="reference.add_price"),
                Field("includes_vat", "Includes VAT"),
                Field("starts_on", "Starts on"),
                Field("price_list", "Price list", free_text=True),
            ]
        ),
        report=importing.REPORT,
        words=REASONS,
        decide=importing.decide,
        apply=importing.apply,
        plan=rolling_back.plan,
        take_back=rolling_back.take_back,
        url_of=lambda code: f"{reverse('reference:products')}?q={code}",
        presets=(Preset("Products", HEADINGS),),
        needs=(
            Need("outcome", "create", "reference.add_product", "This creates products, which you may not."),
            Need(
                "outcome", "update", "reference.change_product", "This changes products, which you may not."
            ),
            Need(
                "warning",
                "type_created",
                "reference.add_producttype",
                "The file brings new types of products, and you may not add any.",
            ),
            Need(
                "warning",
                "list_created",
                "reference.add_pricelist",
                "The file brings new price lists, and you may not add any.",
            ),
        ),
        day_label="Prices without a date count from",
        day_field="price",
        menu_entry="setup.products-import",
        order=20,
    )
)

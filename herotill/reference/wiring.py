"""What the things that several apps point at add to the shell."""

from __future__ import annotations

from django.urls import reverse

from herotill.demo import DemoPart, demo_parts
from herotill.folding import Fold
from herotill.lists import Column, cells, keyset
from herotill.menu import MenuEntry, Section, menu, setup_sections
from herotill.reference import imports, moving  # noqa: F401
from herotill.reference.demo import make_company_and_products
from herotill.reference.forms.tables import HighsiteForm, PriceListForm, ProductTypeForm
from herotill.reference.models import Highsite, PriceList, ProductType
from herotill.reference.selectors.company import is_nameless
from herotill.reference.selectors.vat import lacks_vat_number
from herotill.reference.views import listing
from herotill.search import Row, SearchKind, search_kinds
from herotill.tables import keep
from herotill.tiles import Hint, hints
from herotill.users.grants import EVERYBODY, right

HIGHSITES = "Setup: highsites"
right("reference.view_highsite", "see highsites", screen=HIGHSITES, to=EVERYBODY)
right("reference.add_highsite", "add highsites", screen=HIGHSITES, to=("manager", "technician"))
right("reference.change_highsite", "change highsites", screen=HIGHSITES, to=("manager", "technician"))
right("reference.delete_highsite", "delete highsites", screen=HIGHSITES, to=("manager",))

keep(
    name="highsites",
    model=Highsite,
    title="Highsites",
    noun="highsite",
    nouns="highsites",
    about="The towers and buildings on which our radios stand.",
    icon="signal",
    form=HighsiteForm,
    columns=(
        Column(
            name="town",
            heading="Town",
            fields=("town",),
            annotations=lambda: {"town_key": Fold("town")},
            sort=keyset.by_text("town_key", empty=keyset.Empty.BLANK),
            default=True,
            order=20,
        ),
        Column(
            name="coordinates",
            heading="Coordinates",
            cell=cells.IDENTIFIER,
            fields=("latitude", "longitude"),
            value=lambda row: "" if row["latitude"] is None else f"{row['latitude']}, {row['longitude']}",
            default=True,
            narrow=False,
            order=30,
        ),
    ),
    order=440,
)

PRODUCTS = "Setup: products and prices"
right("reference.view_product", "see products and prices", screen=PRODUCTS, to=EVERYBODY)
right("reference.add_product", "add products", screen=PRODUCTS, to=("manager",))
right("reference.change_product", "change and retire products", screen=PRODUCTS, to=("manager",))
right("reference.delete_product", "delete products that nothing uses", screen=PRODUCTS, to=("manager",))
right("reference.add_price", "set prices from a day on", screen=PRODUCTS, to=("manager",))
right("reference.import_products", "import products", screen=PRODUCTS, to=("manager",))
right(
    "reference.roll_back_product_import", "take an import of products back", screen=PRODUCTS, to=("manager",)
)
for name, nouns in (("producttype", "kinds of products"), ("pricelist", "price lists")):
    right(f"reference.view_{name}", f"see {nouns}", screen=PRODUCTS, to=EVERYBODY)
    right(f"reference.add_{name}", f"add {nouns}", screen=PRODUCTS, to=("manager",))
    right(f"reference.change_{name}", f"change {nouns}", screen=PRODUCTS, to=("manager",))
    right(f"reference.delete_{name}", f"delete {nouns}", screen=PRODUCTS, to=("manager",))

listing.register()
setup_sections.register(Section("company", "Company, banks and books", 280))
setup_sections.register(Section("products", "Products and prices", 300))
menu.register(
    MenuEntry(
        "setup.products",
        "Products",
        "reference:products",
        "reference.view_product",
        "cube",
        300,
        parent="setup",
        about="What we sell, and what it costs from when on.",
    )
)
menu.register(
    MenuEntry(
        "setup.products-import",
        "Import products",
        "reference:import-products",
        "reference.import_products",
        "arrow-up-tray",
        305,
        parent="setup",
        about="Products and prices from a file of another system.",
    )
)
keep(
    name="product-types",
    model=ProductType,
    title="Product types",
    noun="product type",
    nouns="product types",
    about="Bandwidth, voice, hardware: reports add revenue up by them.",
    icon="squares-2x2",
    form=ProductTypeForm,
    order=310,
)
keep(
    name="price-lists",
    model=PriceList,
    title="Price lists",
    noun="price list",
    nouns="price lists",
    about="Prices of their own for some customers.",
    icon="list-bullet",
    form=PriceListForm,
    order=320,
)


def _product(row: Row) -> str:
    return reverse("reference:product", args=[row.object_id])


search_kinds.register(
    SearchKind(
        name="product",
        label="Products",
        permission="reference.view_product",
        url=_product,
        icon="cube",
        chips={"retired": ("Retired", "")},
        order=60,
    )
)

VAT, COMPANY = "Setup: VAT", "Setup: company"
BOOKS = ("manager", "accounts")
right("reference.view_vatrate", "see VAT rates and our VAT status", screen=VAT, to=BOOKS)
right("reference.add_vatrate", "announce VAT rates", screen=VAT, to=("manager",))
right("reference.change_vatrate", "withdraw announced VAT rates", screen=VAT, to=("manager",))
right("reference.add_vendorstatus", "change our VAT status", screen=VAT, to=("manager",))
right("reference.change_vendorstatus", "change our VAT number", screen=VAT, to=("manager",))
right("reference.view_company", "see the company's details", screen=COMPANY, to=EVERYBODY)
right("reference.change_company", "change the company's details and logo", screen=COMPANY, to=("manager",))
SETUP_PAGES = (
    ("company", "Company", "company", "reference.view_company", "building-office", "Name, address and logo."),
    ("vat", "VAT", "vat", "reference.view_vatrate", "receipt-percent", "Rates by day, and our own status."),
)
for place, (name, label, url_name, permission, icon, about) in enumerate(SETUP_PAGES):
    menu.register(
        MenuEntry(
            f"setup.{name}",
            label,
            f"reference:{url_name}",
            permission,
            icon,
            280 + place,
            parent="setup",
            about=about,
        )
    )
hints.register(
    Hint(
        name="company",
        what="Say who you are",
        why="Invoices need the name and address of the company.",
        url_name="reference:company",
        permission="reference.change_company",
        needed=is_nameless,
    )
)
hints.register(
    Hint(
        name="vat-number",
        what="Give your VAT number",
        why="Invoices charge VAT, and no number is known. Who is no vendor says so there.",
        url_name="reference:vat",
        permission="reference.change_vendorstatus",
        needed=lacks_vat_number,
    )
)
demo_parts.register(DemoPart("company and products", make_company_and_products, order=15))

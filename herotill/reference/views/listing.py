"""The list of products."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from functools import partial
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone

from herotill.lists import Column, Link, List, ListFilter, PageAction, RowAction, Search, cells, keyset, lists
from herotill.lists.columns import Row
from herotill.reference.models import Product, ProductType
from herotill.reference.selectors import products as reading


def _url(row: Row) -> str:
    return reverse("reference:product", args=[row["pk"]])


def _code(row: Row) -> Link:
    return Link(_url(row), row["code"])


def _search(text: str, user: Any) -> Search:
    return partial(_holding, text)


def _holding(text: str, rows: QuerySet[Any], along: str = "") -> QuerySet[Any]:
    return reading.find(rows, text)


def _prices(ids: Sequence[int]) -> Mapping[int, Decimal]:
    return reading.price_to_everybody(ids, timezone.localdate())


products = List(
    name="products",
    title="Products",
    noun="product",
    nouns="products",
    permission="reference.view_product",
    url_name="reference:products",
    rows=lambda: Product.objects.order_by(),
    default_sort="code",
    action=RowAction(url=_url, label=lambda row: str(row["name"]), fields=("name",)),
    search=_search,
    searches="code or name",
    empty="No products yet. Add the first one, or import them.",
    icon="cube",
    order=400,
)

COLUMNS = (
    Column(
        name="code",
        heading="Code",
        cell=cells.LINK,
        fields=("code",),
        value=_code,
        sort=keyset.by_text("code"),
        default=True,
        order=10,
    ),
    Column(
        name="name",
        heading="Name",
        fields=("name",),
        sort=keyset.by_text("name_key"),
        default=True,
        heads_row=True,
        order=20,
    ),
    Column(
        name="type",
        heading="Type",
        fields=("product_type__name",),
        sort=keyset.by_kind("product_type__name_key"),
        default=True,
        narrow=False,
        order=30,
    ),
    Column(name="price", heading="Price", cell=cells.MONEY, batch=_prices, default=True, order=40),
    Column(
        name="includes_vat",
        heading="With VAT",
        cell=cells.YES,
        fields=("price_includes_vat",),
        sort=keyset.by_flag("price_includes_vat"),
        default=True,
        narrow=False,
        order=50,
    ),
    Column(
        name="vat_class",
        heading="VAT class",
        cell=cells.words(dict(Product.VatClass.choices)),
        fields=("vat_class",),
        default=True,
        narrow=False,
        order=60,
    ),
    Column(
        name="pro_rata",
        heading="Part of a month",
        cell=cells.words(dict(Product.ProRata.choices)),
        fields=("pro_rata",),
        order=70,
    ),
    Column(
        name="description", heading="Text on invoices", cell=cells.CLIPPED, fields=("description",), order=80
    ),
    Column(
        name="state",
        heading="State",
        cell=cells.chips({False: ("Sold", "ok"), True: ("Retired", "")}),
        fields=("retired",),
        sort=keyset.by_flag("retired"),
        default=True,
        narrow=False,
        order=90,
    ),
)
FILTERS = (
    ListFilter(
        name="type",
        filter=django_filters.ModelChoiceFilter(
            field_name="product_type", queryset=ProductType.objects.all(), label="Type", empty_label="Any"
        ),
        order=10,
    ),
    ListFilter(
        name="vat_class",
        filter=django_filters.ChoiceFilter(
            field_name="vat_class", label="VAT class", choices=Product.VatClass.choices, empty_label="Any"
        ),
        order=20,
    ),
    ListFilter(
        name="state",
        filter=django_filters.ChoiceFilter(
            label="State",
            choices=[("false", "Sold"), ("true", "Retired")],
            empty_label="Any",
            method=lambda rows, name, value: rows.filter(retired=value == "true"),
        ),
        order=30,
    ),
)


def register() -> None:
    """Have the house keep this list, with its columns, filters and the way to a new product."""
    lists.register(products)
    for column in COLUMNS:
        products.columns.register(column)
    for one in FILTERS:
        products.filters.register(one)
    products.actions.register(
        PageAction(
            name="new",
            label="New product",
            url_name="reference:product-new",
            permission="reference.add_product",
        )
    )

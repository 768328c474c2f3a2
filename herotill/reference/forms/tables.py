"""The forms of the small tables: highsites, kinds of products, price lists."""

from __future__ import annotations

from herotill.reference.models import Highsite, PriceList, ProductType
from herotill.tables.forms import TableForm


class HighsiteForm(TableForm):
    """A tower or building with our radios."""

    class Meta:
        model = Highsite
        fields = ["name", "town"]


class ProductTypeForm(TableForm):
    """A kind of product."""

    class Meta:
        model = ProductType
        fields = ["name"]


class PriceListForm(TableForm):
    """A list of prices of its own."""

    class Meta:
        model = PriceList
        fields = ["name"]

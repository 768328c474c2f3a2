"""The forms of the small tables: highsites, kinds of products, price lists."""

from __future__ import annotations

from typing import Any

from herotill.reference.models import Highsite, PriceList, ProductType
from herotill.tables.forms import TableForm


class HighsiteForm(TableForm):
    """A tower or building with our radios."""

    class Meta:
        model = Highsite
        fields = ["name", "town", "latitude", "longitude"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        given = [data.get(name) is not None for name in ("latitude", "longitude")]
        if given.count(True) == 1 and not self.errors:
            self.add_error("longitude" if given[0] else "latitude", "Give both coordinates, or neither.")
        return data


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

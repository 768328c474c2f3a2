"""Products and their prices."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms as django_forms
from django.db.models import Q

from herotill import forms
from herotill.reference.models import PriceList, Product, ProductType

FROM = django_forms.DateInput(attrs={"type": "date"})


class ProductForm(forms.ModelForm):
    """What a product is. Its prices are dated and have a form of their own."""

    class Meta:
        model = Product
        fields = [
            "code",
            "name",
            "product_type",
            "vat_class",
            "description",
            "price_includes_vat",
            "pro_rata",
        ]
        labels: ClassVar = {"description": "Text on invoices"}
        help_texts: ClassVar = {"description": "Without one customers read the name."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        held = self.instance.product_type_id
        offered: Any = self.fields["product_type"]
        offered.queryset = ProductType.objects.filter(Q(retired=False) | Q(pk=held))
        offered.empty_label = "Choose a type"
        code: Any = self.fields["code"]
        code.widget.attrs |= {"autocapitalize": "characters", "spellcheck": "false"}
        code.clean = lambda value: type(code).clean(code, str(value or "").strip().upper())

    def _get_validation_exclusions(self) -> set[str]:
        # Whether a code is taken is left to the database, which says so whoever comes first.
        return super()._get_validation_exclusions() | {"code"}  # type: ignore[misc]


class NewProductForm(ProductForm):
    """A new product, with what it costs everybody to begin with."""

    amount = forms.AmountField(label="Price", min_value=0, required=False)
    starts_on = django_forms.DateField(label="Price from", required=False, widget=FROM)

    field_order = ("code", "name", "product_type", "vat_class", "amount", "starts_on")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("amount") is not None and not data.get("starts_on"):
            self.add_error("starts_on", "Say from which day the price counts.")
        return data


class PriceForm(forms.Form):
    """A price from a day on, for everybody or for one list."""

    price_list = django_forms.ModelChoiceField(
        PriceList.objects.filter(retired=False), label="For", required=False, empty_label="Everybody"
    )
    starts_on = django_forms.DateField(label="From", widget=FROM)
    amount = forms.AmountField(label="Price a unit", min_value=0)

"""What a package is asked."""

from __future__ import annotations

from typing import Any

from dataaccounts.forms.fields import DataField, SpeedField
from dataaccounts.models import Package
from herotill.forms import ModelForm
from herotill.reference.models import Product


class PackageForm(ModelForm):
    """A package: speeds in Mb/s, the allowance in GB."""

    down_kbit = SpeedField(label="Download")
    up_kbit = SpeedField(label="Upload")
    burst_down_kbit = SpeedField(
        required=False, label="Download in a burst", help_text="In Mb/s. Empty: no burst."
    )
    burst_up_kbit = SpeedField(
        required=False, label="Upload in a burst", help_text="In Mb/s. Empty: no burst."
    )
    allowance = DataField(
        required=False, label="Allowance a month", help_text="In GB of 1,000 MB. Empty: uncapped."
    )

    class Meta:
        model = Package
        fields = (
            "name",
            "product",
            "down_kbit",
            "up_kbit",
            "burst_down_kbit",
            "burst_up_kbit",
            "burst_seconds",
            "sessions",
            "allowance",
            "counts",
            "when_capped",
            "once_capped",
            "pool",
            "session_seconds",
            "idle_seconds",
            "staff",
            "any_topping_restores",
            "mac_lock",
            "in_portal",
        )
        labels = {"counts": "What counts", "when_capped": "When it is used up"}
        help_texts = {
            "burst_seconds": "A burst lasts until the average over these seconds reaches the speed.",
            "counts": "Against the allowance.",
            "once_capped": "The package whose speed counts from then until a topping or the month's turn.",
            "pool": "Of the router's, from which addresses are given. Empty: the router chooses.",
            "sessions": "How many devices may be connected under one user name.",
            "session_seconds": "Empty: no limit.",
            "idle_seconds": "Cut after so long without traffic. Empty: never.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        product, capped = self.fields["product"], self.fields["once_capped"]
        sold = Product.objects.filter(retired=False).order_by("name_key")
        product.queryset = sold | Product.objects.filter(pk=self.instance.product_id)  # type: ignore[attr-defined]
        others = Package.objects.exclude(pk=self.instance.pk)
        capped.queryset = others  # type: ignore[attr-defined]

    def values(self) -> dict[str, Any]:
        """What was asked, by the names of the package's fields."""
        return {name: self.cleaned_data[name] for name in self.Meta.fields}

    def clean(self) -> dict[str, Any]:
        """Where it goes on reduced, with which service."""
        asked = super().clean() or {}
        reduces = asked.get("allowance") and asked.get("when_capped") == Package.WhenCapped.REDUCE
        if reduces and not asked.get("once_capped") and "once_capped" not in self.errors:
            self.add_error("once_capped", "Say with which service it goes on once capped.")
        return asked

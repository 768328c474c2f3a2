"""The forms of routers, sectors and makes."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import URLValidator

from dataaccounts.models import Nas, NetworkRules, Sector, VendorAttribute, VendorTemplate
from dataaccounts.selectors.rules import garden_hangs_on, makes_garden, rules
from herotill.forms import ModelForm
from herotill.tables.forms import TableForm

FIELDS = (
    "package",
    "pool",
    "down_kbit",
    "up_kbit",
    "down_bit",
    "up_bit",
    "burst_down_kbit",
    "burst_up_kbit",
    "burst_seconds",
    "threshold_down_kbit",
    "threshold_up_kbit",
)
"""What a value may hold in braces; the database refuses others."""
GARDEN_NEEDS_IT = (
    "Suspended accounts are let into the walled garden, and this is all that this make is told for them."
)


class NasForm(TableForm):
    """A router. Its API's password and its SNMP community belong to its address and go with it."""

    web_url = forms.URLField(
        label="Its web page",
        required=False,
        assume_scheme="https",
        validators=[URLValidator(schemes=["http", "https"])],
    )

    class Meta:
        model = Nas
        fields = [
            "name",
            "address",
            "vendor",
            "highsite",
            "require_message_authenticator",
            "swap_directions",
            "coa_port",
            "coa_per_second",
            "interim_seconds",
            "web_url",
            "api_port",
            "api_user",
            "api_password",
            "snmp_community",
        ]

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        if Nas.objects.filter(address=address).exclude(pk=self.instance.pk).exists():
            raise ValidationError("Another router has this address.")
        return address

    def clean_vendor(self) -> VendorTemplate:
        vendor: VendorTemplate = self.cleaned_data["vendor"]
        if rules().suspended == NetworkRules.Suspended.GARDEN and not makes_garden(vendor):
            raise ValidationError(
                f"{vendor} is told nothing for suspended accounts, which are let into the walled garden: its routers"
                " would let them in as if they were not. Say first what it is told."
            )
        return vendor

    def _post_clean(self) -> None:
        """An address that changes takes nobody's password along: what was kept for it is forgotten."""
        moved = self.instance.pk is not None and "address" in self.changed_data
        super()._post_clean()  # type: ignore[misc]
        for name in ("api_password", "snmp_community"):
            if moved and not self.cleaned_data.get(name):
                setattr(self.instance, name, "")


class SectorForm(TableForm):
    """A sector of a highsite."""

    class Meta:
        model = Sector
        fields = ["name", "highsite", "nas"]


class MakeForm(TableForm):
    """A make of router."""

    class Meta:
        model = VendorTemplate
        fields = ["name", "slug", "can_change_speed"]

    def clean_slug(self) -> str:
        slug: str = self.cleaned_data["slug"]
        if VendorTemplate.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists():
            raise ValidationError("Another make has this short name.")
        return slug


class AttributeForm(ModelForm):
    """What a make is told: an attribute, and a value with fields in braces."""

    class Meta:
        model = VendorAttribute
        fields = ["answers", "attribute", "value", "changes_live"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        known = ", ".join(f"{{{name}}}" for name in FIELDS)
        self.fields[
            "value"
        ].help_text = (
            f"May hold {known}. What stands in [ ] goes where a field in it is empty; so does the whole row."
        )

    def clean_value(self) -> str:
        value: str = self.cleaned_data["value"]
        if unknown := [name for name in re.findall(r"\{([^{}]*)\}", value) if name not in FIELDS]:
            raise ValidationError(f"There is no field {{{unknown[0]}}}.")
        bare = re.sub(r"\{[^{}]*\}", "", value)
        if "{" in bare or "}" in bare or re.search(r"['\"`\\]", value):
            raise ValidationError("No quotation marks, no \\, and braces only around a field.")
        return value

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or {}
        same = VendorAttribute.objects.filter(
            vendor=self.instance.vendor_id, answers=data.get("answers"), attribute=data.get("attribute")
        )
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error("attribute", "This make is told that attribute already.")
        if data.get("answers") != self.instance.answers and garden_hangs_on(self.instance):
            self.add_error("answers", GARDEN_NEEDS_IT)
        return data

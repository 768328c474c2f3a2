from django import forms

from customers.models import Address
from herotill.forms import ModelForm


class AddressForm(ModelForm):
    """An address; `label` says what stands there when it is an additional one."""

    class Meta:
        model = Address
        fields = ["kind", "label", "lines", "suburb", "town", "postal_code", "directions"]
        widgets = {
            "lines": forms.Textarea(attrs={"rows": 3, "wide": True}),
            "directions": forms.Textarea(attrs={"rows": 2, "wide": True}),
        }
        help_texts = {"label": "Such as cottage, shop or tower."}

    def clean(self) -> dict[str, object]:
        data = super().clean() or self.cleaned_data
        if not any(data.get(name) for name in ("lines", "suburb", "town", "postal_code")) and not self.errors:
            self.add_error("lines", "Write at least a street, a box or a town.")
        return data

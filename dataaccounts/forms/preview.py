"""What of a change's dialog says what it would mean; taken as far as it is filled in."""

from __future__ import annotations

from typing import Any

from django import forms

from dataaccounts.forms.accounts import MOST
from dataaccounts.models import DataAccount, Package
from herotill.forms import AmountField, Form


class PreviewForm(Form):
    """An account, what it shall have, and from when."""

    account = forms.ModelChoiceField(DataAccount.objects.select_related("package", "customer"))
    package = forms.ModelChoiceField(Package.objects.all(), required=False)
    takes_effect_on = forms.DateField()
    price = AmountField(required=False, min_value=0, max_value=MOST)
    keeps_price = forms.BooleanField(required=False)
    prepaid = forms.CharField(required=False)

    @property
    def says_something(self) -> bool:
        """Whether anything would change."""
        return bool(self.cleaned_data["package"] or "prepaid" in self.data)

    @property
    def wish(self) -> dict[str, Any]:
        """The change as `selectors.changing.before_and_after` takes it."""
        asked = self.cleaned_data
        switched = "prepaid" in self.data
        return {
            "account": asked["account"],
            "day": asked["takes_effect_on"],
            "package": asked["package"],
            "prepaid": bool(asked["prepaid"]) if switched else None,
            "price": asked["price"],
            "keeps_price": asked["keeps_price"],
        }

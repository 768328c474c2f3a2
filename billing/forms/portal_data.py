"""What is asked when a customer buys data in the portal."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext_lazy as _

from billing.models import CardAttempt
from billing.services.cards import Wanted
from billing.services.cards.payable import Goods
from herotill import forms

CARD, ACCOUNT = "card", "account"


class BuyDataForm(forms.Form):
    """One topping or bundle for one service, paid by card or with the next invoice."""

    what = django_forms.ChoiceField(label=_("What do you want to add?"), widget=django_forms.RadioSelect)
    how = django_forms.ChoiceField(widget=django_forms.HiddenInput)
    form_key = forms.token_field()

    def __init__(self, *args: Any, goods: Sequence[Goods], ways: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.goods = {one.key: one for one in goods}
        self.fields["what"].choices = [(one.key, one.name) for one in goods]  # type: ignore[attr-defined]
        self.fields["how"].choices = [(way, way) for way in ways]  # type: ignore[attr-defined]

    @property
    def chosen(self) -> Goods:
        """What the valid form asks for."""
        return self.goods[self.cleaned_data["what"]]

    @property
    def by_card(self) -> bool:
        return bool(self.cleaned_data["how"] == CARD)

    @property
    def wanted(self) -> Wanted:
        """The card payment it begins."""
        key = self.cleaned_data["form_key"]
        purpose = CardAttempt.Purpose.TOPPING
        return Wanted(purpose, self.chosen.price, subject=self.chosen.subject, form_key=key)

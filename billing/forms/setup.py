"""What billing is set up with."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from billing.models import AdjustmentReason, Rules, Series
from herotill import forms
from herotill.tables.forms import TableForm
from herotill.users.models import Role


class AdjustmentReasonForm(TableForm):
    """What an adjustment may be made for."""

    class Meta:
        model = AdjustmentReason
        fields = ("name",)
        help_texts = {"name": "A change of price is no reason: that is a credit or debit note."}


class SeriesForm(forms.ModelForm):
    """How the documents of one kind are numbered. All of it is fixed once a number is given."""

    class Meta:
        model = Series
        fields = ("prefix", "width", "first_number")


class RulesForm(forms.ModelForm):
    """How we bill."""

    class Meta:
        model = Rules
        fields = ("ageing_by", "ageing_from", "due_days", "notice_days", "debit_notice_days")


class LimitsForm(forms.Form):
    """The limit of each role."""

    def __init__(self, *args: Any, roles: Sequence[tuple[Role, Decimal]], **more: Any) -> None:
        super().__init__(*args, **more)
        for role, amount in roles:
            self.fields[f"role_{role.pk}"] = forms.AmountField(label=role.label, min_value=0, initial=amount)

    def amounts(self) -> dict[int, Decimal]:
        return {int(name.removeprefix("role_")): amount for name, amount in self.cleaned_data.items()}

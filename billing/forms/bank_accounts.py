"""Our own bank accounts."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from billing.models import BankAccount
from billing.selectors.bank_accounts import DETAILS
from herotill import forms
from herotill.tables.forms import TableForm


class BankAccountForm(TableForm):
    """An account of ours. Once it is there, its bank details have a way of their own."""

    class Meta:
        model = BankAccount
        fields = ["name", "kind", "source", "starts_on", "bank", "branch_code", "holder", "number"]
        widgets = {"starts_on": django_forms.DateInput(attrs={"type": "date"})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            for name in DETAILS:
                self.fields.pop(name, None)


class BankDetailsForm(forms.ModelForm):
    """The details as they shall be, and why."""

    reason = django_forms.CharField(
        max_length=500,
        widget=django_forms.Textarea(attrs={"rows": 2}),
        help_text="For whoever approves it, and for the audit.",
    )

    class Meta:
        model = BankAccount
        fields = ["holder", "number", "bank", "branch_code", "printed"]

    def _get_validation_exclusions(self) -> set[str]:
        # Which account is printed changes when it is approved, not now.
        return super()._get_validation_exclusions() | {"printed"}  # type: ignore[misc]

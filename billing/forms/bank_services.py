"""The services that carry debit orders out."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms
from django.core.validators import RegexValidator

from billing.models import BankAccount, BankService
from herotill import forms
from herotill.integrations.netcash import SAME_DAY, TWO_DAY

INSTRUCTIONS = [
    (TWO_DAY, "Dated (TwoDay)"),
    (SAME_DAY, "Same day (SameDay)"),
    ("Sameday", "Same day, as newer profiles spell it (Sameday)"),
]
KEY = RegexValidator(
    r"^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}\Z",
    "A service key is 32 letters and digits in five groups.",
)


class BankServiceForm(forms.ModelForm):
    """How a service works. Its keys have a way of their own."""

    instruction = django_forms.ChoiceField(choices=INSTRUCTIONS)

    class Meta:
        model = BankService
        fields = ("is_on", "account", "instruction", "lead_days", "cutoff_hour", "loads_good_lines")
        help_texts = {
            "loads_good_lines": "As “Ignore errors” is set in Netcash's profile; off, one bad line turns the file away."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        account: Any = self.fields["account"]
        account.queryset = BankAccount.objects.filter(source=BankAccount.Source.BATCH, retired=False)


def _key(label: str) -> django_forms.CharField:
    box = django_forms.PasswordInput(attrs={"autocomplete": "off"})
    return django_forms.CharField(
        label=label, required=False, widget=box, validators=[KEY], help_text="Empty: it stays as it is."
    )


class ServiceKeysForm(forms.Form):
    """The keys as they shall be, and why."""

    debit_key = _key("Service key: debit orders")
    account_key = _key("Service key: account")
    reason = django_forms.CharField(
        max_length=500,
        widget=django_forms.Textarea(attrs={"rows": 2}),
        help_text="For whoever approves it, and for the audit.",
    )

"""What is typed about batches and results."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from billing.collecting import channels
from billing.models import CollectionRules, UnpaidCode
from billing.policies import batches as policy
from customers.forms.details import CodeChoiceField
from customers.models import BillingGroup
from herotill.forms import AmountField, DayField, Form, ModelForm


def _ways() -> list[tuple[str, str]]:
    return [(one.name, one.title) for one in channels]


class BuildForm(Form):
    """Whom to collect of, when, and up to which due date."""

    group = forms.ModelChoiceField(
        BillingGroup.objects.filter(retired=False), label="Billing group", empty_label="Choose the group"
    )
    channel = forms.ChoiceField(label="By", choices=_ways)
    action_date = DayField(label="Action date", help_text="Mandates for other days wait for their own batch.")
    due_upto = DayField(label="For what is due by")

    def clean_action_date(self) -> date:
        day: date = self.cleaned_data["action_date"]
        if day != policy.proposed(day):
            raise forms.ValidationError(
                f"No business is done on {day}. The next day is {policy.proposed(day)}."
            )
        return day


class AmountForm(Form):
    """Another amount for a line."""

    amount = AmountField()
    why = forms.CharField(max_length=200, label="Why")


class WhyForm(Form):
    """A reason."""

    why = forms.CharField(max_length=200, label="Why")


class PlainForm(Form):
    """Nothing to fill in."""


class SettleForm(Form):
    """What a result in doubt is."""

    IS = (
        ("line", "It is of a line of ours"),
        ("customer", "It is a customer's money"),
        ("other", "Something else"),
    )
    is_a = forms.ChoiceField(label="What it is", choices=IS, widget=forms.RadioSelect)
    line = forms.CharField(
        label="Reference of the line", required=False, help_text="As in the file: HT and a number."
    )
    customer = CodeChoiceField(label="Customer", required=False)
    what = forms.CharField(label="What else", max_length=200, required=False)

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        needed = {"line": "line", "customer": "customer", "other": "what"}.get(data.get("is_a", ""))
        if needed and not data.get(needed) and needed not in self.errors:
            self.add_error(needed, "This is needed.")
        return data


class RulesForm(ModelForm):
    """How batches are made; whether a second person releases them is asked apart."""

    class Meta:
        model = CollectionRules
        fields = ("unusual_factor", "minimum", "unpaid_limit", "dispute_limit")


class UnpaidCodeForm(ModelForm):
    """A code of banks or gateways, and what follows."""

    class Meta:
        model = UnpaidCode
        fields = ("code", "text", "effect")

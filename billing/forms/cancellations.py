"""What is asked about cancellations."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from billing.models import CancellationReason
from herotill.forms import DayField, Form, ModelForm


class ReasonForm(ModelForm):
    """Why customers leave; the words are given once."""

    class Meta:
        model = CancellationReason
        fields = ("name", "won_back")
        help_texts = {"name": "It stays as it is: retire it and add another to say it differently."}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            self.fields["name"].disabled = True


class AskForm(Form):
    """Asking that a customer, or some of their data accounts, ends."""

    what = forms.ChoiceField(
        label="What ends",
        choices=[("whole", "The customer, with everything"), ("some", "These data accounts only")],
        widget=forms.RadioSelect,
        initial="whole",
    )
    accounts = forms.TypedMultipleChoiceField(
        label="Data accounts", coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )
    reason = forms.ModelChoiceField(label="Reason", queryset=CancellationReason.objects.filter(retired=False))
    comment = forms.CharField(
        max_length=1000, required=False, widget=forms.Textarea(attrs={"rows": 3}), label="What was said"
    )
    last_day = DayField(label="Last day of service")

    def __init__(self, *args: Any, choices: Sequence[tuple[int, str]], earliest: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        fields["last_day"].initial = earliest
        fields[
            "last_day"
        ].help_text = "Proposed is when the notice of the contracts is over; earlier may cost."
        if choices:
            fields["accounts"].choices = choices
        else:
            del fields["accounts"], fields["what"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("what") == "some" and not data.get("accounts"):
            self.add_error("accounts", "Choose the data accounts that end.")
        return data

    @property
    def chosen(self) -> list[int] | None:
        """The accounts that end, or None for the whole customer."""
        return self.cleaned_data["accounts"] if self.cleaned_data.get("what") == "some" else None


class WhyForm(Form):
    """A reason for whoever reads it later."""

    why = forms.CharField(label="Why", max_length=300)


class HowForm(Form):
    """By what the customer confirmed."""

    why = forms.CharField(
        label="How they confirmed", max_length=300, help_text="A letter of which day, in person…"
    )


class AnswerForm(Form):
    """What the customer says to a cancellation."""

    text = forms.CharField(
        label="Anything we should know",
        max_length=1000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )


class ExpiryForm(Form):
    """The tab Account expiry of a new customer: service that is known to end."""

    last_day = DayField(
        label="Last day of service", required=False, help_text="Leave it empty for service that goes on."
    )
    reason = forms.ModelChoiceField(
        label="Reason", queryset=CancellationReason.objects.filter(retired=False), required=False
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("last_day") and not data.get("reason"):
            self.add_error("reason", "Say why the service ends.")
        return data

"""What is asked about suspension: its rules, a customer's own days, why and for how long."""

from __future__ import annotations

from typing import Any

from django import forms

from billing.models import SuspensionRules, SuspensionTerms
from herotill.forms import Form, ModelForm

DAYS = ("overdue_days", "second_notice_days", "suspension_days")
ORDER = "The second warning cannot come before the first, nor the suspension before the second."


def _in_order(form: Any, data: dict[str, Any]) -> None:
    days: list[Any] = [data.get(name) for name in DAYS]
    if None not in days and days != sorted(days):
        form.add_error("second_notice_days" if days[1] < days[0] else "suspension_days", ORDER)


class SuspensionRulesForm(ModelForm):
    """When who does not pay is warned and suspended."""

    class Meta:
        model = SuspensionRules
        fields = (
            "enabled",
            *DAYS,
            "minimum",
            "pause_days",
            "grace_days",
            "from_hour",
            "until_hour",
            "reported_hours",
            "stop_billing_days",
            "notices_by_sms",
        )

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        _in_order(self, data)
        if (
            None not in (data.get("from_hour"), data.get("until_hour"))
            and data["until_hour"] <= data["from_hour"]
        ):
            self.add_error("until_hour", "The hours end after they begin.")
        return data


class TermsForm(ModelForm):
    """Never suspended, or own days, of one customer. Who may not disable suspension is not asked."""

    class Meta:
        model = SuspensionTerms
        fields = ("disabled", "disabled_why", "use_group", *DAYS)
        labels = {"disabled_why": "Why"}

    def __init__(self, *args: Any, may_disable: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not may_disable:
            del self.fields["disabled"], self.fields["disabled_why"]

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if data.get("disabled") and not data.get("disabled_why", "").strip():
            self.add_error("disabled_why", "Say why this customer is never suspended.")
        if not data.get("use_group"):
            for name in DAYS:
                if data.get(name) is None and name not in self.errors:
                    self.add_error(name, "Give the days, or use the group's.")
            _in_order(self, data)
        return data


class PauseForm(Form):
    """For how long nothing happens."""

    days = forms.IntegerField(label="Days", min_value=1, max_value=90, initial=3)
    why = forms.CharField(label="Why", max_length=150, required=False)


class ReasonForm(Form):
    """Why it is done."""

    reason = forms.CharField(
        label="Reason", max_length=200, help_text="It stands in the history of the case."
    )


class ApproveForm(Form):
    """Whether sub-accounts that pay for themselves are approved too."""

    subs = forms.BooleanField(
        label="With their sub-accounts that are overdue too",
        required=False,
        help_text="Sub-accounts that are billed to their master are suspended with it in any case.",
    )

"""Phases, lists and sales settings, as Setup changes them."""

from __future__ import annotations

from typing import Any

from django import forms

from herotill.forms import Form, ModelForm
from workflow.models import Phase, SalesRules, Step
from workflow.selectors.phases import fixed_gates, free_gates


class PhaseForm(Form):
    """What a phase is called and at which place it stands."""

    name = forms.CharField(max_length=40)
    position = forms.TypedChoiceField(label="Place", coerce=int)

    def __init__(self, *args: Any, phase: Phase, places: int, **kwargs: Any) -> None:
        super().__init__(*args, initial={"name": phase.name, "position": phase.position}, **kwargs)
        places_field: Any = self.fields["position"]
        places_field.choices = [(place, place) for place in range(1, places + 1)]


class StepForm(ModelForm):
    """What a list is called, when waiting in it is long, and the gates before it."""

    gates = forms.MultipleChoiceField(
        label="Gates", required=False, widget=forms.CheckboxSelectMultiple(attrs={"wide": True})
    )

    class Meta:
        model = Step
        fields = ("name", "late_after", "overdue_after", "gates")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        gates_field: Any = self.fields["gates"]
        gates_field.choices = [(one.name, one.title) for one in free_gates()]
        always = [one.title for one in fixed_gates(self.instance.key)]
        gates_field.help_text = (
            f"Always asked before this list: {'; '.join(always)}." if always else "None is always asked here."
        )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        late, overdue = cleaned.get("late_after"), cleaned.get("overdue_after")
        if late is not None and overdue is not None and overdue < late:
            self.add_error("overdue_after", "This is before it is late.")
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"late_after", "overdue_after"}  # type: ignore[misc]


class SalesRulesForm(ModelForm):
    """How we sell."""

    class Meta:
        model = SalesRules
        fields = (
            "quote_days",
            "reminder_days",
            "discount_limit",
            "sign_up_open",
            "tell_of_jobs",
            "rate_jobs",
            "rate_tickets",
            "rate_in_general",
            "terms",
        )
        widgets = {"terms": forms.Textarea(attrs={"rows": 8, "wide": True})}

"""What is asked of surveys: when somebody goes there, and what they found."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django import forms

from dataaccounts.models import Sector
from herotill.clock import moment
from herotill.forms import AmountField, DayField, Form
from herotill.reference.models import Highsite
from herotill.users.models import User
from workflow.models import Survey
from workflow.selectors import surveys as reading

FOUND = ("highsite", "sector", "line_of_sight", "signal", "cost", "outcome", "extra", "notes")


def clock(label: str) -> forms.TimeField:
    return forms.TimeField(
        label=label, widget=forms.TimeInput(attrs={"type": "time", "step": 300}, format="%H:%M")
    )


def in_order(form: Form) -> None:
    """A time that ends before it begins is said at once, not after what stands against it."""
    starts, ends = (form.cleaned_data.get(name) for name in ("starts", "ends"))
    if starts and ends and ends <= starts:
        form.add_error("ends", "It ends before it begins.")


class AskForm(Form):
    """What the survey should look at."""

    notes = forms.CharField(
        label="What to look at",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "wide": True}),
    )


class ScheduleForm(AskForm):
    """Who goes there, and when."""

    technician = forms.ModelChoiceField(label="Technician", queryset=User.objects.none())
    day = DayField(label="Day")
    starts = clock("From")
    ends = clock("Until")
    anyway = forms.BooleanField(label="Schedule it all the same", required=False)

    field_order = ("technician", "day", "starts", "ends", "notes", "anyway")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["technician"]
        field.queryset = reading.surveyors()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        in_order(self)
        return data

    def times(self) -> tuple[datetime, datetime]:
        data = self.cleaned_data
        return moment(data["day"], data["starts"]), moment(data["day"], data["ends"])


class CallOffForm(Form):
    """Why nobody goes there."""

    why = forms.CharField(label="Reason", max_length=200)


class SectorChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.highsite} · {obj.name}"


class FoundForm(Form):
    """What a survey found."""

    outcome = forms.ChoiceField(
        label="Can it be connected?", choices=Survey.Outcome.choices, widget=forms.RadioSelect
    )
    extra = forms.CharField(
        label="Extra work", required=False, max_length=500, help_text="A mast, a longer cable."
    )
    highsite = forms.ModelChoiceField(
        label="Highsite seen", queryset=Highsite.objects.none(), required=False, empty_label="None"
    )
    sector = SectorChoice(
        label="Sector", queryset=Sector.objects.none(), required=False, empty_label="Not known"
    )
    line_of_sight = forms.ChoiceField(
        label="Line of sight", choices=Survey.Sight.choices, widget=forms.RadioSelect, required=False
    )
    signal = forms.IntegerField(
        label="Signal (dBm)",
        required=False,
        min_value=-120,
        max_value=0,
        help_text="As measured, such as -62.",
        widget=forms.NumberInput(attrs={"inputmode": "text"}),
    )
    cost = AmountField(label="Cost to install, incl. VAT", required=False, min_value=0)
    notes = forms.CharField(
        label="Notes",
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, "wide": True}),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        highsite: Any = self.fields["highsite"]
        sector: Any = self.fields["sector"]
        highsite.queryset = Highsite.objects.filter(retired=False)
        sector.queryset = Sector.objects.filter(retired=False).select_related("highsite")

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if (sector := data.get("sector")) and not data.get("highsite") and "highsite" not in self.errors:
            data["highsite"] = sector.highsite
        return data

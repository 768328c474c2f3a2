"""Types of jobs with their checklists, and technicians' absences, as Setup keeps them."""

from __future__ import annotations

from typing import Any

from django import forms

from herotill.forms import DayField, ModelForm
from herotill.tables.forms import TableForm
from workflow.models import Absence, JobType
from workflow.policies import checklists
from workflow.selectors import jobs as reading

HELP = (
    "One thing a line, in the order in which it is done. Begin a line with “write:” for something to write down,"
    " with “photo:” for a photo; end it with “(optional)” where it may be left out."
)


class JobTypeForm(TableForm):
    """A type of job; its checklist is written as lines."""

    checklist = forms.CharField(
        label="Checklist",
        required=False,
        max_length=8000,
        help_text=HELP,
        widget=forms.Textarea(attrs={"rows": 8, "wide": True}),
    )

    class Meta:
        model = JobType
        fields = ("name", "minutes", "installs", "signature", "tests")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk:
            items = self.instance.checklist.all()
            known = [checklists.Item(one.text, one.kind, one.compulsory) for one in items]
            self.initial["checklist"] = checklists.written(known)

    def clean_installs(self) -> bool:
        installs: bool = self.cleaned_data["installs"]
        known = JobType.objects.filter(pk=self.instance.pk).first()
        if known and not installs and (why := reading.why_it_stays(known)):
            raise forms.ValidationError(why)
        return installs

    def clean_checklist(self) -> str:
        text: str = self.cleaned_data["checklist"]
        for item in checklists.read(text):
            if len(item.text) > checklists.LONGEST:
                raise forms.ValidationError(
                    f"This is longer than {checklists.LONGEST} letters: {item.text[:60]}…"
                )
        return text

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        self.instance.written = self.cleaned_data.get(
            "checklist", ""
        )  # for `services.job_types.keep_checklist`


class AbsenceForm(ModelForm):
    """When somebody cannot be sent anywhere."""

    class Meta:
        model = Absence
        fields = ("technician", "starts_on", "ends_on", "why")
        field_classes = {"starts_on": DayField, "ends_on": DayField}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        technician: Any = self.fields["technician"]
        technician.queryset = reading.technicians()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("starts_on") and data.get("ends_on") and data["ends_on"] < data["starts_on"]:
            self.add_error("ends_on", "The last day lies before the first.")
        return data

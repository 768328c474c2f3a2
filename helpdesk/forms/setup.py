"""The helpdesk as Setup keeps it: departments, categories, priorities, reasons, canned answers, settings."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator

from helpdesk.models import CannedAnswer, Category, CloseReason, Department, HelpdeskRules, Priority
from helpdesk.policies import canned, office_hours
from helpdesk.selectors import setup as reading
from herotill.forms import ModelForm
from herotill.tables.forms import TableForm
from herotill.users.models import User

HOURS = (
    "A line for days with the same hours, such as “Monday to Friday 08:00–17:00”. On public holidays nobody works."
    " Without a line every minute counts."
)
YEAR = 60 * 24 * 366  # minutes


class DepartmentForm(TableForm):
    """A department with its people and hours."""

    members: forms.ModelMultipleChoiceField[User] = forms.ModelMultipleChoiceField(
        label="People",
        queryset=None,
        required=False,
        widget=forms.CheckboxSelectMultiple(attrs={"wide": True}),
    )
    office_hours = forms.CharField(
        label="Office hours",
        required=False,
        max_length=600,
        help_text=HOURS,
        widget=forms.Textarea(attrs={"rows": 3, "wide": True}),
    )
    standby: forms.ModelChoiceField[User] = forms.ModelChoiceField(
        label="Stands by outside the hours",
        queryset=None,
        required=False,
        empty_label="Nobody: the whole department is told",
    )

    class Meta:
        model = Department
        fields = ("name", "offered", "for_ratings")
        labels = {"for_ratings": "Tickets about low ratings open here"}
        help_texts = {"for_ratings": "One department does this."}

    field_order = ("name", "members", "office_hours", "standby", "offered", "for_ratings")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("members", "standby"):
            field: Any = self.fields[name]
            field.queryset = reading.people_for(self.instance)
        if self.instance.pk:
            self.initial["members"] = list(self.instance.members.values_list("pk", flat=True))
            self.initial["standby"] = self.instance.standby_id
            self.initial["office_hours"] = office_hours.written(reading.spans_of(self.instance))

    def clean_office_hours(self) -> str:
        text: str = self.cleaned_data["office_hours"]
        try:
            self.instance.spans = office_hours.read(text)
        except ValueError as no:
            raise forms.ValidationError(str(no)) from None
        return text

    def clean_for_ratings(self) -> bool:
        wanted: bool = self.cleaned_data["for_ratings"]
        if self.initial.get("for_ratings") and not wanted:
            raise forms.ValidationError(
                "Choose another department for this instead; it moves there by itself."
            )
        return wanted

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"for_ratings"}

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        self.instance.standby = self.cleaned_data.get("standby")
        self.instance.people = list(self.cleaned_data.get("members") or ())  # for `services.setup.saved`


class CategoryForm(TableForm):
    """What tickets are about."""

    class Meta:
        model = Category
        fields = ("name", "offered")


class PriorityForm(TableForm):
    """A priority and what it promises."""

    class Meta:
        model = Priority
        fields = (
            "name",
            "rank",
            "answer_minutes",
            "solve_minutes",
            "vip_answer_minutes",
            "vip_solve_minutes",
            "around_the_clock",
            "usual",
        )
        help_texts = {
            "answer_minutes": "Of office hours; 540 is a day from 08:00 to 17:00. Empty: nothing is promised.",
            "solve_minutes": "They stand still while the customer is waited for.",
            "vip_answer_minutes": "Empty: as for others.",
            "vip_solve_minutes": "Empty: as for others.",
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in self.Meta.fields[2:6]:
            self.fields[name].validators += [MinValueValidator(1), MaxValueValidator(YEAR)]

    def clean_usual(self) -> bool:
        wanted: bool = self.cleaned_data["usual"]
        if self.initial.get("usual") and not wanted:
            raise forms.ValidationError(
                "Make another priority the usual one instead; it moves there by itself."
            )
        if wanted and self.instance.retired:
            raise forms.ValidationError("It is retired. Offer it again first.")
        return wanted

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        for answer, solve in (
            ("answer_minutes", "solve_minutes"),
            ("vip_answer_minutes", "vip_solve_minutes"),
        ):
            if (cleaned.get(answer) or 0) > (cleaned.get(solve) or YEAR):
                self.add_error(solve, "It would be solved before it is answered.")
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        return super()._get_validation_exclusions() | {"usual"}


class CloseReasonForm(TableForm):
    """Why tickets are closed; said once."""

    class Meta:
        model = CloseReason
        fields = ("name",)
        help_texts = {
            "name": "Once tickets were closed for it, retire it and add another to say it differently."
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance.pk and reading.is_used(self.instance):
            self.fields["name"].disabled = True


class CannedAnswerForm(TableForm):
    """An answer given often."""

    class Meta:
        model = CannedAnswer
        fields = ("name", "department", "text")
        help_texts = {"text": canned.HELP}
        widgets = {"text": forms.Textarea(attrs={"rows": 8, "wide": True})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        department: Any = self.fields["department"]
        department.queryset = reading.departments_for(self.instance.department_id)
        department.empty_label = "All"

    def clean_text(self) -> str:
        text: str = self.cleaned_data["text"]
        if why := canned.trouble_with(text):
            raise forms.ValidationError(why)
        return text


class RulesForm(ModelForm):
    """How the helpdesk works."""

    class Meta:
        model = HelpdeskRules
        fields = (
            "mail_on_assignment",
            "sms_on_assignment",
            "reopen_days",
            "link_days",
            "breach_minutes",
            "vip_category",
            "rating_days",
            "rating_threshold",
            "tickets_domain",
            "authserv_id",
            "portal_tickets",
        )
        labels = {"breach_minutes": "About to be late, minutes before"}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["vip_category"]
        category.queryset = reading.vip_categories(self.instance.vip_category_id)
        category.empty_label = "None: nobody has shorter times"

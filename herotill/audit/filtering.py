"""The filters above a trail: who, which thing, which field, from when to when."""

from __future__ import annotations

from typing import Any

from django import forms
from django.contrib.auth import get_user_model
from django.http import QueryDict

from herotill.forms import Form

from .declare import subjects
from .reading import DATABASE, SYSTEM, things
from .words import label_of

ANYBODY = [("", "Anybody"), (SYSTEM, "System: jobs and commands"), (DATABASE, "Database: plain SQL")]
DAY = {"type": "date"}


class TrailFilter(Form):
    """What a person asks of a trail. What cannot be understood is left out, with its reason at the field."""

    who = forms.ChoiceField(required=False)
    thing = forms.ChoiceField(label="What", required=False, widget=forms.Select(attrs={"data-submit": ""}))
    field = forms.ChoiceField(required=False)
    since = forms.DateField(
        label="From", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY)
    )
    until = forms.DateField(label="To", required=False, widget=forms.DateInput(format="%Y-%m-%d", attrs=DAY))

    def __init__(self, data: QueryDict, *, viewer: Any) -> None:
        super().__init__(data)
        choices: dict[str, list[tuple[str, str]]] = {
            "who": [*ANYBODY, *_people()],
            "thing": [("", "Anything"), *((one.label, one.thing) for one in things(viewer))],
            "field": [("", "Any field"), *_fields(data.get("thing", ""))],
        }
        for name, offered in choices.items():
            found = self.fields[name]
            assert isinstance(found, forms.ChoiceField)
            found.choices = offered
        self.is_valid()

    def clean_who(self) -> int | str | None:
        value = str(self.cleaned_data["who"])
        return int(value) if value.isdigit() else value or None

    @property
    def wanted(self) -> dict[str, Any]:
        """The filters as `trail` takes them."""
        said = self.cleaned_data
        return {
            "actor": said.get("who"),
            "model": said.get("thing", ""),
            "field": said.get("field", ""),
            "since": said.get("since"),
            "until": said.get("until"),
        }


def _people() -> list[tuple[str, str]]:
    staff = get_user_model()._default_manager.filter(kind="staff").order_by("name", "username")
    return [(str(pk), name or username) for pk, name, username in staff.values_list("pk", "name", "username")]


def _fields(model: str) -> list[tuple[str, str]]:
    subject = subjects.get(model)
    return [(name, label_of(subject, name)) for name in subject.by_name] if subject else []

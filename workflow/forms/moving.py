"""Where a lead is to go."""

from __future__ import annotations

from typing import Any

from django import forms

from herotill.forms import Form
from herotill.users.models import User
from workflow.models import LostReason
from workflow.selectors.phases import places_by_hand


class MoveForm(Form):
    """A list, and why where somebody says so. The dialog draws the lists itself."""

    to = forms.CharField(max_length=16, error_messages={"required": "Choose a list."})
    why = forms.CharField(label="Why", max_length=300, required=False)


class AssignForm(Form):
    """Who looks after them from now on."""

    owner = forms.ModelChoiceField(
        label="Person",
        queryset=User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by("name", "username"),
        required=False,
        empty_label="Nobody",
    )


class MoveManyForm(Form):
    """Where they go, and why."""

    to = forms.ChoiceField(label="To the list")
    why = forms.CharField(label="Why", max_length=300, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        to: Any = self.fields["to"]
        to.choices = places_by_hand()


class LoseManyForm(Form):
    """Why they came to nothing."""

    reason = forms.ModelChoiceField(label="Reason", queryset=LostReason.objects.filter(retired=False))
    words = forms.CharField(label="More about it", max_length=500, required=False)


class BringBackForm(Form):
    """Why they go on."""

    why = forms.CharField(label="Why", max_length=300, required=False)

"""Statements of debit-order results: a file, or a day to be asked for."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from billing.services.result_statements import takers, tellers
from herotill import forms


class ResultFileForm(forms.Form):
    """A statement as the bank's page gives it."""

    channel = django_forms.ChoiceField(label="Of")
    file = django_forms.FileField(
        label="Statement", help_text="The text file, with its balances if it has them."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, [(one.name, one.title) for one in takers()])


class FetchForm(forms.Form):
    """The day whose statement is asked for."""

    channel = django_forms.ChoiceField(label="Of")
    day = forms.DayField(label="Day", help_text="Of today only what stands on it so far.")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        _offer(self, [(one.name, one.title) for one in tellers()])


def _offer(form: Any, choices: list[tuple[str, str]]) -> None:
    """One choice is none."""
    field = form.fields["channel"]
    field.choices = choices
    if len(choices) == 1:
        field.initial, field.widget = choices[0][0], django_forms.HiddenInput()

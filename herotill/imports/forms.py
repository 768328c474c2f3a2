"""What a person says to the wizard: the file, what its columns mean, and that a roll-back is meant."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from django import forms

from herotill.forms import Form
from herotill.imports.fields import Field
from herotill.models import Import

CONFIRMATION = "roll back"


class UploadForm(Form):
    """One file."""

    file = forms.FileField(
        label="File",
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,.tsv,.xlsx"}),
        error_messages={"required": "Choose a file.", "empty": "The file is empty."},
    )


class MapForm(Form):
    """A field for each column of the file. Fields that the person may not import are not offered."""

    def __init__(
        self,
        data: Any = None,
        *,
        batch: Import,
        mapping: Mapping[str, str],
        fields: Mapping[str, Field],
        samples: Sequence[str],
        day_label: str,
        day: date,
    ) -> None:
        super().__init__(data)
        choices = [("", "Leave out"), *((field.name, field.label) for field in fields.values())]
        self._columns = [
            (f"column-{place}", heading, sample)
            for place, (heading, sample) in enumerate(zip(batch.headings, samples, strict=True))
            if heading.strip()
        ]
        for name, heading, _ in self._columns:
            initial = mapping.get(heading, "")
            self.fields[name] = forms.ChoiceField(
                label=heading,
                required=False,
                choices=choices,
                initial=initial,
                widget=forms.Select(attrs={"class": "input"}),
            )
        if day_label:
            widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
            self.fields["day"] = forms.DateField(label=day_label, widget=widget, initial=day)
        self.fields["name"] = forms.CharField(
            label="Save this mapping as",
            required=False,
            max_length=60,
            help_text="For the next file of this make.",
        )

    @property
    def columns(self) -> list[tuple[forms.BoundField, str]]:
        """Each column's field, with a sample of what stands in it."""
        return [(self[name], sample) for name, _, sample in self._columns]

    @property
    def mapping(self) -> dict[str, str]:
        """Fields by heading, of a valid form."""
        return {heading: self.cleaned_data[name] for name, heading, _ in self._columns}


class ConfirmForm(Form):
    """Nobody rolls back by a slip of the hand."""

    word = forms.CharField(
        label=f"Type “{CONFIRMATION}” to confirm", widget=forms.TextInput(attrs={"autocomplete": "off"})
    )

    def clean_word(self) -> str:
        word = str(self.cleaned_data["word"]).strip().casefold()
        if word != CONFIRMATION:
            raise forms.ValidationError(f"Type “{CONFIRMATION}”.")
        return word

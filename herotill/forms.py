"""Forms of the house: text comes in clean, whatever screen it was typed on."""

from __future__ import annotations

from typing import Any

from django import forms

# Where a field sets no limit of its own. An index takes 2,700 octets, four for a letter.
LONGEST_LINE, LONGEST_TEXT = 500, 20_000
_CONTROL = {chr(code) for code in (*range(32), 127, *range(128, 160))} - {"\n"}


class _CleanText:
    """Refuses control characters, line breaks where one line is asked for (rule 19 of safety), and what is endless."""

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str):
                self._clean_text(name, value.replace("\r\n", "\n"))

    def _clean_text(self, name: str, value: str) -> None:
        self.cleaned_data[name] = value
        many_lines = isinstance(self.fields[name].widget, forms.Textarea)
        if any(letter in _CONTROL for letter in value):
            self.add_error(name, "This holds a control character, such as a tab. Type it again without.")  # type: ignore[attr-defined]
        elif "\n" in value and not many_lines:
            self.add_error(name, "This must be one line.")  # type: ignore[attr-defined]
        elif len(value) > (longest := LONGEST_TEXT if many_lines else LONGEST_LINE):
            self.add_error(name, f"This is longer than {longest:,} letters.")  # type: ignore[attr-defined]


class Form(_CleanText, forms.Form):
    """A form whose text is clean."""


class ModelForm(_CleanText, forms.ModelForm):
    """A model's form whose text is clean. It validates; services write."""

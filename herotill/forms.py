"""Forms of the house: text comes in clean, whatever screen it was typed on."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext

from herotill import clock
from herotill.errors import DomainError
from herotill.imports.amounts import read_amount

# Where a field sets no limit of its own. An index takes 2,700 octets, four for a letter.
LONGEST_LINE, LONGEST_TEXT = 500, 20_000
EARLIEST, LATEST = 1900, 2199  # years
DASHES = "---------"  # what Django writes where nothing is chosen
_CONTROL = {chr(code) for code in (*range(32), 127, *range(128, 160))} - {"\n"}


class _CleanText:
    """Refuses control characters, line breaks where one line is asked for (rule 19 of safety), and what is endless.

    Days of centuries nobody means are slips of the keyboard.
    """

    fields: dict[str, forms.Field]
    cleaned_data: dict[str, Any]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if isinstance(field, forms.ModelChoiceField) and field.empty_label == DASHES:
                field.empty_label = "Choose" if field.required else "None"

    def _clean_fields(self) -> None:
        super()._clean_fields()  # type: ignore[misc]
        for name, value in list(self.cleaned_data.items()):
            if isinstance(value, str):
                self._clean_text(name, value.replace("\r\n", "\n"))
            elif isinstance(value, date) and not EARLIEST <= value.year <= LATEST:
                self.add_error(name, f"Give a day between {EARLIEST} and {LATEST}.")  # type: ignore[attr-defined]
            elif isinstance(value, datetime):  # Python takes offsets that the database does not
                self.cleaned_data[name] = clock.local(value)

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


def refuse(form: forms.BaseForm, no: DomainError) -> None:
    """Put a no where it belongs in the form: at its field, or above all of them."""
    form.add_error(no.field if no.field in form.fields else None, gettext(str(no)))


def token_field() -> forms.CharField:
    """Says which sending of a form this is, so that pressed twice it is done once."""
    return forms.CharField(max_length=40, widget=forms.HiddenInput, initial=lambda: uuid4().hex)


class DayField(forms.DateField):
    """A day, chosen in a calendar."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **kwargs)


class AmountField(forms.DecimalField):
    """An amount in rand as people type it: `454`, `R 1,204.50`, `1 204,50`; perhaps only one above zero.

    `read` says what a text means, where that is not what we are owed: a bank's CR is no minus.
    """

    def __init__(
        self,
        *,
        above_zero: bool = False,
        read: Callable[[str], Decimal | None] = read_amount,
        **kwargs: Any,
    ) -> None:
        self.read = read
        if above_zero:
            kwargs["min_value"] = Decimal("0.01")
            kwargs["error_messages"] = {"min_value": "Type an amount above zero, such as 454.00."}
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        kwargs.setdefault("max_digits", 12)
        super().__init__(decimal_places=2, **kwargs)

    def to_python(self, value: Any) -> Decimal | None:  # type: ignore[override]
        if not isinstance(value, str) or not value.strip():
            return super().to_python(value)
        amount = self.read(value)
        if amount is None:
            raise ValidationError("Type an amount such as 454.00.", code="invalid")
        return amount

"""Form fields that read what people type as the rules of the house read it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from customers.policies import emails, phones


class PhoneField(forms.CharField):
    """A phone number in any of the usual shapes; cleaned to E.164, shown nationally."""

    widget = forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off"})

    def to_python(self, value: Any) -> str:
        text = super().to_python(value)
        if not text:
            return ""
        number = phones.read_number(text)
        if number is None:
            raise ValidationError(
                f"{text} cannot be a phone number. Write it like 082 123 4567 or +44 20 7946 0000."
            )
        return number.e164

    def prepare_value(self, value: Any) -> Any:
        return phones.national(value) if isinstance(value, str) and value.startswith("+") else value


class EmailField(forms.CharField):
    """An email address, in lower case."""

    widget = forms.EmailInput(attrs={"autocomplete": "off", "spellcheck": "false"})

    def to_python(self, value: Any) -> str:
        text = (super().to_python(value) or "").strip().lower()
        if text and not emails.is_email(text):
            raise ValidationError(f"{text} cannot be an email address. Write it like name@example.com.")
        return text


class EmailsField(forms.CharField):
    """Further email addresses, with commas or spaces between."""

    widget = forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"})

    def to_python(self, value: Any) -> list[str]:  # type: ignore[override]
        if isinstance(value, list):
            return value
        pieces = (super().to_python(value) or "").lower().replace(",", " ").replace(";", " ").split()
        wrong = [piece for piece in pieces if not emails.is_email(piece)]
        if wrong:
            raise ValidationError(f"{wrong[0]} cannot be an email address.")
        return list(dict.fromkeys(pieces))

    def prepare_value(self, value: Any) -> Any:
        return ", ".join(value) if isinstance(value, list) else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return list(initial or []) != self.to_python(data or "")
        except ValidationError:
            return True

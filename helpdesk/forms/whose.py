"""Whose a ticket is, as somebody says it on the phone: by code, name, number or address."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from customers.forms.details import CodeChoiceField
from customers.models import Customer
from herotill import search as everywhere

NAMED = 5  # customers that an answer names at most


class WhoseField(CodeChoiceField):
    """A customer by code, or by whatever the search box finds only one by; `person` sees no more than there."""

    widget = forms.TextInput(
        attrs={"autocomplete": "off", "spellcheck": "false", "placeholder": "Code, name, phone or email"}
    )
    person: Any = None

    def to_python(self, value: Any) -> Customer | None:
        try:
            return super().to_python(value)
        except ValidationError:
            found = self._found(str(value).strip())
            if len(found) == 1:
                return found[0]
            raise ValidationError(_which(found), code="invalid_choice") from None

    def _found(self, text: str) -> list[Customer]:
        if self.person is None:
            return []
        ids = everywhere.ids(text, kind="customer", limit=NAMED + 1, user=self.person)
        return list(Customer.objects.filter(pk__in=ids).order_by("name_key", "pk"))


def _which(found: list[Customer]) -> str:
    if not found:
        return "There is no such customer."
    named = [f"{one.name} ({one.code})" for one in found[:NAMED]]
    more = ["others"] if len(found) > NAMED else []
    return f"Which one? {', '.join(named + more)}. Type the code."

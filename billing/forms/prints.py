"""Which documents to put into one file."""

from __future__ import annotations

from typing import Any

from django import forms

from billing.models import DocumentKind
from billing.services import batching
from herotill.forms import Form

DAY = {"type": "date"}


class ManyForm(Form):
    """Documents by kind and date."""

    kind = forms.ChoiceField(
        choices=[("", "All kinds"), *DocumentKind.choices], required=False, initial=DocumentKind.INVOICE
    )
    first = forms.DateField(label="Dated from", widget=forms.DateInput(attrs=DAY))
    last = forms.DateField(label="Dated up to", widget=forms.DateInput(attrs=DAY))
    form = forms.ChoiceField(
        label="As",
        choices=[(name, f"{words[0].upper()}{words[1:]}") for name, words in batching.FORMS.items()],
        initial="zip",
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("first") and data.get("last") and data["last"] < data["first"]:
            self.add_error("last", "This is before the first day.")
        return data

    def chosen(self) -> dict[str, Any]:
        """What `batching.begin` takes."""
        data = self.cleaned_data
        days = {"first": data["first"].isoformat(), "last": data["last"].isoformat()}
        return {"form": data["form"], "kind": data["kind"], **days}

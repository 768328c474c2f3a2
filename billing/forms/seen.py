"""Forms that say so once when somebody else saved while they were open, and keep what was typed."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict

from herotill.forms import Form

CHANGED = "Somebody else changed this while you were typing. Look at the card, then save again."


class SeenForm(Form):
    """A form with a mark of what it changes, as it was when it was opened (`billing.selectors.seen`)."""

    seen = forms.CharField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, current: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.current = current
        self.fields["seen"].initial = current

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("seen") != self.current:
            typed = QueryDict(mutable=True)
            typed.update(self.data)
            typed[self.add_prefix("seen")] = self.current
            self.data = typed
            self.add_error(None, CHANGED)
        return data

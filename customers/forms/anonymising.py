"""Why somebody is forgotten before their time."""

from __future__ import annotations

from django import forms

from herotill.forms import Form


class ReasonForm(Form):
    """The wish of a former customer, as it reached us. It names nobody: it is kept with the books."""

    reason = forms.CharField(
        label="Reason",
        max_length=500,
        help_text="For example the request's date and number. Without names: the reason is kept.",
    )

"""What is typed where a second person is asked or decides."""

from __future__ import annotations

from django import forms as django_forms

from herotill import forms


class DecideForm(forms.Form):
    """The answer; a no needs one."""

    answer = django_forms.CharField(
        label="Answer",
        max_length=500,
        required=False,
        widget=django_forms.Textarea(attrs={"rows": 3}),
        help_text="For whoever asked. A refusal needs one.",
    )

"""What is typed about accounting periods."""

from __future__ import annotations

from django import forms as django_forms

from herotill import forms


class ReopenForm(forms.Form):
    """Why closed books are to be opened again."""

    reason = django_forms.CharField(
        max_length=300,
        help_text="For the second person who decides; kept with the month.",
        widget=django_forms.TextInput(attrs={"wide": True}),
    )

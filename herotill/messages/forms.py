"""What is typed about messages."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from herotill import forms
from herotill.messages.models import SmsGateway
from herotill.messages.templates import SMS, Template


class WordingForm(forms.Form):
    """Subject and text of a template."""

    subject = django_forms.CharField(max_length=300, required=False)
    text = django_forms.CharField(widget=django_forms.Textarea(attrs={"rows": 14, "spellcheck": "true"}))
    reason = django_forms.CharField(max_length=500, required=False, help_text="For the second person.")

    def __init__(self, *args: Any, template: Template, guarded: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if template.channel == SMS:
            del self.fields["subject"]
        if not guarded:
            del self.fields["reason"]


class GatewayForm(forms.ModelForm):
    """What a gateway knows us by. An empty secret leaves the one there is."""

    class Meta:
        model = SmsGateway
        fields = ["key", "secret", "sender"]


class TestSmsForm(forms.Form):
    """Where a test goes to."""

    to = django_forms.RegexField(
        r"^\+[1-9][0-9]{7,14}$",
        label="Your cell number",
        help_text="With country, as in +27821234567.",
        error_messages={"invalid": "Write it as +27821234567."},
    )

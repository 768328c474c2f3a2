"""Whether somebody at a customer wants marketing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms as django_forms

from customers.models import Contact
from herotill import forms


class ConsentForm(forms.Form):
    """What somebody told us about marketing, and how."""

    address = django_forms.ChoiceField(label="Email or number")
    wanted = django_forms.TypedChoiceField(
        label="Wants marketing", choices=[("yes", "Yes"), ("no", "No")], coerce=lambda said: said == "yes"
    )
    how = django_forms.CharField(
        label="How they told us", max_length=200, help_text="On the phone, by a signed form."
    )

    def __init__(self, *args: Any, contacts: Iterable[Contact] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = list(contacts)
        mails = [(f"email:{one.email}", f"{one.email} ({one.name})") for one in rows if one.email]
        numbers = [(f"sms:{one.phone}", f"{one.phone} ({one.name})") for one in rows if one.phone]
        self.fields["address"].choices = [*mails, *numbers]  # type: ignore[attr-defined]

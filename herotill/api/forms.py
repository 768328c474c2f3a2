"""What is typed about tokens and webhooks."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django import forms as django_forms

from herotill import forms
from herotill.api.kinds import offers
from herotill.api.scopes import open_to
from herotill.users.models import User

USUAL_DAYS = 90


class TokenForm(forms.Form):
    """A token: what for, which parts of the API, until when."""

    name = django_forms.CharField(max_length=100, label="What it is for", help_text="Such as: stock program.")
    scopes = django_forms.MultipleChoiceField(
        label="It may", widget=django_forms.CheckboxSelectMultiple, help_text="As little as it needs."
    )
    expires_on = forms.DayField(label="Last day", help_text="Within a year.")

    def __init__(self, *args: Any, owner: User, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["scopes"]
        offered.choices = [(scope.name, scope.label) for scope in open_to(owner)]
        self.fields["expires_on"].initial = today + timedelta(days=USUAL_DAYS)


class WebhookForm(forms.Form):
    """A webhook: who is told, where, of what."""

    name = django_forms.CharField(max_length=100, label="Who is told", help_text="Such as: stock program.")
    url = django_forms.CharField(
        max_length=500, label="Address", help_text="With https. Another host gets another secret."
    )
    kinds = django_forms.MultipleChoiceField(label="Of what", widget=django_forms.CheckboxSelectMultiple)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["kinds"]
        offered.choices = [(each.name, each.label) for each in offers]

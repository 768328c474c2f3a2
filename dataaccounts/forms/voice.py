"""What the card VoIP Phone Lines asks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from dataaccounts.models import VoiceLine, VoicePackage, VoiceSource
from herotill.forms import AmountField, DayField, Form

MOST = Decimal(9_999_999)


class _LineForm(Form):
    package = forms.ModelChoiceField(VoicePackage.objects.filter(retired=False), empty_label="Choose")
    source = forms.ModelChoiceField(
        VoiceSource.objects.filter(retired=False),
        empty_label="Choose",
        label="Calls come from",
        help_text="The telephone system or wholesaler whose files hold its calls.",
    )
    account = forms.CharField(
        required=False,
        max_length=100,
        label="Account there",
        help_text="What its records call the line, as a user name or extension. Empty: its number.",
    )
    channels = forms.IntegerField(min_value=1, max_value=1000, initial=1, help_text="Calls at the same time.")
    rental = AmountField(
        required=False,
        min_value=Decimal(0),
        max_value=MOST,
        label="Custom rental",
        help_text="A month. Empty: the package's price.",
    )
    text = forms.CharField(required=False, max_length=200, label="Note")


class AddLineForm(_LineForm):
    """A number for a customer."""

    number = forms.CharField(max_length=30, help_text="As 087 820 1234.")
    starts_on = DayField(label="First day", help_text="Rented from this day, or from when it is activated.")
    activate = forms.BooleanField(
        required=False, label="Activate now", help_text="Takes the identity and the address to be checked."
    )
    field_order = ("number", "package", "source", "account", "channels", "rental", "starts_on", "activate")

    def __init__(self, *args: Any, today: date, checked: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = today
        self.fields["activate"].initial = checked


class EditLineForm(_LineForm):
    """What of a line may change. Its number never does: end it and add another."""

    NAMES = ("package", "source", "account", "channels", "rental", "text")

    def __init__(self, *args: Any, line: VoiceLine, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(line, name) for name in self.NAMES}
        super().__init__(*args, **kwargs)


class WhyForm(Form):
    """Why a line is suspended or restored."""

    reason = forms.CharField(max_length=200)


class EndLineForm(WhyForm):
    """The last day of a line."""

    last_day = DayField(label="Last day", help_text="Its rental ends with it; calls up to it are charged.")
    field_order = ("last_day", "reason")

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["last_day"].initial = today

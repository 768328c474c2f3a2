"""What customers are asked about their money in the portal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from django import forms as django_forms
from django.utils.translation import gettext, gettext_lazy

from billing.models import CancellationReason, CardAttempt
from billing.services.cards import Wanted
from herotill import forms
from herotill.money import rand

ALL, OTHER, DOCUMENT = "all", "other", "document-"
Open = tuple[int, str, Decimal]


class PayForm(forms.Form):
    """What a customer pays by card: all that is due, a document or part of it, or any other amount."""

    what = django_forms.ChoiceField(
        label=gettext_lazy("What do you want to pay?"), widget=django_forms.RadioSelect
    )
    amount = forms.AmountField(
        above_zero=True,
        required=False,
        max_digits=9,
        label=gettext_lazy("Amount in rand"),
        help_text=gettext_lazy("Only if you pay part of it, or another amount."),
    )
    keep_card = django_forms.BooleanField(
        required=False, label=gettext_lazy("Keep this card, and pay my account with it from now on")
    )
    form_key = forms.token_field()

    def __init__(
        self, *args: Any, owed: Decimal, documents: Sequence[Open], keeps: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.owed, self.documents = (
            owed,
            {f"{DOCUMENT}{pk}": (pk, name, left) for pk, name, left in documents},
        )
        what: Any = self.fields["what"]
        what.choices = list(self._ways())
        what.initial = what.choices[0][0]
        if len(what.choices) == 1:
            self._only_ahead()
        if not keeps:
            del self.fields["keep_card"]

    def _only_ahead(self) -> None:
        """Nothing is owed, so there is nothing to choose but how much."""
        self.fields["what"].widget = django_forms.HiddenInput()
        amount = self.fields["amount"]
        amount.label, amount.help_text = gettext("How much do you want to pay ahead, in rand?"), ""

    def _ways(self) -> Iterator[tuple[str, str]]:
        if self.owed:
            yield ALL, gettext("All that you owe: %(amount)s") % {"amount": rand(self.owed)}
        for key, (_, name, left) in self.documents.items():
            yield key, f"{name}: {rand(left)}"
        yield OTHER, gettext("Another amount, or ahead")

    def choose(self, document: int) -> None:
        """Propose one of the documents."""
        if f"{DOCUMENT}{document}" in self.documents:
            self.fields["what"].initial = f"{DOCUMENT}{document}"

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        amount, found = data.get("amount"), self.documents.get(data.get("what", ""))
        if data.get("what") == OTHER and amount is None and "amount" not in self.errors:
            self.add_error("amount", gettext("Type how much you want to pay."))
        if found and amount is not None and amount > found[2]:
            told = gettext("Only %(left)s of it is open. To pay more, choose “Another amount, or ahead”.")
            self.add_error("amount", told % {"left": rand(found[2])})
        return data

    @property
    def wanted(self) -> Wanted:
        """What the valid form asks for."""
        data = self.cleaned_data
        pk, _, left = self.documents.get(data["what"], (None, "", self.owed))
        return Wanted(
            CardAttempt.Purpose.PAY,
            data["amount"] or left,
            pk,
            keep_card=bool(data.get("keep_card")),
            form_key=data["form_key"],
        )


class VerifyForm(forms.Form):
    """The button that leads to the gateway, where a card is verified."""

    form_key = forms.token_field()


class StatementForm(forms.Form):
    """From which day to which."""

    first = forms.DayField(label=gettext_lazy("From"))
    last = forms.DayField(label=gettext_lazy("To"))

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, last = data.get("first"), data.get("last")
        if first and last and last < first:
            self.add_error("last", gettext("This day is before the first."))
        return data


class DisputeForm(forms.Form):
    """What is wrong with a document."""

    reason = django_forms.CharField(
        label=gettext_lazy("What is wrong with it?"),
        max_length=300,
        widget=django_forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("Which line, and what it should be. We answer you in writing."),
    )


class LeaveForm(forms.Form):
    """What a customer wants to end, why, and when."""

    what = django_forms.ChoiceField(
        label=gettext_lazy("What do you want to end?"), widget=django_forms.RadioSelect
    )
    reason = django_forms.ModelChoiceField(
        label=gettext_lazy("Why?"), queryset=CancellationReason.objects.filter(retired=False)
    )
    comment = django_forms.CharField(
        label=gettext_lazy("Anything you want to tell us"),
        max_length=1000,
        required=False,
        widget=django_forms.Textarea(attrs={"rows": 3}),
    )
    last_day = forms.DayField(label=gettext_lazy("Last day of service"))

    def __init__(
        self, *args: Any, accounts: Sequence[tuple[int, str]], earliest: date, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        every = ("whole", gettext("My account with everything"))
        fields["what"].choices = [every, *((str(pk), name) for pk, name in accounts)]
        if len(accounts) < 2:
            fields["what"].choices, fields["what"].initial = [every], "whole"
        fields["last_day"].initial = earliest

    @property
    def chosen(self) -> list[int] | None:
        """The data account that ends, or None for everything."""
        what: str = self.cleaned_data["what"]
        return None if what == "whole" else [int(what)]


class StayForm(forms.Form):
    """What a customer says to a cancellation that waits for their word."""

    text = django_forms.CharField(
        label=gettext_lazy("Anything we should know"),
        max_length=1000,
        required=False,
        widget=django_forms.Textarea(attrs={"rows": 3}),
    )


class SignForm(forms.Form):
    """Agreeing to a debit order: a typed name and a tick."""

    name = django_forms.CharField(
        max_length=100,
        label=gettext_lazy("Your name and surname"),
        help_text=gettext_lazy("Typing it here is your signature."),
        widget=django_forms.TextInput(attrs={"autocomplete": "name"}),
    )
    agreed = django_forms.BooleanField(
        label=gettext_lazy("I agree to what stands above."),
        error_messages={"required": gettext_lazy("Tick this to agree.")},
    )
    mark = django_forms.CharField(max_length=64, widget=django_forms.HiddenInput)

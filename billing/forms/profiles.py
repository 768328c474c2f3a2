"""How a customer is billed, as Billing details asks it."""

from __future__ import annotations

from datetime import date
from typing import Any

from django import forms

from billing.forms.seen import SeenForm
from billing.models import BillingProfile, SubAccountMode
from customers.models import BillingGroup, Customer
from herotill.forms import Form
from herotill.months import Month
from herotill.reference.models import Highsite, PriceList

AHEAD = 12


def months_from(first: date, count: int = AHEAD) -> list[tuple[str, str]]:
    """So many months as choices: their first day and what they are called."""
    found = (Month.of(first).plus(n) for n in range(count))
    return [(month.first.isoformat(), month.label) for month in found]


class ProfileForm(SeenForm):
    """Highsite, billing group, due date, price list. How the customer pays has a dialog of its own."""

    highsite = forms.ModelChoiceField(
        Highsite.objects.all(), required=False, label="Default highsite", empty_label="None"
    )
    billing_group = forms.ModelChoiceField(BillingGroup.objects.all(), required=False, empty_label="None")
    due_days = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=365,
        label="Days until an invoice is due",
        help_text="Counted from its date. Empty: the billing group's, else the company's.",
    )
    price_list = forms.ModelChoiceField(
        PriceList.objects.all(), required=False, empty_label="Prices for everybody"
    )
    paused = forms.BooleanField(
        required=False,
        label="Not billed by the run",
        help_text="The month-end run leaves this customer out and says so in its preview.",
    )

    def __init__(self, *args: Any, customer: Customer, profile: BillingProfile | None, **kwargs: Any) -> None:
        held = profile or BillingProfile()
        kwargs["initial"] = {
            "highsite": customer.highsite,
            "billing_group": customer.billing_group,
            "due_days": held.due_days,
            "price_list": held.price_list,
            "paused": held.paused,
        }
        super().__init__(*args, **kwargs)
        self._offer("billing_group", customer.billing_group_id)
        self._offer("highsite", customer.highsite_id)
        self._offer("price_list", held.price_list_id)

    def _offer(self, name: str, current: int | None) -> None:
        """What is not retired, and what the customer has."""
        field: Any = self.fields[name]
        field.queryset = field.queryset.filter(retired=False) | field.queryset.filter(pk=current)


class ModeForm(Form):
    """Whom a sub-account's bills go to, from a month on."""

    mode = forms.ChoiceField(choices=SubAccountMode.Mode.choices, label="Bills go", widget=forms.RadioSelect)
    month = forms.TypedChoiceField(
        coerce=date.fromisoformat,
        label="From",
        help_text="What has begun or is billed stays as it is; posted entries never move.",
    )

    def __init__(self, *args: Any, first: date, mode: str, reseller: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice: Any = self.fields["mode"]
        if not reseller:
            choice.choices = [one for one in choice.choices if one[0] != SubAccountMode.Mode.RESELLER]
        choice.initial = mode
        self.fields["month"].choices = months_from(first)  # type: ignore[attr-defined]

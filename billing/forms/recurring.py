"""What the card Recurring billing asks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet

from billing.forms.profiles import months_from
from billing.forms.seen import SeenForm
from billing.models import RecurringItem
from herotill.forms import AmountField, DayField, Form
from herotill.money import rand
from herotill.months import Month
from herotill.reference.models import Product

MOST = Decimal(9_999_999)  # times the greatest quantity still an amount that a line holds


def _quantity() -> forms.DecimalField:
    return forms.DecimalField(min_value=0, max_value=99_999, decimal_places=3, initial=1)


def _discount() -> forms.DecimalField:
    return forms.DecimalField(
        min_value=0, max_value=100, max_digits=5, decimal_places=2, initial=0, label="Discount in %"
    )


def _until() -> DayField:
    return DayField(required=False, label="Discount until", help_text="Empty: for as long as it is billed.")


def _pro_rata() -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=RecurringItem.ProRata.choices,
        required=False,
        label="Part of a month",
        help_text="How a month counts in which it starts, ends, is held or changes price.",
    )


def _described(product: Product) -> str:
    return f"{product.product_type} · {product.name}"


class AddItemForm(Form):
    """Something a customer is billed for from now on."""

    product = forms.ModelChoiceField(
        Product.objects.filter(retired=False).select_related("product_type"), empty_label="Choose"
    )
    text = forms.CharField(
        required=False,
        max_length=200,
        label="Description",
        help_text="As the invoice says it. Empty: the product's.",
    )
    quantity = _quantity()
    price = AmountField(
        required=False,
        min_value=Decimal(0),
        max_value=MOST,
        label="Price of its own",
        help_text="For one, as the product's price is given. Empty: the customer's price list.",
    )
    discount = _discount()
    discount_until = _until()
    starts_on = DayField(label="First day")
    ends_on = DayField(required=False, label="Last day", help_text="Empty: until somebody ends it.")
    once = forms.BooleanField(
        required=False,
        label="Once only",
        help_text="Billed in the month of its first day; where that was billed already, in the next.",
    )
    pro_rata = _pro_rata()
    bill_from = DayField(
        required=False,
        label="Billed here from",
        help_text="Days before this were billed elsewhere. Empty: from the first day.",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["starts_on"].initial = today
        self.fields["product"].label_from_instance = _described  # type: ignore[attr-defined]


class EditItemForm(SeenForm):
    """What of an item may change without a day: it counts for months not billed yet."""

    text = forms.CharField(required=False, max_length=200, label="Description")
    quantity = _quantity()
    discount = _discount()
    discount_until = _until()
    pro_rata = _pro_rata()

    def __init__(self, *args: Any, item: RecurringItem, **kwargs: Any) -> None:
        names = ("text", "quantity", "discount", "discount_until", "pro_rata")
        kwargs["initial"] = {name: getattr(item, name) for name in names}
        super().__init__(*args, **kwargs)


class PriceForm(Form):
    """A price of an item's own, from a day on, or the price list's again."""

    amount = AmountField(required=False, min_value=Decimal(0), max_value=MOST, label="New price")
    to_list = forms.BooleanField(required=False, label="Back to the price list")
    starts_on = DayField(label="From", help_text="A day after what is billed already.")
    agreed = forms.BooleanField(
        required=False,
        label="The customer asked for it or agreed to it",
        help_text="A rise that nobody agreed to counts only after its notice.",
    )
    tell = forms.BooleanField(
        required=False,
        initial=True,
        label="Send the notice now",
        help_text="By mail, where it is a rise that nobody agreed to.",
    )

    def __init__(
        self,
        *args: Any,
        current: Decimal | None,
        listed: Decimal | None,
        own: bool,
        today: date,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = current
        self.fields["starts_on"].initial = Month.of(today).next.first
        self.fields["to_list"].help_text = (
            f"The list says {rand(listed)} now. It counts from that day with every later change of the list;"
            " the new price is left out."
            if listed is not None
            else ""
        )
        if not own or listed is None:
            del self.fields["to_list"]
            self.fields["amount"].required = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if data.get("to_list"):
            data["amount"] = None
        elif data.get("amount") is None and "amount" not in self.errors:
            self.add_error("amount", "Give a price, or go back to the price list.")
        return data


class RemoveItemForm(Form):
    """Deleting an item, or ending it where it was billed."""

    last_day = DayField(label="Last day")

    def __init__(self, *args: Any, billed_on: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not billed_on:
            del self.fields["last_day"]
            return
        self.fields["last_day"].initial = Month.of(today).last
        self.fields["last_day"].help_text = (
            f"It has been billed ({billed_on}), so it is ended rather than deleted. Days after the last day are"
            " not billed."
        )


class HoldForm(Form):
    """Days without billing."""

    item = forms.ModelChoiceField(
        RecurringItem.objects.none(), required=False, empty_label="Everything", label="What is held"
    )
    first = DayField(label="First day")
    last = DayField(label="Last day")
    reason = forms.CharField(max_length=200, help_text="Away for the winter, for example.")

    def __init__(self, *args: Any, items: QuerySet[RecurringItem], today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: Any = self.fields["item"]
        offered.queryset = items
        offered.label_from_instance = lambda item: item.text or item.product.name
        self.fields["first"].initial = Month.of(today).next.first


class MonthForm(Form):
    """One service month."""

    month = forms.TypedChoiceField(coerce=date.fromisoformat)

    def __init__(
        self, *args: Any, first: date, count: int = 2, start: date | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["month"].choices = months_from(first, count)  # type: ignore[attr-defined]
        self.fields["month"].initial = (start or first).isoformat()


class WaiveForm(MonthForm):
    """A month of an item that is never billed."""

    reason = forms.CharField(max_length=200, help_text="The tower was down, for example.")


class ClearForm(MonthForm):
    """The month whose waiting charges go; the choices say how many there are."""

    def __init__(self, *args: Any, counts: dict[date, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["month"]
        field.choices = [
            (value, f"{label}: {counts.get(date.fromisoformat(value), 'nothing waits')}")
            for value, label in field.choices
        ]

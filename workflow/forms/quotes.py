"""What is asked of quotes, by staff."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms

from customers.forms.fields import EmailField
from customers.models import Customer
from dataaccounts.models import Package
from herotill.forms import AmountField, Form
from herotill.money import ZERO
from workflow.models import DeclineReason, Quote, Survey
from workflow.selectors import quotes as reading

SHOWN_BY = "Such as: signed paper in the post of today; phone call, recording 4471."


def _quantity() -> forms.IntegerField:
    return forms.IntegerField(label="Quantity", min_value=1, max_value=9999, initial=1)


def _discount() -> forms.DecimalField:
    return forms.DecimalField(
        label="Discount %",
        min_value=0,
        max_value=100,
        max_digits=5,
        decimal_places=2,
        initial=ZERO,
        required=False,
    )


def _words(label: str, *, rows: int = 3, **more: Any) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": rows, "wide": True}), **more)


class _Discounted(Form):
    """A line; who may give no discount is not asked for one."""

    def __init__(self, *args: Any, most: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if most <= 0:
            del self.fields["discount"]
        elif most < 100:
            self.fields["discount"].help_text = f"Up to {most.normalize():f} %."

    @property
    def given(self) -> Decimal:
        """The discount, in percent."""
        return self.cleaned_data.get("discount") or ZERO


class BeginForm(Form):
    """What a quote begins with."""

    package = forms.ModelChoiceField(
        Package.objects.none(),
        required=False,
        empty_label="None yet",
        help_text="Offered every month. Lines can be added afterwards.",
    )
    remark = _words(
        "Words above the lines", required=False, max_length=2000, help_text="The customer reads them."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["package"].queryset = reading.packages()  # type: ignore[attr-defined]


class PackageForm(_Discounted):
    """A package, offered every month."""

    package = forms.ModelChoiceField(Package.objects.none(), empty_label="Choose")
    quantity = _quantity()
    discount = _discount()

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["package"].queryset = reading.packages()  # type: ignore[attr-defined]


class ProductForm(_Discounted):
    """A product, offered once or every month."""

    product = forms.ModelChoiceField(None, empty_label="Choose")  # type: ignore[var-annotated]
    monthly = forms.TypedChoiceField(
        label="How often",
        choices=[("", "Once"), ("monthly", "Every month")],
        required=False,
        coerce=bool,
        empty_value=None,
        widget=forms.RadioSelect,
        initial="",
    )
    quantity = _quantity()
    price = AmountField(
        label="Price each",
        required=False,
        min_value=0,
        help_text="Empty: the price list's. In the product's own terms, VAT included or not.",
    )
    discount = _discount()
    text = forms.CharField(
        label="Text", max_length=200, required=False, help_text="Empty: the product's own."
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["product"].queryset = reading.products()  # type: ignore[attr-defined]


class LineForm(_Discounted):
    """A line as it stands, to be changed."""

    text = forms.CharField(label="Text", max_length=200)
    quantity = _quantity()
    price = AmountField(label="Price each", min_value=0)
    discount = _discount()


class SurveyCostForm(Form):
    """What the survey found it costs more, offered once as a product."""

    product = forms.ModelChoiceField(
        None,
        empty_label="Choose",
        help_text="What it is booked as.",  # type: ignore[var-annotated]
    )
    cost = AmountField(label="Amount, VAT included", above_zero=True)
    text = forms.CharField(label="Text", max_length=200)

    def __init__(self, *args: Any, survey: Survey, **kwargs: Any) -> None:
        initial = {"cost": survey.cost, "text": survey.extra[:200] or "Extra work found by the survey"}
        super().__init__(*args, initial=initial, **kwargs)
        self.fields["product"].queryset = reading.products()  # type: ignore[attr-defined]


class RemarkForm(Form):
    """What the customer reads above the lines."""

    remark = _words("Words above the lines", required=False, max_length=2000, rows=5)


class SendForm(Form):
    """Where a quote goes, and how long it stands."""

    to = EmailField(label="Email", max_length=254)
    days = forms.IntegerField(label="Stands for days", min_value=1, max_value=365)


class ResendForm(Form):
    """Where the link goes once more."""

    to = EmailField(
        label="Email",
        max_length=254,
        help_text="With another address the link in earlier mails ends at once.",
    )


class AcceptedForm(Form):
    """The yes that staff took."""

    name = forms.CharField(label="Accepted by", max_length=200, help_text="Who said or signed it.")
    document = forms.CharField(label="Shown by", max_length=300, help_text=SHOWN_BY)
    payment_method = forms.ChoiceField(
        label="Wants to pay by", choices=Customer.PaymentMethod.choices, required=False
    )


class DeclinedForm(Form):
    """The no that staff took."""

    reason = forms.ModelChoiceField(DeclineReason.objects.none(), empty_label="Choose")
    words = _words("In their words", required=False, max_length=500)
    document = forms.CharField(label="Shown by", max_length=300, help_text=SHOWN_BY)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["reason"].queryset = reading.decline_reasons()  # type: ignore[attr-defined]


def name_of(quote: Quote) -> str:
    """Whom a quote is for, as a name."""
    return quote.lead.name if quote.lead else quote.customer.name if quote.customer else ""

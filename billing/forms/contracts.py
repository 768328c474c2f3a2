"""What the card Rental contracts asks."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from django import forms

from billing.forms.seen import SeenForm
from billing.models import BankAccount, Document, RecurringItem, RentalContract
from customers.models import Asset, Customer
from herotill.forms import AmountField, DayField, Form, ModelForm

FIELDS = [
    "equipment",
    "serial_number",
    "asset",
    "item",
    "starts_on",
    "months",
    "consumer",
    "fixed_price",
    "deposit",
    "ending",
    "ending_percent",
    "ending_amount",
    "notice_days",
    "escalation",
]


class ContractForm(ModelForm):
    """A contract's terms."""

    starts_on = DayField(label="First day")
    deposit = AmountField(min_value=Decimal(0), required=False, initial=0, label="Deposit agreed")
    ending_amount = AmountField(min_value=Decimal(0), required=False, initial=0, label="Fixed amount")

    class Meta:
        model = RentalContract
        fields = FIELDS

    def __init__(self, *args: Any, customer: Customer, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered: dict[str, Any] = self.fields
        offered["asset"].queryset = Asset.objects.filter(customer=customer)
        offered["item"].queryset = RecurringItem.objects.filter(customer=customer).select_related("product")
        offered["item"].label_from_instance = lambda item: item.text or item.product.name
        offered["asset"].empty_label = offered["item"].empty_label = "None"
        if not self.instance.pk:
            offered["starts_on"].initial = today
            offered["consumer"].initial = not customer.is_company

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        for name in ("deposit", "ending_amount"):
            data[name] = data.get(name) or Decimal(0)
        return data

    def _post_clean(self) -> None:
        """The service writes and checks; the row itself is left as it was read."""


class ChangeContractForm(SeenForm, ContractForm):
    """A contract's terms, and a mark of what they were when it was opened."""


class EndForm(Form):
    """Ending a contract early."""

    told_on = DayField(label="Notice was given on")
    last = DayField(label="Last day")
    reason = forms.CharField(max_length=200)

    def __init__(self, *args: Any, contract: RentalContract, told: str, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["told_on"].initial = today
        self.fields["last"].initial = today
        self.fields["last"].help_text = told


class DepositForm(Form):
    """A deposit that came in."""

    amount = AmountField(min_value=Decimal("0.01"))
    day = DayField(label="Received on")
    account = forms.ModelChoiceField(
        BankAccount.objects.filter(retired=False), label="Into", empty_label="Choose"
    )
    reference = forms.CharField(required=False, max_length=100)

    def __init__(self, *args: Any, amount: Decimal, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["amount"].initial = amount or None
        self.fields["day"].initial = today


class SettleForm(Form):
    """What becomes of a deposit that is held."""

    KEEP, PAY, INVOICE, BACK = "forfeit", "pay", "apply", "refund"
    what = forms.ChoiceField(
        label="What becomes of it",
        widget=forms.RadioSelect,
        choices=[
            (PAY, "It pays an invoice that is open"),
            (INVOICE, "It pays for something not billed yet: a tax invoice is made"),
            (KEEP, "It is forfeited: a tax invoice is made"),
            (BACK, "It is paid back, once a second person agrees"),
        ],
    )
    amount = AmountField(min_value=Decimal("0.01"))
    document = forms.ModelChoiceField(
        Document.objects.none(), required=False, label="Invoice", empty_label="None"
    )
    account = forms.ModelChoiceField(
        BankAccount.objects.filter(retired=False), required=False, label="Paid back from", empty_label="None"
    )
    reason = forms.CharField(
        required=False, max_length=200, label="For what, or why", help_text="As the tax invoice says it."
    )

    def __init__(self, *args: Any, contract: RentalContract, held: Decimal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        invoices: Any = self.fields["document"]
        invoices.queryset = Document.objects.filter(
            customer=contract.customer_id, kind="invoice", status="issued"
        ).order_by("-document_date", "-pk")
        self.fields["amount"].initial = held

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        needs = {self.PAY: "document", self.BACK: "account"}.get(data.get("what", ""))
        if needs and not data.get(needs):
            self.add_error(needs, "This is needed for that.")
        if data.get("what") != self.PAY and not data.get("reason"):
            self.add_error("reason", "This is needed for that.")
        return data

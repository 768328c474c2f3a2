"""What is asked of those who pay by card, and of those who look after it."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from django import forms as django_forms

from billing.models import BankAccount, CardAttempt, CardGateway
from billing.services.cards import Wanted
from billing.services.cards.payable import Goods, Payable
from customers.models import Customer
from herotill import forms
from herotill.money import rand

Purpose = CardAttempt.Purpose
ALL, OTHER, TOPPING, VOUCHER = "all", "other", "topping", "voucher"


class PayForm(forms.Form):
    """What a customer pays: everything, a document, an amount, data for an account, a voucher."""

    what = django_forms.ChoiceField(label="What do you pay?", widget=django_forms.RadioSelect)
    amount = django_forms.DecimalField(
        label="Amount in rand",
        required=False,
        max_digits=9,
        decimal_places=2,
        min_value=Decimal("0.01"),
        widget=django_forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}),
        help_text="For another amount; what is not due yet stays as credit.",
    )
    topping = django_forms.ChoiceField(label="Data for an account", required=False)
    voucher = django_forms.ChoiceField(label="Voucher", required=False)
    keep_card = django_forms.BooleanField(
        label="Keep this card, and pay my account by it from now on", required=False
    )
    form_key = forms.token_field()

    def __init__(self, *args: Any, payable: Payable, stores: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.payable = payable
        self.fields["what"].choices = list(self._ways())  # type: ignore[attr-defined]
        self.fields["what"].initial = ALL if payable.due else OTHER
        self._offer("topping", payable.toppings)
        self._offer("voucher", payable.vouchers)
        if not stores:
            del self.fields["keep_card"]

    def _ways(self) -> Any:
        if self.payable.due:
            yield ALL, f"All that is due: {rand(self.payable.due)}"
        for pk, name, still_open in self.payable.documents:
            yield f"document-{pk}", f"{name}: {rand(still_open)}"
        yield OTHER, "Another amount"
        if self.payable.toppings:
            yield TOPPING, "Data for an account"
        if self.payable.vouchers:
            yield VOUCHER, "A voucher"

    def _offer(self, name: str, goods: Sequence[Goods]) -> None:
        field: Any = self.fields[name]
        field.choices = [("", "Choose"), *((one.key, f"{one.name}, {rand(one.price)}") for one in goods)]
        if not goods:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        needs = {OTHER: "amount", TOPPING: "topping", VOUCHER: "voucher"}.get(data.get("what", ""))
        if needs and not data.get(needs) and needs not in self.errors:
            self.add_error(needs, "Say how much." if needs == "amount" else "Choose what.")
        return data

    @property
    def wanted(self) -> Wanted:
        """What the valid form asks for."""
        data = self.cleaned_data
        key, keep = data["form_key"], bool(data.get("keep_card"))
        what: str = data["what"]
        if what in (TOPPING, VOUCHER):
            goods = self.payable.toppings if what == TOPPING else self.payable.vouchers
            chosen = next(one for one in goods if one.key == data[what])
            return Wanted(what, chosen.price, subject=chosen.subject, keep_card=keep, form_key=key)
        if what.startswith("document-"):
            pk, _, still_open = next(one for one in self.payable.documents if what == f"document-{one[0]}")
            return Wanted(Purpose.PAY, still_open, pk, keep_card=keep, form_key=key)
        amount = self.payable.due if what == ALL else data["amount"]
        return Wanted(Purpose.PAY, amount, keep_card=keep, form_key=key)


class VerifyForm(forms.Form):
    """The button that verifies a card."""

    form_key = forms.token_field()


class ConfirmForm(forms.Form):
    """What a person found at the gateway."""

    amount = django_forms.DecimalField(
        label="Amount in rand", max_digits=12, decimal_places=2, min_value=Decimal("0.01")
    )
    day = forms.DayField(label="Paid on")
    reason = django_forms.CharField(
        label="How you know", max_length=200, help_text="Such as the line of the gateway's statement."
    )


class ReasonForm(forms.Form):
    """Why, for the record."""

    reason = django_forms.CharField(max_length=200)


class PayerForm(forms.Form):
    """Whose money it is."""

    code = django_forms.CharField(label="Customer code", max_length=20)

    def clean_code(self) -> Customer:
        found = Customer.objects.filter(code=self.cleaned_data["code"].strip().upper()).first()
        if found is None:
            raise django_forms.ValidationError("No customer has this code.")
        return found


class ChargeForm(forms.Form):
    """How much is charged to the stored card."""

    amount = forms.AmountField(above_zero=True, label="Amount in rand", max_digits=9)
    form_key = forms.token_field()


class GatewayForm(forms.Form):
    """A gateway as it shall be; empty secrets keep what is stored."""

    account = django_forms.ModelChoiceField(
        BankAccount.objects.filter(source=BankAccount.Source.GATEWAY, retired=False),
        label="Receipts are booked to",
        help_text="An account of ours whose receipts come from gateway notices.",
    )
    merchant = django_forms.CharField(max_length=60, required=False)
    key = django_forms.CharField(
        required=False,
        max_length=100,
        widget=django_forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    passphrase = django_forms.CharField(
        required=False,
        max_length=100,
        widget=django_forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    test_mode = django_forms.BooleanField(
        required=False, label="Test mode", help_text="Nothing is booked in test mode."
    )
    is_on = django_forms.BooleanField(required=False, label="In use", help_text="Payers are sent to it.")
    reason = django_forms.CharField(
        max_length=500,
        widget=django_forms.Textarea(attrs={"rows": 2}),
        help_text="For whoever approves it, and for the audit.",
    )
    LABELS = {
        "payfast": ("Merchant ID", "Merchant key", "Passphrase"),
        "paynow": ("Software vendor key", "Pay Now service key", ""),
        "vcs": ("Terminal ID", "", "MD5 key"),
    }

    def __init__(self, *args: Any, row: CardGateway, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, label in zip(("merchant", "key", "passphrase"), self.LABELS[row.kind], strict=True):
            self.fields[name].label = label
            if not label:
                self.fields[name].widget = django_forms.HiddenInput()
        for name in ("key", "passphrase"):
            kept = getattr(row, name)
            if kept:
                self.fields[name].help_text = f"Stored: {kept}. Leave it empty to keep it."

    @property
    def values(self) -> dict[str, Any]:
        """What is asked for, as an approval keeps it."""
        data = self.cleaned_data
        names = ("merchant", "key", "passphrase", "test_mode", "is_on")
        return {"account": data["account"].pk, **{name: data[name] for name in names}}

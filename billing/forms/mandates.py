"""What the dialogs about payment methods, debit-order accounts and mandates ask, and the page to sign on."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms
from django.http import QueryDict

from billing.models import DebitDetail, Mandate, PayerBank
from billing.models.mandates import SIX_DIGITS
from billing.policies.account_checks import RULES, branch_doubt
from billing.services.mandates import NewDetail, details
from customers.models import Attachment, Customer
from herotill.forms import AmountField, DayField, Form, ModelForm

DEBIT = Customer.PaymentMethod.DEBIT_ORDER
METHODS = [
    ("", "Not set"),
    (DEBIT, "Direct Debit (Debit Order)"),
    (Customer.PaymentMethod.EFT, "EFT"),
    (Customer.PaymentMethod.CREDIT_CARD, "Credit Card"),
    (Customer.PaymentMethod.CASH, "Cash"),
]
FIGURES = {"inputmode": "numeric", "autocomplete": "off"}
KEEP_IT = "Save again to keep it all the same."


class PaymentForm(Form):
    """How a customer pays; for debit orders, from which account."""

    method = forms.ChoiceField(choices=METHODS, required=False, label="Payment method")
    debit_day = forms.IntegerField(
        min_value=1,
        max_value=31,
        label="Debit order day",
        help_text="29 to 31 mean the last day of a shorter month.",
    )
    bank: forms.ModelChoiceField = forms.ModelChoiceField(None, label="Bank name", empty_label="Choose")
    branch_name = forms.CharField(
        max_length=60, required=False, help_text="Not known: leave it empty and it is the bank's name."
    )
    branch_code = forms.CharField(
        max_length=6,
        validators=[SIX_DIGITS],
        help_text="Always six digits; filled in with the bank's universal code.",
        widget=forms.TextInput(attrs={**FIGURES, "maxlength": 6}),
    )
    holder = forms.CharField(max_length=50, label="Account name", help_text="The account holder.")
    account_type = forms.ChoiceField(choices=DebitDetail.AccountType.choices)
    number = forms.CharField(
        max_length=30,
        required=False,
        label="Account number",
        error_messages={"required": "Give the account number."},
        widget=forms.TextInput(attrs=FIGURES),
    )
    override = forms.CharField(
        max_length=200,
        required=False,
        label="Why it is kept all the same",
        help_text="For a number that fails its bank's rule; kept with your name.",
    )
    seen = forms.IntegerField(widget=forms.HiddenInput)
    branch_known = forms.CharField(max_length=6, required=False, widget=forms.HiddenInput)
    DEBIT_FIELDS = (
        "debit_day",
        "bank",
        "branch_name",
        "branch_code",
        "holder",
        "account_type",
        "number",
        "override",
    )

    def __init__(
        self,
        *args: Any,
        customer: Customer,
        held: DebitDetail | None,
        may_debit: bool,
        may_override: bool,
        method: str | None = None,
        **kwargs: Any,
    ) -> None:
        kwargs["initial"] = _initial(customer, held) | ({} if method is None else {"method": method})
        super().__init__(*args, **kwargs)
        self.held, self.may_override = held, may_override
        self.fails = False
        is_debit = self["method"].value() == DEBIT
        self.asks_debit, self.lacks_right = is_debit and may_debit, is_debit and not may_debit
        banks: Any = self.fields["bank"]
        kept = PayerBank.objects.filter(pk=held.bank_id if held else 0)
        banks.queryset = PayerBank.objects.filter(retired=False) | kept
        self.fields["number"].required = self.asks_debit and held is None
        if held:
            self.fields["number"].help_text = f"Kept: {held.number}. Leave it empty to keep it."
        if not self.asks_debit:
            for name in self.DEBIT_FIELDS:
                self.fields[name].required = False

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if self.asks_debit and not self.errors:
            self._look_at_number(data)
            self._look_at_branch(data)
        return data

    def _look_at_number(self, data: dict[str, Any]) -> None:
        if not details.digits(data["number"]) and not self.held:
            self.add_error("number", "Give the account number.")
        elif details.fails(self.values(data), self.held):
            self.fails = True
            if not (data["override"] and self.may_override):
                self.add_error("number", _failing(data["bank"], self.may_override))

    def _look_at_branch(self, data: dict[str, Any]) -> None:
        """A branch code of another bank is said once; saved again, it is kept."""
        bank, code = data["bank"], data["branch_code"]
        doubt = branch_doubt(bank.check_rule, bank.branch_code, code)
        stays = self.held and (self.held.bank_id, self.held.branch_code) == (bank.pk, code)
        if doubt and not stays and data["branch_known"] != code:
            self.add_error("branch_code", f"{doubt} {KEEP_IT}")
            typed = QueryDict(mutable=True)
            typed.update(self.data)
            typed[self.add_prefix("branch_known")] = code
            self.data = typed

    def values(self, data: dict[str, Any]) -> NewDetail:
        """The account as it was typed."""
        return NewDetail(
            bank=data["bank"],
            branch_code=data["branch_code"],
            holder=data["holder"],
            debit_day=data["debit_day"],
            number=data["number"],
            branch_name=data["branch_name"],
            account_type=data["account_type"],
            override=data["override"],
        )

    @property
    def debit_fields(self) -> list[forms.BoundField]:
        """What is asked of a debit order; why a failing number is kept only of who may keep one."""
        asked = self.DEBIT_FIELDS if self.fails and self.may_override else self.DEBIT_FIELDS[:-1]
        return [self[name] for name in asked]


def _initial(customer: Customer, held: DebitDetail | None) -> dict[str, Any]:
    initial: dict[str, Any] = {"method": customer.payment_method, "seen": held.pk if held else 0}
    if held is None:
        return initial | {"holder": customer.name[:50]}
    names = ("debit_day", "bank", "branch_name", "branch_code", "holder", "account_type")
    return initial | {name: getattr(held, name) for name in names}


def _failing(bank: PayerBank, may_override: bool) -> str:
    said = details.FAILS.format(bank=bank.name)
    return f"{said} Say below why it is kept, if it is right." if may_override else said


def _holiday() -> forms.ChoiceField:
    return forms.ChoiceField(
        choices=Mandate.Holiday.choices,
        initial=Mandate.Holiday.AFTER,
        label="If the debit day is no business day",
    )


def _maximum() -> AmountField:
    return AmountField(
        required=False, above_zero=True, label="At most a debit", help_text="Empty: whatever is due."
    )


class AskForm(Form):
    """To whom the request for a mandate goes, and what is to be agreed."""

    to = forms.ChoiceField(label="Mail it to")
    maximum = _maximum()
    holiday = _holiday()

    def __init__(self, *args: Any, addresses: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["to"].choices = addresses  # type: ignore[attr-defined]


class PaperForm(Form):
    """A mandate signed on paper, with the form as proof."""

    attachment: forms.ModelChoiceField = forms.ModelChoiceField(
        None, required=False, label="The signed form", empty_label="Upload it now"
    )
    file = forms.FileField(
        required=False,
        label="Upload the signed form",
        widget=forms.ClearableFileInput(attrs={"accept": ".pdf,.jpg,.jpeg,.png,.webp"}),
    )
    signed_on = DayField(label="Signed on")
    signed_by = forms.CharField(
        max_length=100, required=False, label="Signed by", help_text="Empty: the account holder."
    )
    maximum = _maximum()
    holiday = _holiday()

    def __init__(self, *args: Any, customer: Customer, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        files: Any = self.fields["attachment"]
        files.queryset = Attachment.objects.filter(customer=customer)
        self.fields["signed_on"].initial = today

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        if not data.get("attachment") and not data.get("file") and "file" not in self.errors:
            self.add_error("file", "Attach the signed form, or choose it from the customer's attachments.")
        return data


class WhyForm(Form):
    """Why something is done to a mandate."""

    why = forms.CharField(max_length=200, label="Why")


class SignForm(Form):
    """Agreeing to a mandate: a typed name and a tick."""

    name = forms.CharField(
        max_length=100,
        label="Your name and surname",
        help_text="Typing it here is your signature.",
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    agreed = forms.BooleanField(
        label="I agree to what stands above.", error_messages={"required": "Tick this to agree."}
    )
    mark = forms.CharField(max_length=64, widget=forms.HiddenInput)


class PayerBankForm(ModelForm):
    """A bank that customers may pay from."""

    check_rule = forms.ChoiceField(choices=RULES, required=False, label="Rule for account numbers")

    class Meta:
        model = PayerBank
        fields = ("name", "branch_code", "check_rule", "retired")

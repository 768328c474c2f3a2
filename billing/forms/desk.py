"""What is asked at the collectors' desk: notes, promises, disputes, fees, hand-overs, scripts."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError

from billing.models import DebtorNote, SuspensionRules
from billing.policies import scripts
from herotill.forms import AmountField, DayField, Form, ModelForm
from herotill.users.models import User

UNSEEN = "Customers never see it. It cannot be changed or deleted afterwards."


def _text(label: str, *, longest: int, rows: int = 3, help_text: str = "", **more: Any) -> forms.CharField:
    attrs = {"rows": rows, "wide": True, "maxlength": longest}
    return forms.CharField(
        label=label, max_length=longest, help_text=help_text, widget=forms.Textarea(attrs=attrs), **more
    )


class DebtorNoteForm(Form):
    """What was said about a debt, how, and what comes next."""

    text = _text("Note", longest=1000, help_text=UNSEEN)
    way = forms.ChoiceField(label="How", choices=DebtorNote.Way.choices, initial=DebtorNote.Way.NOTE)
    next_on = DayField(label="Next action on", required=False)
    mail = forms.BooleanField(
        label="Mail a reminder of what is overdue",
        required=False,
        help_text="In the words of the template; the note itself is never sent. The mail can be tracked.",
    )


class PromiseForm(Form):
    """How much is promised, and by which day."""

    amount = AmountField(label="Amount", above_zero=True)
    by_day = DayField(label="Pays by")
    confirm = forms.BooleanField(label="Mail them what was promised", required=False)


class ReasonForm(Form):
    """Why."""

    reason = forms.CharField(label="Reason", max_length=200)


class DisputeForm(Form):
    """What the customer says is wrong."""

    reason = forms.CharField(
        label="What the customer disputes",
        max_length=300,
        help_text="Until it is answered the document is not overdue: nobody is warned or suspended for it.",
    )


class AnswerForm(Form):
    """What we answer, and whether the customer is told by mail."""

    answer = forms.CharField(label="Answer", max_length=300)
    tell = forms.BooleanField(label="Mail the answer to the customer", required=False)


class CallForm(DebtorNoteForm):
    """A call in one go: what was said, what comes next, and what was promised."""

    text = _text("What was said", longest=1000, help_text=UNSEEN)
    way = forms.ChoiceField(
        label="How", choices=DebtorNote.Way.choices, initial=DebtorNote.Way.CALL, widget=forms.RadioSelect
    )
    amount = AmountField(label="Promises to pay", above_zero=True, required=False)
    by_day = DayField(label="Pays by", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.attrs["autofocus"] = True

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for one, other in (("amount", "by_day"), ("by_day", "amount")):
            if data.get(one) and not data.get(other) and other not in self.errors:
                self.add_error(other, "A promise is an amount and a day.")
        return data

    @property
    def promises(self) -> bool:
        return bool(self.cleaned_data.get("amount"))


class HandOverForm(Form):
    """To whom debts are handed over."""

    collector = forms.CharField(
        label="Collector", max_length=100, help_text="The agency or attorney that works on it from now on."
    )


class AssignForm(Form):
    """Who looks after the customers."""

    collector = forms.ModelChoiceField(
        label="Collector", queryset=User.objects.none(), required=False, empty_label="Nobody"
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["collector"]
        field.queryset = User.objects.filter(kind=User.Kind.STAFF, is_active=True).order_by(
            "name", "username"
        )


class ScriptsForm(Form):
    """What is said in each situation."""

    def __init__(self, *args: Any, texts: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for one in scripts.SCRIPTS.values():
            self.fields[one.situation] = _text(
                one.title, longest=2000, rows=4, required=False, initial=texts[one.situation]
            )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        for name, text in list(data.items()):
            if trouble := scripts.trouble_with(text):
                self.add_error(name, ValidationError(trouble))
        return data


class FeeRulesForm(ModelForm):
    """What late payment and an unpaid debit cost; nothing where the field is empty."""

    late_fee = AmountField(
        label="Late fee, incl. VAT",
        above_zero=True,
        required=False,
        help_text="Once for a suspension case, with its first warning. Empty: none.",
    )
    unpaid_fee = AmountField(
        label="Fee for an unpaid debit, incl. VAT",
        above_zero=True,
        required=False,
        help_text="Once for each debit that comes back. Empty: none.",
    )

    class Meta:
        model = SuspensionRules
        fields = ("late_fee", "unpaid_fee", "fee_product")
        labels = {"fee_product": "Billed as"}
        help_texts = {"fee_product": "Its name stands on the invoice; its VAT class counts."}

    def clean(self) -> dict[str, Any]:
        data: dict[str, Any] = super().clean() or self.cleaned_data
        if (data.get("late_fee") or data.get("unpaid_fee")) and not data.get("fee_product"):
            self.add_error("fee_product", "Say as which product fees are billed.")
        return data

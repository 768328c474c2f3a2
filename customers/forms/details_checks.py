from __future__ import annotations

from typing import Any

from django import forms

from customers.models import Customer, DetailsCheck
from herotill.forms import Form


class DetailsCheckForm(Form):
    """What a customer is asked to look through, and what to say beside it."""

    what = forms.MultipleChoiceField(
        choices=DetailsCheck.What.choices,
        initial=[DetailsCheck.What.DETAILS, DetailsCheck.What.CONTACTS],
        label="Please check",
        widget=forms.CheckboxSelectMultiple(attrs={"wide": True}),
    )
    words = forms.CharField(
        required=False,
        max_length=500,
        label="What else to say",
        help_text="Stands in the mail and in the portal.",
        widget=forms.Textarea(attrs={"rows": 3, "wide": True}),
    )

    def __init__(self, *args: Any, customer: Customer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)


class ForgetAnswerForm(Form):
    """What is answered to who asks to be forgotten."""

    words = forms.CharField(
        max_length=500,
        label="Our answer",
        help_text="The customer gets it by mail and reads it in the portal. Nothing is deleted by it.",
        widget=forms.Textarea(attrs={"rows": 4, "wide": True}),
    )

"""What is asked about jobs: what is to be done, when, how it ended, what was used."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from django import forms

from customers.models import Asset, Customer
from dataaccounts.models import DataAccount
from herotill.clock import moment
from herotill.forms import DayField, Form
from herotill.reference.models import Product
from herotill.users.models import User
from workflow.forms.surveys import clock, in_order
from workflow.models import Area, FailReason, JobCard, JobCheck, JobType
from workflow.selectors import jobs as reading


def _text(label: str, **more: Any) -> forms.CharField:
    widget = forms.Textarea(attrs={"rows": 3, "wide": True})
    return forms.CharField(label=label, required=False, max_length=2000, widget=widget, **more)


class CardForm(Form):
    """What is to be done, and where."""

    job_type = forms.ModelChoiceField(label="Type of job", queryset=JobType.objects.filter(retired=False))
    account = forms.ModelChoiceField(
        label="Data account", queryset=DataAccount.objects.none(), required=False, empty_label="None"
    )
    area = forms.ModelChoiceField(label="Area", queryset=Area.objects.filter(retired=False), required=False)
    address = _text("Where", help_text="Empty: the customer's own address.")
    instructions = _text("Instructions")
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, customer: Customer, job: JobCard | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not job:
            del self.fields["seen"]
        account: Any = self.fields["account"]
        account.queryset = (
            DataAccount.objects.filter(customer=customer)
            .exclude(state=DataAccount.State.CANCELLED)
            .order_by("username")
        )
        if job:
            del self.fields["job_type"]


class ScheduleForm(Form):
    """Who goes there, and when."""

    technician = forms.ModelChoiceField(label="Technician", queryset=User.objects.none())
    day = DayField(label="Day")
    starts = clock("From")
    ends = clock("Until")
    tell = forms.BooleanField(
        label="Tell the customer by mail", required=False, initial=True, help_text="Day and time from–until."
    )
    anyway = forms.BooleanField(label="Schedule it all the same", required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["technician"]
        field.queryset = reading.technicians()

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        in_order(self)
        return data

    def times(self) -> tuple[datetime, datetime]:
        data = self.cleaned_data
        return moment(data["day"], data["starts"]), moment(data["day"], data["ends"])


class CheckForm(Form):
    """The answer to one thing of the checklist."""

    answer = forms.CharField(label="Answer", max_length=500, required=False)

    def __init__(self, *args: Any, item: JobCheck, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["answer"].label = item.text


class FailForm(Form):
    """Why a job could not be done."""

    reason = forms.ModelChoiceField(label="Reason", queryset=FailReason.objects.filter(retired=False))
    words = _text("More about it")


class WhyForm(Form):
    """A reason in words."""

    why = forms.CharField(label="Reason", max_length=300)


class CompleteForm(Form):
    """How a job was completed from the desk."""

    starts_service_on = DayField(
        label="Services begin on", help_text="The first month is billed from this day on.", required=False
    )
    report = _text("What was done")
    override = forms.CharField(
        label="Complete it without, because",
        max_length=500,
        required=False,
        help_text="Only where something compulsory was left out.",
    )

    def __init__(self, *args: Any, job: JobCard, lacking: list[str], overrides: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not job.job_type.installs or job.begun:
            del self.fields["starts_service_on"]
        if not lacking or not overrides:
            del self.fields["override"]


class ProductChoice(forms.ModelChoiceField):
    def label_from_instance(self, obj: Any) -> str:
        return f"{obj.name} ({obj.code})"


class MaterialForm(Form):
    """What was used."""

    product = ProductChoice(
        label="Product", queryset=Product.objects.filter(retired=False).order_by("name"), required=False
    )
    text = forms.CharField(
        label="What", max_length=200, required=False, help_text="Empty: the product's name."
    )
    quantity = forms.DecimalField(
        label="Quantity", min_value=Decimal("0.01"), max_digits=8, decimal_places=2, initial=1
    )
    billed = forms.BooleanField(label="The customer pays for it", required=False)


class EquipmentForm(Form):
    """What was put in, as the customer's register keeps it."""

    description = forms.CharField(label="What it is", max_length=200, help_text="Router, radio, UPS.")
    model = forms.CharField(label="Make and model", max_length=100, required=False)
    serial_number = forms.CharField(label="Serial number", max_length=100, required=False)
    mac_address = forms.CharField(label="MAC address", max_length=17, required=False)
    owner = forms.ChoiceField(label="Belongs to", choices=Asset.Owner.choices, initial=Asset.Owner.ISP)

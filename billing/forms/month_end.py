"""What is typed at a month-end."""

from __future__ import annotations

from typing import Any

from django import forms as django_forms

from billing.models import MonthEnd
from billing.models.month_end import SERVICE_MONTHS
from customers.models import BillingGroup
from herotill import forms


class DatesForm(forms.Form):
    """Billing month, cut-off day, service period, document date; for everybody or one billing group."""

    month = django_forms.DateField(
        label="Billing month",
        input_formats=["%Y-%m"],
        widget=django_forms.DateInput(attrs={"type": "month"}, format="%Y-%m"),
    )
    billing_group = django_forms.ModelChoiceField(
        BillingGroup.objects.filter(retired=False), required=False, empty_label="All customers"
    )
    service_offset = django_forms.TypedChoiceField(
        label="Service period",
        coerce=int,
        choices=SERVICE_MONTHS,
        initial=0,
        help_text="The month whose services are billed.",
    )
    cut_off_day = django_forms.IntegerField(
        label="Cut-off day",
        min_value=1,
        max_value=31,
        initial=31,
        help_text="What begins after this day of the service month is billed next month, from its first day.",
    )
    document_date = django_forms.DateField(
        label="Date of the invoices", widget=django_forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    @classmethod
    def of(cls, month_end: MonthEnd, data: Any = None) -> DatesForm:
        """The form of a month-end that stands; its month and group do not change."""
        values = {
            "month": month_end.period,
            "billing_group": month_end.billing_group_id,
            "service_offset": month_end.service_offset,
            "cut_off_day": month_end.cut_off_day,
            "document_date": month_end.document_date,
        }
        form = cls(data, initial=values)
        for name in ("month", "billing_group"):
            form.fields[name].disabled = True
        return form


class SignForm(forms.Form):
    """What the person who signs has to say."""

    reason = django_forms.CharField(
        label="Remark",
        max_length=300,
        help_text="What you looked at, or why the differences are right. Kept with the signature.",
        widget=django_forms.TextInput(attrs={"wide": True}),
    )

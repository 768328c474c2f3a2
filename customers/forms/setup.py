"""The forms of what is kept in Setup: groups, billing groups, categories, labels."""

from __future__ import annotations

from typing import Any

from customers.models import BillingGroup, Category, CustomerGroup, Label
from herotill.tables.forms import TableForm


class CustomerGroupForm(TableForm):
    """Whom a customer belongs with."""

    class Meta:
        model = CustomerGroup
        fields = ["name", "description"]


class BillingGroupForm(TableForm):
    """A debit-order run and its days."""

    class Meta:
        model = BillingGroup
        fields = ["name", "run_day", "due_days", "overdue_days", "second_notice_days", "suspension_days"]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or self.cleaned_data
        first, second, last = (
            data.get(name) for name in ("overdue_days", "second_notice_days", "suspension_days")
        )
        if first is not None and second is not None and second < first:
            self.add_error("second_notice_days", "The second warning cannot come before the first.")
        if second is not None and last is not None and last < second:
            self.add_error("suspension_days", "Suspension cannot come before the second warning.")
        return data


class CategoryForm(TableForm):
    """What kind of customer."""

    class Meta:
        model = Category
        fields = ["name"]


class LabelForm(TableForm):
    """A coloured tag."""

    class Meta:
        model = Label
        fields = ["name", "colour"]

from __future__ import annotations

from typing import Any

from django.db.models import Model

from customers.forms.details import DetailsForm
from customers.models import Address
from customers.screen import Action, Section, Widget, action, register
from customers.selectors import details
from customers.services import customers
from herotill.access import may


@register
class AccountDetails(Widget):
    """Who the customer is."""

    name, title = "account-details", "Account details"
    section, position = Section.ACCOUNT, 10
    permission = "customers.view_customer"
    template_name = "customers/widgets/account_details.html"
    rows = 8

    def context(self) -> dict[str, Any]:
        sees_numbers = may(self.user, "customers.see_id_numbers")
        physical = Address.objects.filter(customer=self.customer, kind=Address.Kind.PHYSICAL).first()
        doubts = details.doubts(customer=self.customer)
        if not sees_numbers:
            doubts = {name: text for name, text in doubts.items() if name == "vat_number"}
        return {"sees_numbers": sees_numbers, "physical": physical, "doubts": doubts}

    def form_arguments(self, action: Action, target: Model | None) -> dict[str, Any]:
        return {"instance": self.customer, "user": self.user}

    @action(
        label="Edit",
        title="Change account details",
        submit="Save details",
        permission="customers.change_customer",
        form=DetailsForm,
        emits=("profile-head",),
        wide=True,
    )
    def edit(self, data: dict[str, Any], changed: list[str]) -> None:
        changes = {name: data[name] for name in changed if name != "version"}
        customers.update(customer=self.customer, changes=changes, actor=self.user)

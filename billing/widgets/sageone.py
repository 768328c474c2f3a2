from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.utils import timezone

from billing.forms.books import SageOneIdForm
from billing.selectors import books as reading
from billing.services.books import linking, owing
from customers.screen import Action, Section, Widget, action, register
from herotill.access import may


@register
class SageOneIntegration(Widget):
    """Which customer in SageOne this is, when it was last synced, and whether that went well."""

    name, title = "sageone", "SageOne integration"
    section, position = Section.BILLING, 95
    permission = "billing.view_bookscustomer"
    template_name = "billing/widgets/sageone.html"
    lazy = True

    def context(self) -> dict[str, Any]:
        return {
            "sync": reading.sync_of(self.customer),
            "sees_owed": may(self.user, "billing.view_booksowed"),
        }

    def form_arguments(self, action: Action, target: Model | None) -> dict[str, Any]:
        if action.form is SageOneIdForm:
            return {"initial": {"their_id": reading.their_id(self.customer)}}
        return {}

    @action(
        label="Sync now",
        title="Sync with SageOne",
        confirm="The details of this customer and what waits behind them go to SageOne next.",
        permission="billing.push_to_books",
        foot=True,
        done="On the way to SageOne.",
        order=10,
    )
    def sync(self, data: dict[str, Any], changed: list[str]) -> None:
        owing.push_customer(customer=self.customer, actor=self.user, now=timezone.now())

    @action(
        label="Edit ID",
        title="Change the SageOne ID",
        submit="Change the ID",
        permission="billing.change_bookscustomer",
        form=SageOneIdForm,
        foot=True,
        danger=True,
        emits=("audit-trail",),
        done="SageOne ID changed.",
        order=20,
    )
    def edit(self, data: dict[str, Any], changed: list[str]) -> None:
        linking.link(customer=self.customer, their_id=data["their_id"])

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.shortcuts import get_object_or_404
from django.utils import timezone

from customers.forms.assets import AssetForm, ReturnForm
from customers.models import Asset
from customers.screen import Action, Section, Widget, action, register
from customers.selectors import details
from customers.services import assets

SHOWN = 50


@register
class AssetRegister(Widget):
    """Equipment at the customer: whose it is, where it stands, what came back."""

    name, title = "asset-register", "Asset register"
    section, position = Section.RECORD, 20
    permission = "customers.view_asset"
    template_name = "customers/widgets/asset_register.html"
    lazy = True

    def context(self) -> dict[str, Any]:
        found = details.assets(customer=self.customer, limit=SHOWN)
        more = len(found) > SHOWN
        return {"assets": found[:SHOWN], "more": more, "count": f"{SHOWN}+" if more else len(found)}

    def find(self, pk: int) -> Model:
        return get_object_or_404(Asset, pk=pk, customer=self.customer)

    def form_arguments(self, action: Action, target: Model | None) -> dict[str, Any]:
        if action.form is AssetForm:
            return {"instance": target, "customer": self.customer}
        return {"initial": {"returned_on": timezone.localdate()}} if action.form is ReturnForm else {}

    @action(
        label="Add",
        title="Add equipment",
        permission="customers.add_asset",
        form=AssetForm,
        done="Equipment added.",
    )
    def add(self, data: dict[str, Any], changed: list[str]) -> None:
        assets.add(customer=self.customer, values=data, actor=self.user)

    @action(
        label="Edit",
        title="Change equipment",
        submit="Save equipment",
        permission="customers.change_asset",
        form=AssetForm,
        row=True,
        done="Equipment saved.",
    )
    def edit(self, data: dict[str, Any], changed: list[str], asset: Asset) -> None:
        assets.change(asset=asset, values={name: data[name] for name in changed}, actor=self.user)

    @action(
        label="Came back",
        title="Record that equipment came back",
        submit="Record return",
        permission="customers.change_asset",
        form=ReturnForm,
        row=True,
        done="Return recorded.",
    )
    def give_back(self, data: dict[str, Any], changed: list[str], asset: Asset) -> None:
        assets.give_back(asset=asset, day=data["returned_on"], actor=self.user)

    @action(
        label="Delete",
        title="Delete equipment",
        confirm="Only for rows that were a mistake: what was really there came back or stays on the register.",
        permission="customers.delete_asset",
        row=True,
        danger=True,
        done="Equipment deleted.",
    )
    def delete(self, data: dict[str, Any], changed: list[str], asset: Asset) -> None:
        assets.remove(asset=asset, actor=self.user)

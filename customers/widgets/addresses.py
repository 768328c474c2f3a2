from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.shortcuts import get_object_or_404

from customers.forms.addresses import AddressForm
from customers.models import Address
from customers.screen import Section, Widget, action, register
from customers.selectors import details
from customers.services import addresses


@register
class Addresses(Widget):
    """Where the customer is and gets post, and further places on the same profile."""

    name, title = "addresses", "Additional addresses"
    section, position = Section.ACCOUNT, 30
    permission = "customers.view_address"
    template_name = "customers/widgets/addresses.html"

    def context(self) -> dict[str, Any]:
        places = details.addresses(customer=self.customer)
        return {"places": places, "count": len(places)}

    def find(self, pk: int) -> Model:
        return get_object_or_404(Address, pk=pk, customer=self.customer)

    @action(
        label="Add",
        title="Add address",
        permission="customers.add_address",
        form=AddressForm,
        emits=("account-details",),
        done="Address added.",
    )
    def add(self, data: dict[str, Any], changed: list[str]) -> None:
        addresses.add(customer=self.customer, values=data, actor=self.user)

    @action(
        label="Edit",
        title="Change address",
        submit="Save address",
        permission="customers.change_address",
        form=AddressForm,
        row=True,
        emits=("account-details", "asset-register"),
        done="Address saved.",
    )
    def edit(self, data: dict[str, Any], changed: list[str], address: Address) -> None:
        addresses.change(address=address, values={name: data[name] for name in changed}, actor=self.user)

    @action(
        label="Remove",
        title="Remove address",
        confirm="Equipment registered there stays on the register without a place.",
        permission="customers.delete_address",
        row=True,
        danger=True,
        emits=("account-details", "asset-register"),
        done="Address removed.",
    )
    def remove(self, data: dict[str, Any], changed: list[str], address: Address) -> None:
        addresses.remove(address=address, actor=self.user)

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.shortcuts import get_object_or_404
from django.utils import timezone

from customers import deeds
from customers.screen import Action, Section, Widget, action, register
from dataaccounts.forms.allowances import FreeDataForm, RedeemForm, ToppingForm
from dataaccounts.models import DataAccount, Topping
from dataaccounts.selectors import allowances as reading
from dataaccounts.services import toppings, vouchers
from dataaccounts.services.toppings import Given

SHOWN = 8
FELT = ("data-accounts", "data-usage", "recurring-billing", "active-sessions", "profile-head")


@register
class DataToppings(Widget):
    """What was added to their allowances, and what each may still use."""

    name, title = "data-toppings", "Data toppings"
    section, position = Section.SERVICE, 70
    permission = "dataaccounts.view_topping"
    template_name = "dataaccounts/widgets/data_toppings.html"
    lazy = True

    def context(self) -> dict[str, Any]:
        ids = list(DataAccount.objects.filter(customer=self.customer).values_list("pk", flat=True))
        found = list(
            Topping.objects.filter(account__in=ids).select_related("account", "offer", "added_by")[
                : SHOWN + 1
            ]
        )
        self.needless = () if ids else ("add", "give", "redeem")
        return {
            "standings": reading.standings(accounts=ids, day=timezone.localdate()),
            "toppings": found[:SHOWN],
            "more": len(found) > SHOWN,
            "today": timezone.localdate(),
            "has_accounts": bool(ids),
            "deeds": deeds.offered(self.name, self.customer, self.user) if ids else [],
        }

    def find(self, pk: int) -> Model:
        return get_object_or_404(Topping, pk=pk, account__customer=self.customer)

    def form_arguments(self, action: Action, target: Model | None) -> dict[str, Any]:
        if action.form is None:
            return {}
        open_ones = DataAccount.objects.filter(customer=self.customer).exclude(state="cancelled")
        return {"accounts": list(open_ones)}

    @action(
        label="Add",
        title="Add a topping or bundle",
        submit="Add it to the next invoice",
        permission="dataaccounts.add_topping",
        form=ToppingForm,
        emits=FELT,
        done="Topping added; the next invoice charges it.",
        order=10,
    )
    def add(self, data: dict[str, Any], changed: list[str]) -> None:
        given = Given(data["offer"], charge=Topping.Charge.NEXT, token=data["token"])
        toppings.give(account=data["account"], given=given, actor=self.user, now=timezone.now())

    @action(
        label="Give",
        title="Give data free",
        permission="dataaccounts.give_topping",
        form=FreeDataForm,
        emits=FELT,
        done="Data given.",
        foot=True,
        order=20,
    )
    def give(self, data: dict[str, Any], changed: list[str]) -> None:
        given = Given(octets=data["octets"], reason=data["reason"], token=data["token"])
        toppings.give(account=data["account"], given=given, actor=self.user, now=timezone.now())

    @action(
        label="Redeem",
        title="Redeem a voucher",
        permission="dataaccounts.redeem_voucher",
        form=RedeemForm,
        emits=FELT,
        done="Voucher redeemed.",
        foot=True,
        order=30,
    )
    def redeem(self, data: dict[str, Any], changed: list[str]) -> None:
        vouchers.redeem(code=data["code"], account=data["account"], actor=self.user, now=timezone.now())

    @action(
        label="Take back",
        title="Take back what was given",
        confirm="The data no longer counts, from now on. What was used of it stays used.",
        permission="dataaccounts.delete_topping",
        row=True,
        danger=True,
        emits=FELT,
        done="Taken back.",
    )
    def take_back(self, data: dict[str, Any], changed: list[str], topping: Topping) -> None:
        toppings.take_back(topping=topping, actor=self.user, now=timezone.now())

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.shortcuts import get_object_or_404
from django.utils import timezone

from billing.forms.desk import PromiseForm, ReasonForm
from billing.models import CollectionFee, Promise
from billing.selectors import fee_source
from billing.selectors import promises as reading
from billing.services import fees, promises
from customers.screen import Section, Widget, action, register
from herotill.access import may

SHOWN = 6
TONES = {"open": "accent", "kept": "ok", "broken": "bad", "withdrawn": ""}


@register
class Promises(Widget):
    """What the customer promised to pay and whether it came, and fees that wait to be billed."""

    name, title = "promises", "Promises to pay"
    section, position = Section.BILLING, 61
    permission = "billing.view_promise"
    template_name = "billing/widgets/promises.html"
    lazy = True
    rows = 3

    def context(self) -> dict[str, Any]:
        found = reading.of(customer=self.customer, limit=SHOWN)
        sees = may(self.user, "billing.view_collectionfee")
        return {
            "promises": [(one, TONES[one.state]) for one in found],
            "fees": fee_source.waiting(self.customer) if sees else [],
        }

    def find(self, pk: int) -> Model:
        name = self.request.resolver_match.kwargs["action_name"] if self.request.resolver_match else ""
        kind: Any = CollectionFee if name == "waive" else Promise
        return get_object_or_404(kind, pk=pk, customer=self.customer)

    @action(
        label="Add",
        title="Add promise to pay",
        permission="billing.add_promise",
        form=PromiseForm,
        emits=("profile-head", "messages-sent"),
        done="Promise noted.",
    )
    def add(self, data: dict[str, Any], changed: list[str]) -> None:
        made = promises.make(
            customer=self.customer,
            amount=data["amount"],
            by_day=data["by_day"],
            now=timezone.now(),
            actor=self.user,
        )
        if data["confirm"]:
            promises.confirm(promise=made, now=timezone.now(), actor=self.user)

    @action(
        label="Withdraw",
        title="Withdraw promise",
        permission="billing.change_promise",
        form=ReasonForm,
        row=True,
        danger=True,
        emits=("profile-head", "debtor-notes"),
        done="Promise withdrawn.",
    )
    def withdraw(self, data: dict[str, Any], changed: list[str], promise: Promise) -> None:
        promises.withdraw(promise=promise, reason=data["reason"], now=timezone.now(), actor=self.user)

    @action(
        label="Waive",
        title="Waive fee",
        permission="billing.waive_fee",
        form=ReasonForm,
        row=True,
        danger=True,
        emits=("recurring-billing",),
        done="Fee waived.",
    )
    def waive(self, data: dict[str, Any], changed: list[str], fee: CollectionFee) -> None:
        fees.waive(fee=fee, reason=data["reason"], now=timezone.now(), actor=self.user)

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from billing.forms import contracts as forms
from billing.models import DepositEntry, RentalContract
from billing.policies import contracts as deciding
from billing.selectors import contracts as reading
from billing.selectors.seen import mark
from billing.services import contracts, deposits
from billing.widgets._answers import told
from customers.screen import Action, Section, Widget, action, register
from herotill.access import may
from herotill.money import ZERO, rand

MONEY = ("age-analysis", "payment-receipts", "profile-head")


@register
class RentalContracts(Widget):
    """What the customer rents and until when, and the deposits held for it."""

    name, title = "rental-contracts", "Rental contracts"
    section, position = Section.BILLING, 40
    permission = "billing.view_rentalcontract"
    template_name = "billing/widgets/rental_contracts.html"
    lazy = True

    def context(self) -> dict[str, Any]:
        today = timezone.localdate()
        sees = may(self.user, "billing.view_depositentry")
        entries = reading.deposits(customer=self.customer) if sees else []
        found = [_shown(contract, entries, today) for contract in reading.of(customer=self.customer)]
        return {
            "contracts": found,
            "held": sum((one["held"] for one in found), ZERO),
            "sees_deposits": sees,
            "today": today,
            "count": len(found),
        }

    def find(self, pk: int) -> Model:
        found = RentalContract.objects.select_related("customer", "item__product")
        return get_object_or_404(found, pk=pk, customer=self.customer)

    def form_arguments(self, action: Action, target: Any) -> dict[str, Any]:
        today = timezone.localdate()
        match action.name:
            case "add":
                return {"customer": self.customer, "today": today}
            case "edit":
                own = {"customer": self.customer, "today": today, "current": mark(target)}
                return {"instance": target, **own}
            case "end":
                owed = contracts.penalty(contract=target, told_on=today, last=today)
                said = f"Ending it today costs {rand(owed.amount)}. {owed.how}"
                return {"contract": target, "told": said, "today": today}
            case "deposit":
                return {"amount": max(target.deposit - deposits.held(target), ZERO), "today": today}
            case "settle":
                return {"contract": target, "held": deposits.held(target)}
        return {}

    @action(
        label="Add",
        title="Add rental contract",
        submit="Add contract",
        permission="billing.add_rentalcontract",
        form=forms.ContractForm,
        wide=True,
        emits=("recurring-billing",),
        done="Contract added.",
    )
    def add(self, data: dict[str, Any], changed: list[str]) -> None:
        contracts.add(customer=self.customer, values=data, actor=self.user)

    @action(
        label="Edit",
        title="Change rental contract",
        submit="Save contract",
        permission="billing.change_rentalcontract",
        form=forms.ChangeContractForm,
        wide=True,
        row=True,
        emits=("recurring-billing",),
    )
    def edit(self, data: dict[str, Any], changed: list[str], target: RentalContract) -> None:
        values = {name: data[name] for name in forms.FIELDS if name in changed}
        contracts.change(contract=target, values=values, actor=self.user, seen=data["seen"])

    @action(
        label="Delete",
        title="Delete rental contract",
        confirm="For one that was noted by mistake; otherwise end it.",
        permission="billing.delete_rentalcontract",
        row=True,
        danger=True,
        done="Contract deleted.",
    )
    def delete(self, data: dict[str, Any], changed: list[str], target: RentalContract) -> None:
        contracts.delete(contract=target, actor=self.user)

    @action(
        label="End…",
        title="End the contract",
        submit="End contract",
        permission="billing.end_rentalcontract",
        form=forms.EndForm,
        row=True,
        danger=True,
    )
    def end(self, data: dict[str, Any], changed: list[str], target: RentalContract) -> HttpResponse:
        ended = contracts.end(contract=target, actor=self.user, **data)
        emits = ("recurring-billing", *MONEY)
        if ended.penalty is None:
            return told(self, f"It ends on {ended.ended_on}; nothing is owed for that.", emits=emits)
        return told(
            self,
            f"It ends on {ended.ended_on}. {rand(ended.penalty.incl)} is drafted.",
            href=ended.penalty.get_absolute_url(),
            label="Open the draft",
            emits=emits,
        )

    @action(
        label="Deposit received…",
        title="Deposit received",
        submit="Note deposit",
        permission="billing.take_deposit",
        form=forms.DepositForm,
        row=True,
        done="Held apart from what the customer owes.",
    )
    def deposit(self, data: dict[str, Any], changed: list[str], target: RentalContract) -> None:
        deposits.receive(contract=target, actor=self.user, **data)

    @action(
        label="Settle deposit…",
        title="Settle the deposit",
        submit="Settle deposit",
        permission="billing.settle_deposit",
        form=forms.SettleForm,
        row=True,
    )
    def settle(self, data: dict[str, Any], changed: list[str], target: RentalContract) -> HttpResponse:
        text = {"contract": target, "amount": data["amount"], "day": timezone.localdate(), "actor": self.user}
        now = timezone.now()
        if data["what"] == forms.SettleForm.BACK:
            deposits.ask_refund(account=data["account"], reason=data["reason"], now=now, **text)
            return told(self, "A second person is asked to agree.", tone="info")
        if data["what"] == forms.SettleForm.PAY:
            deposits.apply_to(document=data["document"], **text)
            return told(self, f"{rand(data['amount'])} of {data['document']} is paid.", emits=MONEY)
        if data["what"] == forms.SettleForm.KEEP:
            made = deposits.forfeit(reason=data["reason"], now=now, **text)
        else:
            made = deposits.apply(text=data["reason"], now=now, **text)
        return told(
            self, f"{made} is made and paid.", href=made.get_absolute_url(), label="Open it", emits=MONEY
        )


def _shown(contract: RentalContract, entries: list[DepositEntry], today: Any) -> dict[str, Any]:
    own = [entry for entry in entries if entry.contract_id == contract.pk]
    window = deciding.telling_window(contract.ends_on) if contract.ends_on else None
    late = (
        window and not contract.expiry_told_on and contract.consumer and window[1] < today < contract.ends_on
    )
    return {
        "row": contract,
        "entries": own,
        "held": sum((entry.signed for entry in own), ZERO),
        "window": window,
        "late": bool(late) and contract.ended_on is None,
    }

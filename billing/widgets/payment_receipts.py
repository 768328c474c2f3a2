from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import Model
from django.shortcuts import get_object_or_404
from django.utils import timezone

from billing.forms.receipts import CaptureForm, RefundForm, ReverseForm, SpreadForm
from billing.models import Receipt
from billing.receiving import receipt_syncs
from billing.selectors import receipts as reading
from billing.services import receipts, refunds, spreading
from customers.screen import Action, Section, Widget, action, register
from herotill.access import may

SHOWN = 8
CHANGES = ("age-analysis", "profile-head")


@register
class PaymentReceipts(Widget):
    """What the customer paid, the newest first; what of it pays nothing yet."""

    name, title = "payment-receipts", "Payment receipts"
    section, position = Section.BILLING, 40
    permission = "billing.view_receipt"
    template_name = "billing/widgets/payment_receipts.html"
    lazy = True
    rows = 8

    def context(self) -> dict[str, Any]:
        every = self.request.GET.get("shown") == "all"
        limit = 2000 if every else SHOWN
        found = reading.of_customer(customer=self.customer, limit=limit)
        return {
            "receipts": found[:limit],
            "more": len(found) > limit,
            "every": every,
            "shown": SHOWN,
            "credit": reading.credit(customer=self.customer),
        }

    @cached_property
    def allowed(self) -> set[str]:
        """Without a place to ask for receipts there is nothing to press."""
        known = {one.name for one in self.actions.values() if may(self.user, one.permission)}
        return known if self.syncs else known - {"re-sync"}

    @cached_property
    def syncs(self) -> list[Any]:
        return [one for one in receipt_syncs if may(self.user, one.permission) and one.ready()]

    def find(self, pk: int) -> Model:
        return get_object_or_404(Receipt.objects.select_related("account"), pk=pk, customer=self.customer)

    def form_arguments(self, action: Action, target: Model | None) -> dict[str, Any]:
        today = timezone.localdate()
        if action.form is CaptureForm:
            initial = {"receipt_date": today, "reference": self.customer.code}
            return {"customer": self.customer, "initial": initial}
        if action.form is ReverseForm:
            return {"receipt": target, "initial": {"reversed_on": today}}
        if isinstance(target, Receipt) and action.form is SpreadForm:
            live = [one for one in reading.paid(target) if one.ends_on is None]
            return {"live": live, "owed": reading.owed(customer=self.customer)}
        return {"customer": self.customer} if action.form is RefundForm else {}

    @action(
        label="Add",
        title="Capture receipt",
        permission="billing.add_receipt",
        form=CaptureForm,
        emits=CHANGES,
        done="Receipt captured.",
        order=10,
    )
    def add(self, data: dict[str, Any], changed: list[str]) -> None:
        form = CaptureForm(self.request.POST, customer=self.customer)
        form.full_clean()
        receipts.capture(receipt=form.new(), actor=self.user)

    @action(
        label="Re-Sync",
        title="Ask for receipts again",
        confirm="The systems that receipts of this customer come from are asked anew.",
        permission="billing.view_receipt",
        emits=CHANGES,
        done="Asked.",
        order=20,
    )
    def re_sync(self, data: dict[str, Any], changed: list[str]) -> None:
        for sync in self.syncs:
            sync.fetch(self.customer, self.user, timezone.now())

    @action(
        label="Reverse",
        title="Reverse receipt",
        permission="billing.reverse_receipt",
        form=ReverseForm,
        row=True,
        danger=True,
        emits=CHANGES,
        done="Receipt reversed.",
    )
    def reverse(self, data: dict[str, Any], changed: list[str], receipt: Receipt) -> None:
        receipts.reverse(
            receipt=receipt,
            day=data["reversed_on"],
            reason=data["reason"],
            code=data["code"],
            actor=self.user,
        )

    @action(
        label="Allocate",
        title="What this receipt pays",
        submit="Save allocation",
        permission="billing.allocate",
        form=SpreadForm,
        row=True,
        emits=CHANGES,
        done="Allocated.",
    )
    def allocate(self, data: dict[str, Any], changed: list[str], receipt: Receipt) -> None:
        form = SpreadForm(self.request.POST, **self.form_arguments(self.actions["allocate"], receipt))
        form.full_clean()
        spreading.spread(
            receipt=receipt,
            undo=form.undone,
            amounts=form.amounts,
            day=timezone.localdate(),
            now=timezone.now(),
            actor=self.user,
        )

    @action(
        label="Refund",
        title="Ask for a refund",
        permission="billing.refund",
        form=RefundForm,
        foot=True,
        done="A second person decides now.",
    )
    def refund(self, data: dict[str, Any], changed: list[str]) -> None:
        new = refunds.NewRefund(
            account_id=data["account"].pk,
            amount=data["amount"],
            destination=data["destination"],
            receipt_id=data["receipt"].pk if data["receipt"] else None,
            verified=data["verified"],
        )
        refunds.ask(
            customer=self.customer, new=new, reason=data["reason"], actor=self.user, now=timezone.now()
        )

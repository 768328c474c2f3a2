from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from billing.forms.mandates import AskForm, PaperForm, WhyForm
from billing.models import DebitDetail, Mandate
from billing.selectors import mandates as reading
from billing.services import mandates
from customers.screen import Action, Section, Widget, action, register
from herotill.access import may
from herotill.secrets import reveal
from herotill.secrets.showing import ReasonForm, shown

ELSEWHERE = ("billing-details",)
OF_STATUS = {
    Mandate.Status.ASKED: "warn",
    Mandate.Status.ACTIVE: "ok",
    Mandate.Status.BLOCKED: "bad",
}


@register
class DebitOrder(Widget):
    """The account that debit orders go against, the mandate that allows them, and earlier ones."""

    name, title = "debit-order", "Debit order"
    section, position = Section.BILLING, 15
    permission = "billing.view_debitdetail"
    template_name = "billing/widgets/debit_order.html"
    lazy = True

    def context(self) -> dict[str, Any]:
        found = reading.details(self.customer.pk)
        held = next((one for one in found if one.replaced_at is None), None)
        theirs = reading.mandates_of(self.customer.pk) if may(self.user, "billing.view_mandate") else []
        mandate = next((one for one in theirs if one.status in reading.OPEN), None)
        self.needless = _needless(held, mandate)
        return {
            "held": held,
            "earlier": [one for one in found if one is not held],
            "mandate": mandate,
            "tone": OF_STATUS.get(Mandate.Status(mandate.status), "") if mandate else "",
            "ended": [one for one in theirs if one is not mandate],
            "is_debited": self.customer.payment_method == "debit_order",
            "change_url": self._change_url(),
        }

    def _change_url(self) -> str:
        rights = ("billing.change_billingprofile", "billing.add_debitdetail")
        return (
            reverse("billing:payment", args=[self.customer.code])
            if all(may(self.user, one) for one in rights)
            else ""
        )

    def find(self, pk: int) -> Model:
        return get_object_or_404(Mandate, pk=pk, customer=self.customer)

    def form_arguments(self, action: Action, target: Model | None) -> dict[str, Any]:
        if action.form is AskForm:
            return {"addresses": reading.mail_addresses(self.customer.pk)}
        if action.form is PaperForm:
            return {"customer": self.customer, "today": timezone.localdate()}
        return {}

    @action(
        label="Ask for a mandate",
        title="Ask for a mandate",
        submit="Mail the request",
        confirm="The mail has a link that works once and for 14 days.",
        permission="billing.add_mandate",
        form=AskForm,
        done="The request is on its way.",
        emits=ELSEWHERE,
        foot=True,
        order=10,
    )
    def ask(self, data: dict[str, Any], changed: list[str]) -> None:
        mandates.ask(customer=self.customer, actor=self.user, now=timezone.now(), **data)

    @action(
        label="Capture a signed one",
        title="Capture a mandate signed on paper",
        submit="Capture the mandate",
        permission="billing.add_mandate",
        form=PaperForm,
        done="The mandate is active.",
        emits=(*ELSEWHERE, "attachments"),
        foot=True,
        order=20,
    )
    def paper(self, data: dict[str, Any], changed: list[str]) -> None:
        upload = data.pop("file")
        mandates.capture_paper(
            customer=self.customer,
            upload=None if data["attachment"] else upload,
            actor=self.user,
            now=timezone.now(),
            **data,
        )

    @action(
        label="Show number…",
        title="Show the account number",
        submit="Show it",
        permission="billing.reveal_account_number",
        form=ReasonForm,
        foot=True,
        order=30,
    )
    def number(self, data: dict[str, Any], changed: list[str]) -> HttpResponse:
        held = get_object_or_404(DebitDetail, customer=self.customer, replaced_at=None)
        text = reveal(obj=held, field="number", actor=self.user, reason=data["reason"])
        return shown(self.request, title=f"Account number of {self.customer.name}", text=text)

    @action(
        label="Block",
        title="Block the mandate",
        submit="Block it",
        confirm="Nothing is debited by it until somebody unblocks it.",
        permission="billing.block_mandate",
        form=WhyForm,
        row=True,
        done="The mandate is blocked.",
        emits=ELSEWHERE,
    )
    def block(self, data: dict[str, Any], changed: list[str], target: Mandate) -> None:
        mandates.block(mandate=target, code="", why=data["why"], actor=self.user, now=timezone.now())

    @action(
        label="Unblock",
        title="Unblock the mandate",
        confirm="Debits go on by it.",
        permission="billing.block_mandate",
        row=True,
        done="The mandate is active again.",
        emits=ELSEWHERE,
    )
    def unblock(self, data: dict[str, Any], changed: list[str], target: Mandate) -> None:
        mandates.unblock(mandate=target, actor=self.user, now=timezone.now())

    @action(
        label="Cancel",
        title="Cancel the mandate",
        submit="Cancel the mandate",
        confirm="It ends for good; debits need a new one.",
        permission="billing.block_mandate",
        form=WhyForm,
        row=True,
        danger=True,
        done="The mandate has ended.",
        emits=ELSEWHERE,
    )
    def cancel(self, data: dict[str, Any], changed: list[str], target: Mandate) -> None:
        mandates.cancel(mandate=target, why=data["why"], actor=self.user, now=timezone.now())


def _needless(held: DebitDetail | None, mandate: Mandate | None) -> set[str]:
    """Nothing is shown or asked for without details, nor is another mandate while one is active."""
    if held is None:
        return {"ask", "paper", "number"}
    return {"ask", "paper"} if mandate and mandate.status == Mandate.Status.ACTIVE else set()

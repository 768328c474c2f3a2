from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.utils import timezone

from customers.screen import Action, Section, Widget, action, register
from herotill.access import may
from workflow.forms.change_requests import AskForm, ConversionForm, DetailsForm, PaymentForm
from workflow.lists.change_requests import TONES
from workflow.policies import change_fields
from workflow.selectors import change_requests as reading
from workflow.services import change_requests

ASK = "workflow.add_changerequest"
DONE = "The request waits for a decision; the customer is told."
HEAD = ("profile-head", "messages-sent")


@register
class ChangeRequests(Widget):
    """What the customer asked to be changed, and what became of it; staff enter a request on their behalf."""

    name, title = "change-requests", "Change requests"
    section, position = Section.ACCOUNT, 70
    permission = "workflow.view_changerequest"
    template_name = "workflow/widgets/change_requests.html"
    lazy = True
    rows = 3

    def context(self) -> dict[str, Any]:
        found = reading.of(self.customer)
        return {"rows": [(one, TONES[change_requests.State(one.state)]) for one in found]}

    def form_arguments(self, action: Action, target: Model | None) -> dict[str, Any]:
        given: dict[str, Any] = {"customer": self.customer}
        if action.form is ConversionForm:
            given["sees_numbers"] = may(self.user, change_fields.SEES_ID)
        return given

    @action(
        label="Details…",
        title="Enter a change request: account details",
        submit="Enter the request",
        permission=ASK,
        form=DetailsForm,
        done=DONE,
        emits=HEAD,
        foot=True,
        wide=True,
        order=10,
    )
    def details(self, data: dict[str, Any], changed: list[str]) -> None:
        self._ask(DetailsForm.kind, data)

    @action(
        label="Payment method…",
        title="Enter a change request: payment method",
        submit="Enter the request",
        permission=ASK,
        form=PaymentForm,
        done=DONE,
        emits=HEAD,
        foot=True,
        wide=True,
        order=20,
    )
    def payment(self, data: dict[str, Any], changed: list[str]) -> None:
        self._ask(PaymentForm.kind, data)

    @action(
        label="Individual or company…",
        title="Enter a change request: individual or company",
        submit="Enter the request",
        permission=ASK,
        form=ConversionForm,
        done=DONE,
        emits=HEAD,
        foot=True,
        wide=True,
        order=30,
    )
    def conversion(self, data: dict[str, Any], changed: list[str]) -> None:
        self._ask(ConversionForm.kind, data)

    def _ask(self, kind: str, data: dict[str, Any]) -> None:
        change_requests.ask(
            customer=self.customer,
            kind=kind,
            wanted=AskForm.asked(kind, self.customer, data),
            number=data.get("number", ""),
            words=data["words"],
            document=data["document"],
            actor=self.user,
            now=timezone.now(),
        )

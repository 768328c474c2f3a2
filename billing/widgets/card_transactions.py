from __future__ import annotations

from functools import cached_property
from typing import Any

from django.db.models import Model
from django.utils import timezone

from billing.forms.card_payments import ChargeForm, ReasonForm
from billing.models import CardAttempt
from billing.selectors import cards as reading
from billing.services import cards
from billing.services.cards import gateways, pay_links, payable, stored
from customers.screen import Action, Section, Widget, action, register
from herotill.access import may
from herotill.errors import DomainError
from herotill.integrations.cards import Can

SHOWN = 8
CHANGES = ("billing-details",)
Purpose = CardAttempt.Purpose


@register
class CardTransactions(Widget):
    """What was paid or tried by card, the newest first, and the card that is charged."""

    name, title = "card-transactions", "Credit Card Transactions"
    section, position = Section.BILLING, 45
    permission = "billing.view_cardattempt"
    template_name = "billing/widgets/card_transactions.html"
    lazy = True
    rows = 6

    def context(self) -> dict[str, Any]:
        limit = 500 if self.request.GET.get("shown") == "all" else SHOWN
        found = reading.of_customer(customer=self.customer, limit=limit)
        return {
            "attempts": found[:limit],
            "more": len(found) > limit,
            "card": self.card if may(self.user, "billing.view_storedcard") else None,
        }

    @cached_property
    def card(self) -> Any:
        return reading.card_of(customer=self.customer)

    def _held(self) -> Any:
        """The card. Raises DomainError where there is none any more: somebody removed it meanwhile."""
        if self.card is None:
            raise DomainError("No card is stored.")
        return self.card

    @cached_property
    def allowed(self) -> set[str]:
        """Without a card there is none to remove or to charge; and not every gateway charges one at once."""
        known = {one.name for one in self.actions.values() if may(self.user, one.permission)}
        if self.card is None:
            return known - {"remove", "charge"}
        return known if Can.CHARGE in gateways.adapter(self.card.gateway).can else known - {"charge"}

    def form_arguments(self, action: Action, target: Model | None) -> dict[str, Any]:
        """To be charged is what is due, unless somebody types another amount."""
        due = payable.due(self.customer)
        return {"initial": {"amount": due}} if action.name == "charge" and due else {}

    @action(
        label="Request Verification New",
        title="Ask for a card to be verified",
        submit="Request verification",
        confirm="The customer gets a mail with a page on which they verify their own card.",
        permission="billing.request_verification",
        foot=True,
        done="The mail is on its way.",
        order=10,
    )
    def request_verification(self, data: dict[str, Any], changed: list[str]) -> None:
        self._send(Purpose.VERIFY)

    @action(
        label="Send pay link",
        title="Send a page to pay on",
        submit="Send pay link",
        confirm="The customer gets a mail with a page that says what is due and takes a card.",
        permission="billing.request_verification",
        foot=True,
        done="The mail is on its way.",
        order=20,
    )
    def send_pay_link(self, data: dict[str, Any], changed: list[str]) -> None:
        self._send(Purpose.PAY)

    def _send(self, purpose: str) -> None:
        pay_links.send(customer=self.customer, purpose=purpose, actor=self.user, now=timezone.now())

    @action(
        label="Charge card",
        title="Charge the stored card",
        submit="Charge card",
        permission="billing.settle_card_attempt",
        form=ChargeForm,
        foot=True,
        done="The card is being charged.",
    )
    def charge(self, data: dict[str, Any], changed: list[str]) -> None:
        cards.charge(
            card=self._held(),
            amount=data["amount"],
            document_id=None,
            form_key=data["form_key"],
            actor=self.user,
            now=timezone.now(),
        )

    @action(
        label="Remove card",
        title="Remove the stored card",
        submit="Remove card",
        permission="billing.remove_card",
        form=ReasonForm,
        foot=True,
        danger=True,
        emits=CHANGES,
        done="The card is not charged any more.",
    )
    def remove(self, data: dict[str, Any], changed: list[str]) -> None:
        stored.remove(card=self._held(), why=data["reason"], now=timezone.now())

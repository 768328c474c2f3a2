from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import Any

from django.db.models import Model
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from billing.forms.statements import PeriodForm
from billing.models import Document
from billing.receiving import receipt_syncs
from billing.selectors import owed
from billing.selectors import statements as reading
from billing.services import mailing, statements
from customers.screen import Action, Section, Widget, action, register
from herotill.access import may

SHOWN = 8
DEEDS = (
    ("new-invoice", "New invoice", "document-plus", "billing.add_document"),
    ("adjust", "Adjust", "scale", "billing.issue_adjustments"),
    ("write-off", "Write off", "archive-box-x-mark", "billing.issue_write_offs"),
)


@register
class AgeAnalysis(Widget):
    """Their documents with what is open of each, what they owe by age, and the statement."""

    name, title = "age-analysis", "Age analysis"
    section, position = Section.BILLING, 30
    permission = "billing.view_document"
    template_name = "billing/widgets/age_analysis.html"
    lazy = True
    rows = 10

    def context(self) -> dict[str, Any]:
        today = timezone.localdate()
        as_at, every = self._as_at(today), self.request.GET.get("shown") == "all"
        sees = may(self.user, "customers.see_customer_balance")
        found = owed.of(customer=self.customer.pk, as_at=as_at, limit=None if every else SHOWN)
        return {
            "owed": found,
            "as_at": as_at,
            "today": today,
            "past": as_at != today,
            "every": every,
            "shown": SHOWN,
            "sees_balance": sees,
            "stamp": reading.stamp(timezone.now(), reading.freshness()),
            "may_dispute": may(self.user, "billing.add_dispute"),
            "may_credit": may(self.user, "billing.issue_credit_notes"),
            "may_edit": may(self.user, "billing.change_document"),
            "may_delete": may(self.user, "billing.delete_document"),
            "deeds": [
                {"label": label, "url": reverse(f"billing:{name}", args=[self.customer.code]), "icon": icon}
                for name, label, icon, right in DEEDS
                if may(self.user, right)
            ],
        }

    def _as_at(self, today: date) -> date:
        """The day that was asked for; today where none or nonsense was."""
        try:
            return date.fromisoformat(self.request.GET.get("as_at", ""))
        except ValueError:
            return today

    @cached_property
    def allowed(self) -> set[str]:
        """Without a place to ask for receipts there is nothing to press."""
        known = {one.name for one in self.actions.values() if may(self.user, one.permission)}
        return known if self.syncs else known - {"re-sync"}

    @cached_property
    def syncs(self) -> list[Any]:
        return [one for one in receipt_syncs if may(self.user, one.permission) and one.ready()]

    def find(self, pk: int) -> Model:
        return get_object_or_404(Document, pk=pk, customer=self.customer)

    def form_arguments(self, action: Action, target: Model | None) -> dict[str, Any]:
        if action.form is not PeriodForm:
            return {}
        first, last = statements.period(today=timezone.localdate(), customer=self.customer.pk)
        return {"initial": {"first": first, "last": last}}

    @action(
        label="Send again",
        title="Send the document again",
        confirm="It is mailed once more to the contacts that get invoices, with its print.",
        permission="outbox.send_again",
        row=True,
        emits=("messages-sent",),
        done="The document is on its way again.",
    )
    def send_again(self, data: dict[str, Any], changed: list[str], document: Document) -> None:
        mailing.once_more(document=document, now=timezone.now(), actor=self.user)

    @action(
        label="Re-Sync",
        title="Ask for receipts again",
        confirm="The systems that receipts come from are asked anew; what they tell stands here in a moment.",
        permission="billing.view_receipt",
        emits=("payment-receipts", "profile-head"),
        done="Asked.",
    )
    def re_sync(self, data: dict[str, Any], changed: list[str]) -> None:
        for sync in self.syncs:
            sync.fetch(self.customer, self.user, timezone.now())

    @action(
        label="Email statement",
        title="Email a statement",
        submit="Email statement",
        permission="billing.send_statements",
        form=PeriodForm,
        emits=("messages-sent",),
        foot=True,
        done="The statement is on its way.",
    )
    def email_statement(self, data: dict[str, Any], changed: list[str]) -> None:
        statements.mail_one(customer=self.customer, now=timezone.now(), actor=self.user, **data)

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import Model
from django.shortcuts import get_object_or_404
from django.utils import timezone

from billing.forms.profiles import ModeForm, ProfileForm
from billing.models import Rules, SubAccountMode
from billing.screen import payment_details
from billing.selectors import profiles as reading
from billing.selectors.seen import mark
from billing.services import profiles, sub_accounts
from customers.screen import Action, Section, Widget, action, register
from herotill.access import may


@register
class BillingDetails(Widget):
    """How the customer is billed, and when it is due."""

    name, title = "billing-details", "Billing details"
    section, position = Section.BILLING, 10
    permission = "billing.view_billingprofile"
    template_name = "billing/widgets/billing_details.html"
    rows = 6
    lazy = True

    def context(self) -> dict[str, Any]:
        today, group = timezone.localdate(), self.customer.billing_group
        profile = reading.profile(customer=self.customer)
        due = reading.due(profile=profile, group=group, rules=Rules.objects.get())
        modes = reading.modes(customer=self.customer) if self.customer.master_id else []
        return {
            "profile": profile,
            "due": due,
            "due_today": due.on(today),
            "next_run": reading.next_run(group, today) if group else None,
            "today": today,
            "modes": modes,
            "mode": SubAccountMode.Mode(reading.mode_on(modes, today)).label,
            "coming": [one for one in modes if one.starts_on > today],
            "payment": list(self._payment()),
        }

    def _payment(self) -> Iterator[dict[str, Any]]:
        for part in payment_details:
            if may(self.user, part.permission):
                changes = part.url and part.change_permission and may(self.user, part.change_permission)
                yield {
                    "name": part.name,
                    "label": part.label,
                    "facts": part.facts(self.customer),
                    "url": part.url(self.customer) if part.url and changes else "",
                }

    def find(self, pk: int) -> Model:
        return get_object_or_404(SubAccountMode, pk=pk, customer=self.customer)

    def _seen(self) -> str:
        return f"{self.customer.version}:{mark(reading.profile(customer=self.customer))}"

    def form_arguments(self, action: Action, target: Model | None) -> dict[str, Any]:
        if action.form is ProfileForm:
            profile = reading.profile(customer=self.customer)
            return {"customer": self.customer, "profile": profile, "current": self._seen()}
        if action.form is ModeForm:
            today, master = timezone.localdate(), self.customer.master
            modes = reading.modes(customer=self.customer)
            return {
                "first": sub_accounts.first_month(customer=self.customer, today=today),
                "mode": reading.mode_on(modes, today),
                "reseller": bool(master and master.is_reseller),
            }
        return {}

    def _buttons(self, *, foot: bool) -> Iterator[dict[str, Any]]:
        """Without what stands in the card itself, and without the deed of sub-accounts where it is none."""
        hidden = {"use-the-groups"} if self.customer.master_id else {"use-the-groups", "mode"}
        return (button for button in super()._buttons(foot=foot) if button["name"] not in hidden)

    @action(
        label="Edit",
        title="Change billing details",
        submit="Save billing details",
        permission="billing.change_billingprofile",
        form=ProfileForm,
        emits=("account-details", "profile-head", "recurring-billing"),
    )
    def edit(self, data: dict[str, Any], changed: list[str]) -> None:
        version, mark_seen = data["seen"].split(":")
        profiles.change(
            customer=self.customer,
            changes={name: data[name] for name in changed if name != "seen"},
            actor=self.user,
            seen=(int(version), mark_seen),
        )

    @action(
        label="Use the group's",
        title="Use the group's due date",
        confirm="Invoices of this customer are then due by the billing group's days.",
        permission="billing.change_billingprofile",
        done="The billing group says again when invoices are due.",
        order=200,
    )
    def use_the_groups(self, data: dict[str, Any], changed: list[str]) -> None:
        profiles.use_the_groups(customer=self.customer, actor=self.user)

    @action(
        label="Bills go to…",
        title="Change whom the bills go to",
        submit="Change from that month",
        permission="billing.add_subaccountmode",
        form=ModeForm,
        foot=True,
        done="It counts from that month on.",
    )
    def mode(self, data: dict[str, Any], changed: list[str]) -> None:
        sub_accounts.set_mode(
            customer=self.customer,
            mode=data["mode"],
            month=data["month"],
            today=timezone.localdate(),
            actor=self.user,
        )

    @action(
        label="Withdraw",
        title="Withdraw this change",
        confirm="The bills then go on as they do now.",
        permission="billing.add_subaccountmode",
        row=True,
        done="Withdrawn.",
    )
    def withdraw(self, data: dict[str, Any], changed: list[str], target: SubAccountMode) -> None:
        sub_accounts.withdraw(mode=target, today=timezone.localdate(), actor=self.user)

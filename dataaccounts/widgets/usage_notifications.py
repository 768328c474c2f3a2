from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.shortcuts import get_object_or_404

from customers.screen import Action, Section, Widget, action, register
from dataaccounts.forms.allowances import NoticeForm
from dataaccounts.models import DataAccount, UsageNotice
from dataaccounts.policies.allowances import THRESHOLDS
from dataaccounts.services import usage_notices


@register
class UsageNotifications(Widget):
    """At which use of its allowance each account's people are told, and who they are."""

    name, title = "usage-notifications", "Usage notification settings"
    section, position = Section.SERVICE, 80
    permission = "dataaccounts.view_usagenotice"
    template_name = "dataaccounts/widgets/usage_notifications.html"
    lazy = True

    def context(self) -> dict[str, Any]:
        accounts = (
            DataAccount.objects.filter(customer=self.customer)
            .exclude(state=DataAccount.State.CANCELLED)
            .select_related("notices")
        )
        found = [(account, getattr(account, "notices", None)) for account in accounts]
        return {
            "rows": [
                {"account": account, "own": own, "at": _thresholds(own or UsageNotice())}
                for account, own in found
            ],
            "own": any(own and (own.email or own.sms) for _, own in found),
        }

    def find(self, pk: int) -> Model:
        return get_object_or_404(DataAccount, pk=pk, customer=self.customer)

    def form_arguments(self, action: Action, target: Model | None) -> dict[str, Any]:
        found = UsageNotice.objects.filter(account=target.pk).first() if target else None
        return {"instance": found or UsageNotice()}

    @action(
        label="Edit",
        title="Change usage notices",
        submit="Save usage notices",
        permission="dataaccounts.change_usagenotice",
        form=NoticeForm,
        row=True,
        done="Usage notices saved.",
    )
    def edit(self, data: dict[str, Any], changed: list[str], account: DataAccount) -> None:
        usage_notices.set_up(account=account, values=data)


def _thresholds(settings: UsageNotice) -> str:
    chosen = [f"{one} %" for one in THRESHOLDS if getattr(settings, f"at_{one}")]
    return ", ".join(chosen) or "never"

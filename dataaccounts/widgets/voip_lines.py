from __future__ import annotations

from decimal import Decimal
from typing import Any

from django.db.models import Model
from django.shortcuts import get_object_or_404
from django.utils import timezone

from customers.screen import Action, Section, Widget, action, register
from dataaccounts.forms import voice as forms
from dataaccounts.forms.spend import LimitForm
from dataaccounts.models import VoiceLine
from dataaccounts.selectors import checks, free_minutes, voice
from dataaccounts.selectors.rules import rules
from dataaccounts.services import spend_alarms, voice_lines
from herotill.access import may
from herotill.months import Month
from herotill.reference.selectors.products import price_to_everybody

ELSEWHERE = ("phone-usage", "recurring-billing")


@register
class VoipLines(Widget):
    """A customer's voice lines: number, package, channels, rental, and what was called this month."""

    name, title = "voip-lines", "VoIP phone lines"
    section, position = Section.SERVICE, 60
    permission = "dataaccounts.view_voiceline"
    template_name = "dataaccounts/widgets/voip_lines.html"

    def context(self) -> dict[str, Any]:
        found = voice.lines_of(self.customer)
        month = Month.of(timezone.localdate())
        sees = may(self.user, "dataaccounts.view_call")
        spent = voice.spent([one.pk for one in found], month.first, month.last) if found and sees else {}
        free, rentals = self._free(found), self._rentals(found)
        return {
            "rows": [
                {
                    "line": one,
                    "spent": spent.get(one.pk),
                    "free": free.get(one.pk),
                    "rental": rentals.get(one.package.product_id or 0),
                }
                for one in found
            ],
            "sees_free": may(self.user, "dataaccounts.view_voicebundle"),
            "count": sum(one.state != VoiceLine.State.CANCELLED for one in found),
            "month": month,
        }

    def _rentals(self, found: list[VoiceLine]) -> dict[int, Decimal]:
        """What products of lines without a rental of their own cost a month, where no price list says otherwise."""
        products = {one.package.product_id for one in found if one.rental is None and one.package.product_id}
        return dict(price_to_everybody(sorted(products), timezone.localdate())) if products else {}

    def _free(self, found: list[VoiceLine]) -> dict[int, list[free_minutes.Free]]:
        going = [one for one in found if one.state != VoiceLine.State.CANCELLED]
        sees = may(self.user, "dataaccounts.view_voicebundle")
        return free_minutes.of_lines(going, timezone.localdate()) if sees else {}

    def find(self, pk: int) -> Model:
        found = VoiceLine.objects.select_related("package", "source", "customer")
        return get_object_or_404(found, pk=pk, customer=self.customer)

    def form_arguments(self, action: Action, target: Any) -> dict[str, Any]:
        today = timezone.localdate()
        match action.name:
            case "add":
                checked = not rules().checks_required or not checks.missing([self.customer.pk])
                return {"today": today, "checked": checked}
            case "edit":
                return {"line": target}
            case "cancel":
                return {"today": today}
            case "limit":
                return {"limit": spend_alarms.limit_of(target)}
        return {}

    @action(
        label="Add",
        title="Add voice line",
        submit="Add line",
        permission="dataaccounts.add_voiceline",
        form=forms.AddLineForm,
        wide=True,
        done="The line is added.",
        emits=ELSEWHERE,
    )
    def add(self, data: dict[str, Any], changed: list[str]) -> None:
        activate = data.pop("activate") and may(self.user, "dataaccounts.activate_voiceline")
        now = timezone.now()
        voice_lines.add(customer=self.customer, values=data, activate=activate, actor=self.user, now=now)

    @action(
        label="Edit",
        title="Change voice line",
        submit="Save line",
        permission="dataaccounts.change_voiceline",
        form=forms.EditLineForm,
        row=True,
        wide=True,
        emits=ELSEWHERE,
    )
    def edit(self, data: dict[str, Any], changed: list[str], target: VoiceLine) -> None:
        values = {name: data[name] for name in changed}
        voice_lines.change(line=target, values=values, now=timezone.now())

    @action(
        label="Activate",
        title="Activate voice line",
        confirm="It is billed from today, or from its first day if that is still to come.",
        permission="dataaccounts.activate_voiceline",
        row=True,
        done="Activated.",
        emits=ELSEWHERE,
    )
    def activate(self, data: dict[str, Any], changed: list[str], target: VoiceLine) -> None:
        voice_lines.activate(lines=[target.pk], now=timezone.now())

    @action(
        label="Suspend…",
        title="Suspend voice line",
        submit="Suspend line",
        permission="dataaccounts.suspend_voiceline",
        form=forms.WhyForm,
        row=True,
        done="Marked as suspended; the telephone system has to be told.",
    )
    def suspend(self, data: dict[str, Any], changed: list[str], target: VoiceLine) -> None:
        voice_lines.suspend(lines=[target.pk], reason=data["reason"], now=timezone.now())

    @action(
        label="Restore…",
        title="Restore voice line",
        submit="Restore line",
        permission="dataaccounts.suspend_voiceline",
        form=forms.WhyForm,
        row=True,
        done="Marked as active; the telephone system has to be told.",
    )
    def restore(self, data: dict[str, Any], changed: list[str], target: VoiceLine) -> None:
        voice_lines.restore(lines=[target.pk], reason=data["reason"], now=timezone.now())

    @action(
        label="Spend limit…",
        title="What this line may spend",
        submit="Keep the limit",
        permission="dataaccounts.change_spendlimit",
        form=LimitForm,
        row=True,
        done="The limit is kept.",
    )
    def limit(self, data: dict[str, Any], changed: list[str], target: VoiceLine) -> None:
        spend_alarms.set_limit(line=target, values=data)

    @action(
        label="Cancel…",
        title="Cancel voice line",
        submit="Cancel line",
        permission="dataaccounts.cancel_voiceline",
        form=forms.EndLineForm,
        row=True,
        danger=True,
        done="The line ends.",
        emits=ELSEWHERE,
    )
    def cancel(self, data: dict[str, Any], changed: list[str], target: VoiceLine) -> None:
        voice_lines.cancel(lines=[target.pk], **data, now=timezone.now())

from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from customers.answers import told
from customers.screen import Action, Section, Widget, action, register
from dataaccounts.forms.changes import ScheduleForm
from dataaccounts.models import DataAccount, PackageChange
from dataaccounts.selectors import accounts as reading
from dataaccounts.services import package_changes
from herotill.access import may

ELSEWHERE = ("data-accounts", "recurring-billing")


@register
class PackageChanges(Widget):
    """Which package changes were asked for, for when, by whom and why, and which are still to come."""

    name, title = "package-changes", "Package changes"
    section, position = Section.SERVICE, 60
    permission = "dataaccounts.view_packagechange"
    template_name = "dataaccounts/widgets/package_changes.html"
    lazy = True

    def context(self) -> dict[str, Any]:
        found = reading.changes(customer=self.customer)
        return {"changes": found, "count": len(found)}

    def find(self, pk: int) -> Model:
        return get_object_or_404(PackageChange, pk=pk, account__customer=self.customer)

    def form_arguments(self, action: Action, target: Any) -> dict[str, Any]:
        if action.name != "add":
            return {}
        open_ones = DataAccount.objects.filter(customer=self.customer).exclude(state="cancelled")
        url = reverse("dataaccounts:change-preview")
        return {
            "accounts": list(open_ones),
            "today": timezone.localdate(),
            "preview_url": url,
            "priced": may(self.user, "dataaccounts.add_accountprice"),
        }

    @action(
        label="Add",
        title="Plan a package change",
        submit="Plan the change",
        permission="dataaccounts.add_packagechange",
        form=ScheduleForm,
        wide=True,
    )
    def add(self, data: dict[str, Any], changed: list[str]) -> HttpResponse:
        wish = package_changes.Wish(
            day=data["takes_effect_on"],
            reason=data["reason"],
            package=data["package"],
            price=data.get("price"),
            keeps_price=bool(data.get("keeps_price")),
        )
        package_changes.schedule(
            accounts=[data["account"].pk], wish=wish, actor=self.user, now=timezone.now()
        )
        today = wish.day == timezone.localdate()
        said = "is made" if today else f"is planned for {wish.day}"
        return told(self, f"The change to {wish.package} {said}.", emits=ELSEWHERE)

    @action(
        label="Withdraw",
        title="Withdraw the change",
        submit="Withdraw change",
        confirm="The account keeps what it has.",
        permission="dataaccounts.delete_packagechange",
        row=True,
        done="Withdrawn.",
        emits=ELSEWHERE,
    )
    def withdraw(self, data: dict[str, Any], changed: list[str], target: PackageChange) -> None:
        package_changes.withdraw(change=target, actor=self.user, now=timezone.now())

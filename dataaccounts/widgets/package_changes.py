from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone

from customers.answers import told
from customers.screen import Action, Section, Widget, action, register
from dataaccounts.forms.changes import AnswerForm, ScheduleForm
from dataaccounts.models import DataAccount, PackageChange, PackageWish
from dataaccounts.selectors import accounts as reading
from dataaccounts.selectors import wishes
from dataaccounts.services import package_changes, package_wishes
from herotill.access import may

ELSEWHERE = ("data-accounts", "recurring-billing")
DEEDS = (("accept", "Accept"), ("refuse", "Refuse…"))


@register
class PackageChanges(Widget):
    """Which package changes were asked for, for when, by whom and why, and which are still to come."""

    name, title = "package-changes", "Package changes"
    section, position = Section.SERVICE, 60
    permission = "dataaccounts.view_packagechange"
    template_name = "dataaccounts/widgets/package_changes.html"
    lazy = True

    def context(self) -> dict[str, Any]:
        found, asked = reading.changes(customer=self.customer), wishes.of(customer=self.customer)
        return {"changes": found, "count": len(found), "wishes": asked, "deeds_of_wishes": DEEDS}

    def find(self, pk: int) -> Model:
        match = self.request.resolver_match
        asked_for = match is not None and str(match.kwargs.get("action_name")) in ("accept", "refuse")
        kind: type[Model] = PackageWish if asked_for else PackageChange
        return get_object_or_404(kind, pk=pk, account__customer=self.customer)

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
            "staff": may(self.user, "dataaccounts.give_staff_package"),
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

    @action(
        label="Accept",
        title="Accept the package that was asked for",
        submit="Plan the change",
        confirm="It is planned for the day the customer wants, or today where that has gone by. They are told.",
        permission="dataaccounts.add_packagechange",
        row=True,
    )
    def accept(self, data: dict[str, Any], changed: list[str], target: PackageWish) -> HttpResponse:
        change = package_wishes.accept(wish=target, actor=self.user, now=timezone.now())
        return told(self, f"The change is planned for {change.takes_effect_on}.", emits=ELSEWHERE)

    @action(
        label="Refuse…",
        title="Refuse the package that was asked for",
        submit="Refuse it",
        permission="dataaccounts.add_packagechange",
        form=AnswerForm,
        row=True,
        done="Refused; the customer is told.",
    )
    def refuse(self, data: dict[str, Any], changed: list[str], target: PackageWish) -> None:
        package_wishes.refuse(wish=target, answer=data["answer"], actor=self.user, now=timezone.now())

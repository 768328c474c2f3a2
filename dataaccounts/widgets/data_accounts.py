from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone

from customers.answers import told
from customers.screen import Action, Section, Widget, action, register
from dataaccounts.forms import accounts as forms
from dataaccounts.forms.changes import SwitchForm
from dataaccounts.models import DataAccount
from dataaccounts.selectors import accounts as reading
from dataaccounts.selectors import checks
from dataaccounts.selectors.rules import rules
from dataaccounts.services import account_prices, accounts, identity_checks, package_changes, radius_secrets
from dataaccounts.services.account_facts import Touched
from herotill.access import may
from herotill.money import rand

State = DataAccount.State
ACTS_ON = {
    "suspend": (State.ACTIVE,),
    "restore": (State.SUSPENDED,),
    "cancel": (State.WAITING, State.ACTIVE, State.SUSPENDED),
}
ELSEWHERE = ("profile-head", "package-changes", "active-sessions", "recurring-billing")
BILLED_ON = "They go on being billed; sessions that are up are cut."


@register
class DataAccounts(Widget):
    """A customer's data accounts: what each has and costs, whether it is let in, and what can be done."""

    name, title = "data-accounts", "Data accounts"
    section, position = Section.SERVICE, 10
    permission = "dataaccounts.view_dataaccount"
    template_name = "dataaccounts/widgets/data_accounts.html"

    def context(self) -> dict[str, Any]:
        found = reading.rows(customer=self.customer, day=timezone.localdate(), now=timezone.now())
        states = {row.account.state for row in found}
        self.needless = {name for name, theirs in ACTS_ON.items() if states.isdisjoint(theirs)}
        shows_checks = may(self.user, "dataaccounts.view_identitycheck")
        return {
            "rows": found,
            "count": sum(row.account.state != State.CANCELLED for row in found),
            "checks": self._checks() if shows_checks else None,
            "may_see_files": may(self.user, "customers.view_attachment"),
        }

    def _checks(self) -> list[dict[str, Any]]:
        done = checks.newest(customer=self.customer)
        return [{"label": checks.LABELS[kind], "check": done.get(kind)} for kind in checks.KINDS]

    def find(self, pk: int) -> Model:
        found = DataAccount.objects.select_related("package", "customer")
        return get_object_or_404(found, pk=pk, customer=self.customer)

    def form_arguments(self, action: Action, target: Any) -> dict[str, Any]:
        today = timezone.localdate()
        priced = may(self.user, "dataaccounts.add_accountprice")
        staff = may(self.user, "dataaccounts.give_staff_package")
        match action.name:
            case "add":
                checked = not rules().checks_required or not checks.missing([self.customer.pk])
                proposed = reading.proposed_username(self.customer)
                return {
                    "customer": self.customer,
                    "proposed": proposed,
                    "today": today,
                    "checked": checked,
                    "priced": priced,
                    "staff": staff,
                }
            case "suspend" | "restore":
                return {"choices": self._choices(*ACTS_ON[action.name])}
            case "cancel":
                return {"choices": self._choices(*ACTS_ON["cancel"], bills=True), "today": today}
            case "check":
                done = checks.newest(customer=self.customer)
                return {"customer": self.customer, "today": today, "done": done}
            case "edit":
                gives = may(self.user, "dataaccounts.give_topping")
                return {"customer": self.customer, "account": target, "gives": gives}
            case "price":
                rows = reading.rows(customer=self.customer, day=today, now=timezone.now())
                current = next(row.account.own for row in rows if row.account.pk == target.pk)  # type: ignore[attr-defined]
                return {"current": current, "today": today}
            case "switch":
                url = reverse("dataaccounts:change-preview")
                asked = {"account": target, "today": today, "preview_url": url}
                return asked | {"priced": priced, "staff": staff}
        return {}

    def _choices(self, *states: str, bills: bool = False) -> list[tuple[int, str]]:
        """The accounts in these states, each with what it would lose."""
        found = reading.rows(customer=self.customer, day=timezone.localdate(), now=timezone.now())
        rows = [row for row in found if row.account.state in states]
        up = reading.open_sessions([row.account.pk for row in rows])
        return [(row.account.pk, _described(row, up.get(row.account.pk, 0), bills)) for row in rows]

    @action(
        label="Add",
        title="Add data account",
        permission="dataaccounts.add_dataaccount",
        form=forms.AddForm,
        done="Data account added.",
        emits=ELSEWHERE,
        order=10,
        wide=True,
    )
    def add(self, data: dict[str, Any], changed: list[str]) -> HttpResponse:
        activate = data.pop("activate") and may(self.user, "dataaccounts.activate_dataaccount")
        data["password"] = data["password"] or None
        new = accounts.NewAccount(customer=self.customer, **data)
        accounts.add(new=[new], actor=self.user, now=timezone.now(), activate=activate)
        state = "and is active" if activate else "and waits to be activated"
        return told(self, f"{new.username} is added {state}.", emits=ELSEWHERE)

    @action(
        label="Suspend",
        title="Suspend data accounts",
        submit="Suspend",
        confirm=BILLED_ON,
        permission="dataaccounts.suspend_dataaccount",
        form=forms.ReasonedForm,
        foot=True,
        order=20,
    )
    def suspend(self, data: dict[str, Any], changed: list[str]) -> HttpResponse:
        now, ids = timezone.now(), self._theirs(data["accounts"])
        done = accounts.suspend(accounts=ids, reason=data["reason"], actor=self.user, now=now)
        return told(self, _said(done, "suspended"), emits=ELSEWHERE)

    @action(
        label="Restore",
        title="Restore data accounts",
        submit="Restore",
        permission="dataaccounts.suspend_dataaccount",
        form=forms.ReasonedForm,
        foot=True,
        order=30,
    )
    def restore(self, data: dict[str, Any], changed: list[str]) -> HttpResponse:
        now, ids = timezone.now(), self._theirs(data["accounts"])
        done = accounts.restore(accounts=ids, reason=data["reason"], actor=self.user, now=now)
        return told(self, _said(done, "restored"), emits=ELSEWHERE)

    @action(
        label="Cancel",
        title="Cancel data accounts",
        submit="Cancel the accounts",
        confirm="They are not let in after their last day and not billed beyond it. What was billed ahead is"
        " proposed for a credit note by the next month-end. A cancelled account does not come back.",
        permission="dataaccounts.cancel_dataaccount",
        form=forms.CancelForm,
        danger=True,
        foot=True,
        order=40,
    )
    def cancel(self, data: dict[str, Any], changed: list[str]) -> HttpResponse:
        data["accounts"] = self._theirs(data["accounts"])
        done = accounts.cancel(**data, actor=self.user, now=timezone.now())
        return told(self, _said(done, f"cancelled with {data['last_day']}"), emits=ELSEWHERE)

    def _theirs(self, ids: Sequence[int]) -> list[int]:
        found = DataAccount.objects.filter(customer=self.customer, pk__in=ids)
        return list(found.values_list("pk", flat=True))

    @action(
        label="Note a check…",
        title="Note that identity or address was checked",
        submit="Note the check",
        permission="dataaccounts.add_identitycheck",
        form=forms.CheckForm,
        done="The check is noted.",
        foot=True,
        order=50,
    )
    def check(self, data: dict[str, Any], changed: list[str]) -> None:
        today = timezone.localdate()
        identity_checks.note(customer=self.customer, today=today, actor=self.user, **data)

    @action(
        label="Activate",
        title="Activate data account",
        confirm="It is let in and billed from today, or from its first day if that is still to come.",
        permission="dataaccounts.activate_dataaccount",
        row=True,
        done="Activated.",
        emits=ELSEWHERE,
    )
    def activate(self, data: dict[str, Any], changed: list[str], target: DataAccount) -> None:
        accounts.activate(accounts=[target.pk], actor=self.user, now=timezone.now())

    @action(
        label="Edit",
        title="Change data account",
        submit="Save account",
        permission="dataaccounts.change_dataaccount",
        form=forms.EditForm,
        row=True,
        wide=True,
        emits=ELSEWHERE,
    )
    def edit(self, data: dict[str, Any], changed: list[str], target: DataAccount) -> None:
        values = {name: data[name] for name in changed}
        accounts.change(account=target, values=values, actor=self.user, now=timezone.now())

    @action(
        label="Custom price…",
        title="Custom price",
        submit="Save price",
        permission="dataaccounts.add_accountprice",
        form=forms.PriceForm,
        row=True,
    )
    def price(self, data: dict[str, Any], changed: list[str], target: DataAccount) -> HttpResponse:
        account_prices.set_price(account=target, actor=self.user, **data)
        emits = ("recurring-billing",)
        if data["agreed"]:
            return told(self, f"The price counts from {data['starts_on']}.", emits=emits)
        said = f"The price counts from {data['starts_on']}; a rise only after its notice, see Price rises."
        return told(self, said, tone="warn", emits=emits)

    @action(
        label="Change password…",
        title="Change the password",
        submit="Change password",
        permission="dataaccounts.change_dataaccount",
        form=forms.PasswordForm,
        row=True,
        done="The password is changed; the router has to be given it too.",
    )
    def password(self, data: dict[str, Any], changed: list[str], target: DataAccount) -> None:
        new = data["password"] or None
        radius_secrets.set_password(account_id=target.pk, password=new, actor=self.user)

    @action(
        label="Show password…",
        title="Show the password",
        submit="Show it",
        permission="dataaccounts.reveal_password",
        form=forms.RevealForm,
        row=True,
    )
    def reveal(self, data: dict[str, Any], changed: list[str], target: DataAccount) -> HttpResponse:
        text = radius_secrets.reveal_password(account_id=target.pk, actor=self.user, reason=data["reason"])
        return render(self.request, "dataaccounts/_password.html", {"account": target, "password": text})

    @action(
        label="Switch to Prepaid",
        title="Switch between prepaid and monthly",
        submit="Plan the switch",
        permission="dataaccounts.add_packagechange",
        form=SwitchForm,
        row=True,
    )
    def switch(self, data: dict[str, Any], changed: list[str], target: DataAccount) -> HttpResponse:
        wish = package_changes.Wish(
            day=data["takes_effect_on"],
            reason=data["reason"],
            package=data["package"],
            prepaid=not target.prepaid,
            price=data.get("price"),
            keeps_price=bool(data.get("keeps_price")),
        )
        package_changes.schedule(accounts=[target.pk], wish=wish, actor=self.user, now=timezone.now())
        kind = "prepaid" if wish.prepaid else "monthly"
        today = wish.day == timezone.localdate()
        said = f"is {kind} from today" if today else f"becomes {kind} on {wish.day}"
        return told(self, f"{target.username} {said}.", emits=ELSEWHERE)

    @action(
        label="Withdraw the cancellation",
        title="Withdraw the cancellation",
        confirm="The account goes on, and is billed on.",
        permission="dataaccounts.cancel_dataaccount",
        row=True,
        done="The account stays.",
        emits=ELSEWHERE,
    )
    def keep(self, data: dict[str, Any], changed: list[str], target: DataAccount) -> None:
        accounts.keep(accounts=[target.pk], actor=self.user, now=timezone.now())


def _described(row: reading.Row, up: int, bills: bool) -> str:
    """`alice@isp.example: 1 session is cut; R 454.00 a month ends`."""
    session = f"{up} session{' is' if up == 1 else 's are'} up" if up else "not connected"
    bill = f"; {rand(row.price)} a month ends" if bills and row.price is not None else ""
    return f"{row.account.username}: {row.account.package}, {session}{bill}"


def _said(done: Sequence[Touched], what: str) -> str:
    return f"{done[0].username} is {what}." if len(done) == 1 else f"{len(done)} data accounts {what}."

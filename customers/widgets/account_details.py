from __future__ import annotations

from typing import Any

from django.db.models import Model
from django.utils import timezone

from customers.forms.details import DetailsForm
from customers.forms.details_checks import DetailsCheckForm
from customers.forms.portal import PortalLinkForm
from customers.models import Address
from customers.screen import Action, Section, Widget, action, register
from customers.selectors import details, own_things
from customers.services import customers, details_checks, portal_logins
from herotill.access import may


@register
class AccountDetails(Widget):
    """Who the customer is."""

    name, title = "account-details", "Account details"
    section, position = Section.ACCOUNT, 10
    permission = "customers.view_customer"
    template_name = "customers/widgets/account_details.html"
    rows = 8

    def context(self) -> dict[str, Any]:
        sees_numbers = may(self.user, "customers.see_id_numbers")
        physical = Address.objects.filter(customer=self.customer, kind=Address.Kind.PHYSICAL).first()
        doubts = details.doubts_of(customer=self.customer)
        if not sees_numbers:
            doubts = {name: text for name, text in doubts.items() if name == "vat_number"}
        may_look = may(self.user, "customers.look_at_portal") and not self.customer.anonymised_on
        return {
            "sees_numbers": sees_numbers,
            "physical": physical,
            "doubts": doubts,
            "may_look": may_look,
        } | {"check": own_things.last_check(self.customer)}

    def form_arguments(self, action: Action, target: Model | None) -> dict[str, Any]:
        if action.form is DetailsForm:
            return {"instance": self.customer, "user": self.user}
        return {"customer": self.customer} if action.form else {}

    @action(
        label="Edit",
        title="Change account details",
        submit="Save details",
        permission="customers.change_customer",
        form=DetailsForm,
        emits=("profile-head",),
        wide=True,
    )
    def edit(self, data: dict[str, Any], changed: list[str]) -> None:
        changes = {name: data[name] for name in changed if name != "version"}
        customers.update(customer=self.customer, changes=changes, actor=self.user, seen=data["version"])

    @action(
        label="Reset password…",
        title="Send a link to set the portal's password",
        submit="Send link",
        confirm="By the link in this mail the customer chooses a password for the portal. It works once.",
        permission="customers.manage_portal_login",
        form=PortalLinkForm,
        foot=True,
        done="The link is on its way.",
    )
    def portal_link(self, data: dict[str, Any], changed: list[str]) -> None:
        portal_logins.send_link(customer=self.customer, contact=data["contact"], actor=self.user)

    @action(
        label="End portal log-ins…",
        order=110,
        title="End portal log-ins",
        confirm="Whoever is logged in to the portal as this customer is logged out, and the password, the second step"
        " and every open link stop working. A new link lets the customer in again.",
        permission="customers.manage_portal_login",
        foot=True,
        danger=True,
        done="The customer's portal log-ins have ended.",
    )
    def end_portal_logins(self, data: dict[str, Any], changed: list[str]) -> None:
        portal_logins.end(customer=self.customer, now=timezone.now(), actor=self.user)

    @action(
        label="Request update…",
        order=120,
        title="Ask the customer to check their details",
        submit="Send the request",
        confirm="The contacts with portal access get a mail. The portal shows what to check until it is answered.",
        permission="customers.ask_details_check",
        form=DetailsCheckForm,
        foot=True,
        emits=("messages-sent",),
        done="The customer is asked.",
    )
    def request_update(self, data: dict[str, Any], changed: list[str]) -> None:
        details_checks.ask(
            customers=[self.customer],
            what=data["what"],
            words=data["words"],
            actor=self.user,
            now=timezone.now(),
        )

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

from django.db.models import Model
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone

from billing.forms import recurring as forms
from billing.models import Hold, RecurringItem
from billing.selectors import other_charges
from billing.selectors import recurring as reading
from billing.selectors.seen import mark
from billing.services import holds, own_month, price_notices, recurring, waivers
from billing.widgets._answers import told
from customers.screen import Action, Section, Widget, action, register
from dataaccounts.models import ServiceSpan
from dataaccounts.selectors.billable import SOURCE as DATA
from herotill.access import may
from herotill.months import Month

NAMES = ("text", "quantity", "discount", "discount_until", "pro_rata")
# A month of an item may be left out from so many months back to as many ahead.
AROUND = 6
DUE = ("age-analysis",)


@register
class RecurringBilling(Widget):
    """What the customer is billed for every month, and this month's and next month's charges."""

    name, title = "recurring-billing", "Recurring billing"
    section, position = Section.BILLING, 30
    permission = "billing.view_recurringitem"
    template_name = "billing/widgets/recurring_billing.html"
    lazy = True
    rows = 8

    def context(self) -> dict[str, Any]:
        today = timezone.localdate()
        held = reading.holds(customer=self.customer, since=today)
        rows = reading.rows(customer=self.customer, day=today, holds=held)
        this = Month.of(today)
        others = other_charges.of(customer=self.customer, day=today)
        months = reading.entries(customer=self.customer, months=(this, this.next))
        return {
            "items": rows,
            "others": others,
            "months": months if rows or others or any(one.lines for one in months) else [],
            "holds": held,
            "may_ask": may(self.user, "billing.view_document"),
            "today": today,
            "count": len(rows),
        }

    def find(self, pk: int) -> Model:
        match = self.request.resolver_match
        if match and match.kwargs.get("action_name") == "withdraw-hold":
            return get_object_or_404(Hold.objects.select_related("item"), pk=pk, customer=self.customer)
        if match and match.kwargs.get("action_name") == "waive-account":
            spans = ServiceSpan.objects.select_related("account", "package")
            return get_object_or_404(spans, pk=pk, account__customer=self.customer)
        return get_object_or_404(
            RecurringItem.objects.select_related("product"), pk=pk, customer=self.customer
        )

    def form_arguments(self, action: Action, target: Any) -> dict[str, Any]:
        today = timezone.localdate()
        this = Month.of(today)
        match action.name:
            case "add":
                return {"today": today}
            case "edit":
                return {"item": target, "current": mark(target)}
            case "price":
                return reading.prices_now(target, today) | {"today": today}
            case "remove":
                return {"billed_on": reading.billed_on(target), "today": today}
            case "hold":
                items = RecurringItem.objects.filter(customer=self.customer).select_related("product")
                return {"items": items, "today": today}
            case "waive" | "waive-account":
                return {"first": this.plus(-AROUND).first, "count": 2 * AROUND, "start": this.first}
            case "clear":
                waiting = {
                    month.first: words
                    for month in (this, this.next)
                    if (words := own_month.in_words(self.customer, month))
                }
                return {"first": this.first, "counts": waiting, "start": min(waiting, default=this.first)}
            case "generate" | "invoice":
                return {"first": this.first}
        return {}

    @action(
        label="Add",
        title="Add recurring item",
        submit="Add item",
        permission="billing.add_recurringitem",
        form=forms.AddItemForm,
        done="Item added. Generate the month's charges to see them.",
        order=10,
        wide=True,
    )
    def add(self, data: dict[str, Any], changed: list[str]) -> None:
        recurring.add(customer=self.customer, new=recurring.NewItem(**data), actor=self.user)

    @action(
        label="Hold…",
        title="Hold billing",
        permission="billing.add_hold",
        form=forms.HoldForm,
        done="Held. These days are not billed.",
        order=20,
    )
    def hold(self, data: dict[str, Any], changed: list[str]) -> None:
        holds.add(customer=self.customer, actor=self.user, **data)

    @action(
        label="Withdraw",
        title="Withdraw the hold",
        submit="Withdraw hold",
        confirm="A hold to come is taken back; one that runs ends with today.",
        permission="billing.delete_hold",
        row=True,
        done="Withdrawn.",
    )
    def withdraw_hold(self, data: dict[str, Any], changed: list[str], target: Hold) -> None:
        holds.withdraw(hold=target, today=timezone.localdate(), actor=self.user)

    @action(
        label="Edit",
        title="Change item",
        submit="Save item",
        permission="billing.change_recurringitem",
        form=forms.EditItemForm,
        row=True,
        done="Saved. It counts for months that are not billed yet.",
    )
    def edit(self, data: dict[str, Any], changed: list[str], target: RecurringItem) -> None:
        values = {name: data[name] for name in NAMES if name in changed}
        recurring.change(item=target, values=values, actor=self.user, seen=data["seen"])

    @action(
        label="Price…",
        title="Change the price",
        submit="Change price",
        permission="billing.add_itemprice",
        form=forms.PriceForm,
        row=True,
        emits=("rental-contracts",),
    )
    def price(self, data: dict[str, Any], changed: list[str], target: RecurringItem) -> HttpResponse:
        day: date = data["starts_on"]
        before = reading.price_on(target, day - timedelta(days=1))
        made = recurring.set_price(
            item=target, amount=data["amount"], starts_on=day, agreed=data["agreed"], actor=self.user
        )
        after = reading.price_on(target, day)
        if made.agreed or before is None or after is None or after <= before:
            whose = "The price" if made.amount is not None else "The price of the list"
            return told(self, f"{whose} counts from {day}.")
        if data["tell"] and may(self.user, "billing.send_price_notices"):
            price_notices.announce_item_prices(prices=[made.pk], actor=self.user, now=timezone.now())
            return told(self, "The notice is on its way; the rise counts once it was sent in time.")
        return told(self, "Nobody was told yet: the rise counts only after its notice.", tone="warn")

    @action(
        label="Remove",
        title="Remove item",
        permission="billing.delete_recurringitem",
        form=forms.RemoveItemForm,
        row=True,
        danger=True,
        submit="Remove item",
    )
    def remove(self, data: dict[str, Any], changed: list[str], target: RecurringItem) -> HttpResponse:
        if "last_day" in data:
            said = recurring.end(item=target, last_day=data["last_day"], actor=self.user)
            return told(self, said or f"Billed up to {data['last_day']}.", tone="warn" if said else "ok")
        recurring.delete(item=target, actor=self.user)
        return told(self, "Item deleted.")

    @action(
        label="Leave a month out…",
        title="Leave a month out",
        submit="Leave it out",
        permission="billing.add_waiver",
        form=forms.WaiveForm,
        row=True,
        done="That month is not billed.",
    )
    def waive(self, data: dict[str, Any], changed: list[str], target: RecurringItem) -> None:
        recurring.waive(item=target, month=data["month"], reason=data["reason"], actor=self.user)

    @action(
        label="Leave a month out…",
        title="Leave a month of the data account out",
        submit="Leave it out",
        permission="billing.add_waiver",
        form=forms.WaiveForm,
        row=True,
        done="That month is not billed.",
    )
    def waive_account(self, data: dict[str, Any], changed: list[str], target: ServiceSpan) -> None:
        waivers.leave_out(
            customer_id=self.customer.pk,
            source=DATA,
            item_id=target.pk,
            month=Month.of(data["month"]),
            reason=data["reason"],
            actor=self.user,
        )

    @action(
        label="Generate Recurring Billing",
        title="Generate recurring billing",
        submit="Generate charges",
        confirm="The month's charges are made anew from the items as they are now. What is on a document stays.",
        permission="billing.add_line",
        form=forms.MonthForm,
        foot=True,
        order=30,
    )
    def generate(self, data: dict[str, Any], changed: list[str]) -> HttpResponse:
        month = Month.of(data["month"])
        count = own_month.generate(customer=self.customer, month=month, actor=self.user)
        charges = f"{count} charge{'' if count == 1 else 's'}"
        if not count:
            return told(self, f"Nothing of {month.label} is left to bill.", tone="info")
        return told(self, f"{charges} of {month.label} {'waits' if count == 1 else 'wait'} for an invoice.")

    @action(
        label="Generate Recurring Invoice",
        title="Generate recurring invoice",
        submit="Make draft invoice",
        confirm="The charges that wait, up to this month, go on a draft of today. Nothing is owed until it is issued.",
        permission="billing.add_document",
        form=forms.MonthForm,
        foot=True,
        order=40,
    )
    def invoice(self, data: dict[str, Any], changed: list[str]) -> HttpResponse:
        month = Month.of(data["month"])
        made = own_month.draft(customer=self.customer, month=month, day=timezone.localdate(), actor=self.user)
        return told(
            self,
            f"A draft for {month.label} is made.",
            href=made.get_absolute_url(),
            label="Open the draft",
            emits=DUE,
        )

    @action(
        label="Clear Recurring Billing",
        title="Clear recurring billing",
        submit="Clear charges",
        confirm="The month's charges that wait are taken away. Generating makes them again.",
        permission="billing.delete_line",
        form=forms.ClearForm,
        foot=True,
        danger=True,
        order=50,
    )
    def clear(self, data: dict[str, Any], changed: list[str]) -> HttpResponse:
        month = Month.of(data["month"])
        count = own_month.clear(customer=self.customer, month=month, actor=self.user)
        charges = f"{count} charge{'' if count == 1 else 's'} of {month.label} cleared"
        return told(self, f"{charges}. Generating makes them again.")

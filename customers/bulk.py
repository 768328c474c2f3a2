"""What can be done with many customers of the list at once."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms as django_forms
from django.db.models import Model, QuerySet

from customers.models import BillingGroup, Customer, CustomerGroup, Label
from customers.selectors import listing
from customers.services import tagging
from herotill import forms
from herotill.errors import DomainError
from herotill.lists import BulkAction, Done


def counted(number: int) -> str:
    return f"{number:,} customer{'' if number == 1 else 's'}"


class LabelForm(forms.Form):
    """Which label."""

    label = django_forms.ModelChoiceField(Label.objects.filter(retired=False), empty_label="Choose a label")


class AnyLabelForm(forms.Form):
    """Which label, those no longer offered among them."""

    label = django_forms.ModelChoiceField(Label.objects.all(), empty_label="Choose a label")


class GroupForm(forms.Form):
    """Which customer group."""

    group = django_forms.ModelChoiceField(CustomerGroup.objects.filter(retired=False), label="Customer group")


class BillingGroupForm(forms.Form):
    """Which billing group."""

    group = django_forms.ModelChoiceField(BillingGroup.objects.filter(retired=False), label="Billing group")


def _customers(ids: list[int]) -> QuerySet[Customer]:
    return Customer.objects.filter(pk__in=ids)


class AddLabel(BulkAction):
    """Put a label on customers."""

    name, label, icon, order = "label", "Add a label", "tag", 10
    permission = "customers.label_customers"
    form = LabelForm

    def affected(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> int:
        return (
            chosen.exclude(pk__in=listing.labelled(Customer.objects.all(), data["label"])).order_by().count()
        )

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Label {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        ids = tagging.put(customers=chosen, label=data["label"])
        sentence = f"“{data['label']}” put on {counted(len(ids))}."
        return Done(len(ids), sentence, {"label": data["label"].pk, "ids": ids})

    def undo(self, *, before: Any) -> int:
        label = Label.objects.filter(pk=before["label"]).first()
        return len(tagging.take_off(customers=_customers(before["ids"]), label=label)) if label else 0


class RemoveLabel(BulkAction):
    """Take a label off customers."""

    name, label, icon, order = "unlabel", "Remove a label", "minus-circle", 20
    permission = "customers.label_customers"
    form = AnyLabelForm

    def affected(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> int:
        return listing.labelled(chosen, data["label"]).order_by().count()

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Remove the label from {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        ids = tagging.take_off(customers=chosen, label=data["label"])
        sentence = f"“{data['label']}” removed from {counted(len(ids))}."
        return Done(len(ids), sentence, {"label": data["label"].pk, "ids": ids})

    def undo(self, *, before: Any) -> int:
        label = Label.objects.filter(pk=before["label"]).first()
        if label is None:
            raise DomainError("The label has been deleted since.")
        return len(tagging.put(customers=_customers(before["ids"]), label=label))


class _Move(BulkAction):
    """Move customers to a group of one kind."""

    icon = "arrow-right-start-on-rectangle"
    permission = "customers.group_customers"
    model: ClassVar[type[Model]]
    column: ClassVar[str]

    def affected(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> int:
        total = chosen.order_by()
        return total.count() - total.filter(**{self.column: data["group"]}).count()

    def button(self, count: str, data: dict[str, Any]) -> str:
        return f"Move {count}"

    def apply(self, *, chosen: QuerySet[Any], data: dict[str, Any]) -> Done:
        moved = tagging.move(customers=chosen, to=data["group"])
        count = sum(map(len, moved.values()))
        sentence = f"{counted(count)} moved to “{data['group']}”."
        return Done(count, sentence, {"to": data["group"].pk, "from": list(moved.items())})

    def undo(self, *, before: Any) -> int:
        return tagging.move_back(group=self.model, now_in=before["to"], moved=before["from"])


class MoveGroup(_Move):
    """Move customers to another customer group."""

    name, label, order = "group", "Move to group", 30
    form, model, column = GroupForm, CustomerGroup, "group"


class MoveBillingGroup(_Move):
    """Move customers to another billing group."""

    name, label, order = "billing-group", "Move to billing group", 40
    form, model, column = BillingGroupForm, BillingGroup, "billing_group"

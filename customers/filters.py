"""What narrows the customer list."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.core.validators import EMPTY_VALUES
from django.db.models import QuerySet

from customers.models import BillingGroup, Category, Customer, CustomerGroup, Label
from customers.policies import doubts
from customers.selectors import listing
from herotill.lists import ListFilter
from herotill.money import rand
from herotill.reference.models import Highsite

YES_OR_NO = [("true", "Yes"), ("false", "No")]


def _flagged(rows: QuerySet[Customer], field: str, value: str) -> QuerySet[Customer]:
    return rows.filter(**{field: value == "true"})


def _verified(rows: QuerySet[Customer], field: str, value: str) -> QuerySet[Customer]:
    return rows.filter(verified_on__isnull=value != "true")


def _flag(label: str, method: Any = _flagged) -> django_filters.ChoiceFilter:
    return django_filters.ChoiceFilter(label=label, choices=YES_OR_NO, empty_label="Either", method=method)


def _rows(model: Any) -> Any:
    """All rows of a small table, asked for when the field is made and not when this module is read."""
    return lambda request: model.objects.all()


def _keyed(field: str) -> Any:
    """By what a customer points at, and by its sort key too, so that the list may be sorted by it as well."""

    def narrowed(rows: QuerySet[Customer], name: str, value: Any) -> QuerySet[Customer]:
        if value in EMPTY_VALUES:
            return rows
        if value == "none":
            return rows.filter(**{f"{field}__isnull": True, f"{field}_key": ""})
        return rows.filter(**{field: value, f"{field}_key": value.name_key})

    return narrowed


def _method(function: Any) -> Any:
    return lambda rows, name, value: function(rows, value) if value else rows


def _resellers(request: Any) -> QuerySet[Customer]:
    return Customer.objects.filter(is_reseller=True).order_by("name_key").only("code", "name")


class _Reseller(django_filters.ModelChoiceFilter):
    """Chosen and written in the address by its code."""

    def __init__(self, **more: Any) -> None:
        super().__init__(queryset=_resellers, to_field_name="code", method=_method(listing.below), **more)


class _Doubts(django_filters.MultipleChoiceFilter):
    """Customers of whose numbers one or another does not check."""

    NAMES = {"id": doubts.ID, "reg": doubts.REGISTRATION, "vat": doubts.VAT, "phone": doubts.PHONE}

    def __init__(self, **more: Any) -> None:
        super().__init__(widget=forms.CheckboxSelectMultiple, **more)

    def filter(self, qs: QuerySet[Customer], value: list[str]) -> QuerySet[Customer]:
        return qs.filter(doubts__overlap=[self.NAMES[one] for one in value]) if value else qs


def _money(label: str, lookup: str) -> django_filters.NumberFilter:
    widget = forms.TextInput(attrs={"inputmode": "decimal"})
    return django_filters.NumberFilter(
        label=label,
        field_name="balance__amount",
        lookup_expr=lookup,
        max_digits=14,
        decimal_places=2,
        widget=widget,
    )


FILTERS = (
    ListFilter(
        name="group",
        filter=django_filters.ModelChoiceFilter(
            label="Customer group", queryset=_rows(CustomerGroup), method=_keyed("group")
        ),
        order=10,
    ),
    ListFilter(
        name="billing_group",
        filter=django_filters.ModelChoiceFilter(
            label="Billing group",
            queryset=_rows(BillingGroup),
            null_label="None",
            null_value="none",
            method=_keyed("billing_group"),
        ),
        order=20,
    ),
    ListFilter(
        name="status",
        filter=django_filters.MultipleChoiceFilter(
            label="Status", choices=Customer.Status.choices, widget=forms.CheckboxSelectMultiple
        ),
        order=30,
    ),
    ListFilter(
        name="kind", filter=django_filters.ChoiceFilter(label="Type", choices=Customer.Kind.choices), order=40
    ),
    ListFilter(
        name="payment_method",
        filter=django_filters.MultipleChoiceFilter(
            label="Payment type",
            choices=[("none", "Not set"), *Customer.PaymentMethod.choices[1:]],
            widget=forms.CheckboxSelectMultiple,
            method=lambda rows, name, value: rows.filter(
                payment_method__in=["" if one == "none" else one for one in value]
            ),
        ),
        order=50,
    ),
    ListFilter(
        name="label",
        filter=django_filters.ModelChoiceFilter(
            label="Label", queryset=_rows(Label), method=_method(listing.labelled)
        ),
        order=60,
    ),
    ListFilter(
        name="category",
        filter=django_filters.ModelChoiceFilter(
            label="Category", queryset=_rows(Category), method=_method(listing.categorised)
        ),
        order=70,
    ),
    ListFilter(
        name="highsite",
        filter=django_filters.ModelChoiceFilter(
            label="Highsite", queryset=_rows(Highsite), method=_keyed("highsite")
        ),
        order=80,
    ),
    ListFilter(name="reseller", filter=_Reseller(label="Clients of reseller"), order=90),
    ListFilter(
        name="master",
        filter=django_filters.CharFilter(
            label="Sub-accounts of", max_length=12, method=_method(listing.subs_of)
        ),
        order=95,
    ),
    ListFilter(name="is_reseller", filter=_flag("Is a reseller"), order=100),
    ListFilter(name="prepaid", filter=_flag("Prepaid"), order=110),
    ListFilter(name="verified", filter=_flag("Verified", _verified), order=120),
    ListFilter(
        name="balance_min",
        filter=_money("Balance from", "gte"),
        says=rand,
        permission="customers.see_customer_balance",
        order=130,
    ),
    ListFilter(
        name="balance_max",
        filter=_money("Balance to", "lte"),
        says=rand,
        permission="customers.see_customer_balance",
        order=140,
    ),
    ListFilter(
        name="id_number",
        filter=django_filters.CharFilter(
            label="ID or registration number", max_length=40, method=_method(listing.numbered)
        ),
        permission="customers.see_id_numbers",
        order=150,
    ),
    ListFilter(
        name="doubts",
        filter=_Doubts(
            label="Numbers that do not check", choices=[("vat", "VAT number"), ("phone", "Phone number")]
        ),
        order=160,
    ),
    ListFilter(
        name="id_doubts",
        filter=_Doubts(
            label="ID numbers that do not check",
            choices=[("id", "ID or passport number"), ("reg", "Registration number")],
        ),
        permission="customers.see_id_numbers",
        order=170,
    ),
)

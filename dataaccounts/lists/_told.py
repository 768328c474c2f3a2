"""What lists of sessions, log-ins and orders say about the account behind a user name, read with the row."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import django_filters
from django import forms
from django.db.models import F, OuterRef, QuerySet, Subquery
from django.db.models.functions import JSONObject
from django.urls import reverse

from dataaccounts.models import DataAccount, Nas, Sector
from herotill.lists import Column, Link, ListFilter, cells
from herotill.lists.columns import Row
from herotill.reference.models import Highsite


def about(username: str = "username") -> Callable[[], Mapping[str, Any]]:
    """An annotation `about` with what is known of the account, or nothing where the name is nobody's."""
    told = JSONObject(
        name=F("customer__name"),
        code=F("customer__code"),
        package=F("package__name"),
        sector=F("sector__name"),
        highsite=F("highsite__name"),
        dbm=F("signal__dbm"),
    )

    def annotation() -> Mapping[str, Any]:
        found = DataAccount.objects.filter(username=OuterRef(username)).order_by()
        return {"about": Subquery(found.values_list(told)[:1])}

    return annotation


def router() -> Mapping[str, Any]:
    """An annotation `router` with the id, name and direction of counting of our router at the row's address."""
    told = JSONObject(pk=F("pk"), name=F("name"), swapped=F("swap_directions"))
    found = Nas.objects.filter(address=OuterRef("nas_address")).order_by()
    return {"router": Subquery(found.values_list(told)[:1])}


def customer(row: Row) -> Link | None:
    """A link to the customer behind the row."""
    told = row["about"]
    return (
        Link(reverse("customers:profile", args=[told["code"]]), told["name"], told["code"]) if told else None
    )


def of(name: str) -> Callable[[Row], Any]:
    """One of the things known of the account."""
    return lambda row: row["about"][name] if row["about"] else None


def nas(row: Row) -> Link | str | None:
    """A link to the page of the row's router; its address where it is none of ours."""
    told = row["router"]
    url = reverse("dataaccounts:nas", args=[told["pk"]]) if told else ""
    return Link(url, told["name"]) if told else None


def octets(row: Row, *, down: bool) -> int:
    """What the customer of a session downloaded or uploaded."""
    swapped = bool(row["router"] and row["router"]["swapped"])
    return int((row["output_octets"] if down != swapped else row["input_octets"]) or 0)


def _all(model: Any) -> Callable[[Any], QuerySet[Any]]:
    return lambda request: model.objects.all()


def _where(path: str) -> Callable[[QuerySet[Any], str, Any], QuerySet[Any]]:
    def narrowed(rows: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        theirs = DataAccount.objects.filter(**{path: value}).order_by()
        return rows.filter(username__in=theirs.values("username")) if value else rows

    return narrowed


def _at_nas(rows: QuerySet[Any], name: str, value: Nas | None) -> QuerySet[Any]:
    return rows.filter(nas_address=value.address) if value else rows


def username_column(order: int) -> Column:
    """The name that a session or a log-in came with."""
    return Column(
        name="username",
        heading="User name",
        cell=cells.IDENTIFIER,
        fields=("username",),
        default=True,
        heads_row=True,
        order=order,
    )


def customer_column(order: int) -> Column:
    """Whose name that is."""
    return Column(
        name="customer",
        heading="Customer",
        cell=cells.LINK,
        fields=("about",),
        value=customer,
        default=True,
        narrow=False,
        order=order,
    )


def of_customer(order: int) -> ListFilter:
    """Narrows rows by the customer's code."""
    return ListFilter(
        name="customer",
        filter=django_filters.CharFilter(
            label="Customer code",
            method=_where("customer__code__iexact"),
            widget=forms.TextInput(attrs={"maxlength": "6", "autocomplete": "off"}),
        ),
        order=order,
    )


def by_place(order: int) -> tuple[ListFilter, ...]:
    """Narrow rows by router, highsite and sector."""
    choice = django_filters.ModelChoiceFilter
    return (
        ListFilter(name="nas", filter=choice(label="NAS", queryset=_all(Nas), method=_at_nas), order=order),
        ListFilter(
            name="highsite",
            filter=choice(label="Highsite", queryset=_all(Highsite), method=_where("highsite")),
            order=order + 1,
        ),
        ListFilter(
            name="sector",
            filter=choice(label="Sector", queryset=_all(Sector), method=_where("sector")),
            order=order + 2,
        ),
    )

"""What customers add to the list of messages: whose each one is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import django_filters
from django.db.models import QuerySet
from django.urls import reverse

from customers.models import Customer
from herotill.lists import Column, Link, ListFilter, cells
from herotill.messages.listing import messages
from herotill.messages.models import Message


def _links(ids: Sequence[int]) -> Mapping[int, Link]:
    """The customer of each of these messages."""
    of = dict(Message.objects.filter(pk__in=ids, customer_id__isnull=False).values_list("pk", "customer_id"))
    found = Customer.objects.filter(pk__in=[pk for pk in of.values() if pk]).values_list("pk", "code", "name")
    links = {
        pk: Link(reverse("customers:profile", args=[code]), f"{name} ({code})") for pk, code, name in found
    }
    return {pk: links[customer] for pk, customer in of.items() if customer in links}


def _of_customer(rows: QuerySet[Any], name: str, code: str) -> QuerySet[Any]:
    found = Customer.objects.filter(code=code.strip().upper()).values_list("pk", flat=True).first()
    return rows.filter(customer_id=found) if found else rows.none()


messages.columns.register(
    Column(
        name="customer",
        heading="Customer",
        cell=cells.LINK,
        batch=_links,
        permission="customers.view_customer",
        default=True,
        narrow=False,
        order=40,
    )
)
messages.filters.register(
    ListFilter(
        name="customer",
        filter=django_filters.CharFilter(label="Customer code", method=_of_customer),
        permission="customers.view_customer",
        order=30,
    )
)

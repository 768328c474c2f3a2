"""What the customer list reads: the rows, and for a page of them their labels and categories."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from typing import Any

from django.db import connections
from django.db.models import OuterRef, Q, QuerySet

from customers.models import Address, Category, Customer, Label
from herotill.folding import fold
from herotill.lists import Search, Tag
from herotill.reading import reading
from herotill.search.narrowing import narrowing

# Those at or below a reseller that have sub-accounts themselves; usually that is the reseller alone.
_MASTERS = """
WITH RECURSIVE family(id) AS (
    SELECT %s::bigint
    UNION
    SELECT c.id FROM customers_customer c JOIN family f ON c.master_id = f.id
)
SELECT id FROM family f WHERE EXISTS (SELECT 1 FROM customers_customer c WHERE c.master_id = f.id)
"""


def everybody() -> QuerySet[Customer]:
    """All customers, in no order."""
    return Customer.objects.order_by()


def towns_of_customers() -> QuerySet[Address]:
    """For a condition on customers: the physical address of each that says a town."""
    return Address.objects.filter(customer=OuterRef("pk"), kind=Address.Kind.PHYSICAL, town_key__isnull=False)


def labels_of(ids: Sequence[int]) -> Mapping[int, list[Tag]]:
    """The labels of each of these customers, by name."""
    links = Customer.labels.through.objects.using(reading()).filter(customer_id__in=ids)
    found = links.order_by("label__name_key").values_list("customer_id", "label__name", "label__colour")
    labels: defaultdict[int, list[Tag]] = defaultdict(list)
    for customer, name, colour in found:
        labels[customer].append(Tag(name, colour))
    return labels


def categories_of(ids: Sequence[int]) -> Mapping[int, list[Tag]]:
    """The categories of each of these customers, by name."""
    links = Customer.categories.through.objects.using(reading()).filter(customer_id__in=ids)
    found = links.order_by("category__name_key").values_list("customer_id", "category__name")
    categories: defaultdict[int, list[Tag]] = defaultdict(list)
    for customer, name in found:
        categories[customer].append(Tag(name))
    return categories


def below(rows: QuerySet[Customer], reseller: Customer) -> QuerySet[Customer]:
    """All clients of a reseller: its sub-accounts, theirs, and so on down."""
    with connections[reading()].cursor() as cursor:
        cursor.execute(_MASTERS, [reseller.pk])
        masters = [pk for (pk,) in cursor.fetchall()]
    return rows.filter(master_id__in=masters)


def subs_of(rows: QuerySet[Customer], code: str) -> QuerySet[Customer]:
    """The sub-accounts of one master, by the master's code."""
    return rows.filter(master__code=code.strip().upper())


def labelled(rows: QuerySet[Customer], label: Label) -> QuerySet[Customer]:
    return rows.filter(pk__in=Customer.labels.through.objects.filter(label_id=label.pk).values("customer_id"))


def categorised(rows: QuerySet[Customer], category: Category) -> QuerySet[Customer]:
    links = Customer.categories.through.objects.filter(category_id=category.pk)
    return rows.filter(pk__in=links.values("customer_id"))


def numbered(rows: QuerySet[Customer], number: str) -> QuerySet[Customer]:
    """Those whose ID, passport or registration number this is, with or without its spaces."""
    written = {number, number.replace(" ", "")}
    return rows.filter(Q(id_number__in=written) | Q(registration_number__in=written))


def search(text: str, user: Any) -> Search:
    """Those whom the global search would find by `text`, all of them; by a single letter, those it begins."""
    found = narrowing(text, kind="customer", user=user)
    return found or (lambda rows, along="": rows.filter(name_key__startswith=fold(text)))


def named(ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Code and name of each of these customers."""
    rows = Customer.objects.using(reading()).filter(pk__in=ids).values_list("pk", "code", "name")
    return {pk: (code, name) for pk, code, name in rows}

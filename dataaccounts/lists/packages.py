"""The list of packages."""

from __future__ import annotations

from collections.abc import Sequence

import django_filters
from django.db.models import QuerySet
from django.urls import reverse

from dataaccounts.models import Package
from dataaccounts.policies.measures import octets_in_words, speed_in_words
from dataaccounts.selectors import packages as reading
from herotill.folding import fold
from herotill.lists import Column, List, ListFilter, PageAction, RowAction, Search, cells, keyset, lists
from herotill.lists.columns import Row

OFFERED = cells.chips({False: ("Sold", "ok"), True: ("Retired", "")})


def _search(text: str, person: object) -> Search:
    def narrowed(rows: QuerySet[Package], along: str = "") -> QuerySet[Package]:
        return rows.filter(name_key__contains=fold(text))

    return narrowed


packages = lists.register(
    List(
        name="packages",
        title="Packages",
        noun="package",
        nouns="packages",
        permission="dataaccounts.view_package",
        url_name="dataaccounts:packages",
        rows=lambda: Package.objects.order_by(),
        default_sort="name",
        action=RowAction(
            url=lambda row: reverse("dataaccounts:package", args=[row["pk"]]),
            label=lambda row: str(row["name"]),
            fields=("name",),
            verb="Change",
            permission="dataaccounts.change_package",
            in_dialog=True,
        ),
        search=_search,
        searches="name",
        export_permission="dataaccounts.view_package",
        empty="No packages yet. Add what you sell.",
        icon="cube",
        order=21,
    )
)


def _speeds(row: Row) -> str:
    return f"{speed_in_words(row['down_kbit'])} / {speed_in_words(row['up_kbit'])}"


def _allowance(row: Row) -> str:
    return octets_in_words(row["allowance"]) if row["allowance"] else "Uncapped"


def _counts(ids: Sequence[int]) -> dict[int, int]:
    found = reading.counts(ids)
    return {pk: found.get(pk, 0) for pk in ids}


COLUMNS = (
    Column(
        name="name",
        heading="Name",
        fields=("name",),
        sort=keyset.by_text("name_key"),
        default=True,
        heads_row=True,
        order=10,
    ),
    Column(
        name="speeds",
        heading="Down / up",
        cell=cells.IDENTIFIER,
        fields=("down_kbit", "up_kbit"),
        value=_speeds,
        default=True,
        order=20,
    ),
    Column(
        name="allowance",
        heading="A month",
        cell=cells.IDENTIFIER,
        fields=("allowance",),
        value=_allowance,
        default=True,
        order=30,
    ),
    Column(
        name="once_capped",
        heading="Service once capped",
        fields=("once_capped__name",),
        default=True,
        narrow=False,
        order=40,
    ),
    Column(
        name="product",
        heading="Product",
        cell=cells.IDENTIFIER,
        fields=("product__code",),
        default=True,
        narrow=False,
        order=50,
    ),
    Column(name="staff", heading="For staff", cell=cells.YES, fields=("staff",), order=60),
    Column(name="pool", heading="IP pool", cell=cells.IDENTIFIER, fields=("pool",), order=70),
    Column(name="accounts", heading="Accounts", cell=cells.NUMBER, batch=_counts, default=True, order=80),
    Column(name="state", heading="State", cell=OFFERED, fields=("retired",), default=True, order=90),
)
for column in COLUMNS:
    packages.columns.register(column)
packages.filters.register(
    ListFilter(
        name="retired",
        filter=django_filters.ChoiceFilter(
            label="State",
            field_name="retired",
            choices=[("false", "Sold"), ("true", "Retired")],
            method=lambda rows, name, value: rows.filter(retired=value == "true"),
        ),
    )
)
packages.actions.register(
    PageAction(
        name="new",
        label="New package",
        url_name="dataaccounts:package-new",
        permission="dataaccounts.add_package",
    )
)

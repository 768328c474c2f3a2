"""The list of voice lines, and that of the files of calls."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import django_filters
from django.db.models import QuerySet
from django.urls import reverse

from dataaccounts.models import CallFile, VoiceLine, VoiceSource
from herotill.clock import local_day, stamp
from herotill.lists import Column, Link, List, ListFilter, RowAction, Search, cells, keyset, lists
from herotill.lists.columns import Row
from herotill.reference.selectors.products import price_to_everybody

STATE = cells.chips(
    {"waiting": ("Not active yet", "accent"), "active": ("Active", "ok"), "suspended": ("Suspended", "bad")}
    | {"cancelled": ("Cancelled", "")}
)
FILE = cells.chips({"done": ("Taken in", "ok"), "taken_back": ("Taken back", "")})


def _by_number(text: str, person: object) -> Search:
    figures = "".join(letter for letter in text if letter.isdigit()).removeprefix("0")

    def narrowed(rows: QuerySet[VoiceLine], along: str = "") -> QuerySet[VoiceLine]:
        return rows.filter(number__contains=figures) if figures else rows.none()

    return narrowed


def _by_name(text: str, person: object) -> Search:
    def narrowed(rows: QuerySet[CallFile], along: str = "") -> QuerySet[CallFile]:
        return rows.filter(name__icontains=text)

    return narrowed


def _customer(row: Row) -> Link:
    return Link(reverse("customers:profile", args=[row["customer__code"]]), str(row["customer__name"]))


def _number(row: Row) -> str:
    return f"+{row['number']}"


def _rentals(ids: Sequence[int]) -> dict[int, Decimal]:
    """What each line costs a month: its own rental, else its product's price to everybody; two queries."""
    found = VoiceLine.objects.filter(pk__in=ids).values_list("pk", "rental", "package__product")
    lines = list(found)
    products = sorted({product for _, rental, product in lines if rental is None and product})
    prices = price_to_everybody(products, local_day(stamp())) if products else {}
    known = {pk: prices.get(product) if rental is None else rental for pk, rental, product in lines}
    return {pk: amount for pk, amount in known.items() if amount is not None}


voice_lines = lists.register(
    List(
        name="voice-lines",
        title="Voice lines",
        noun="voice line",
        nouns="voice lines",
        permission="dataaccounts.view_voiceline",
        url_name="dataaccounts:voice-lines",
        rows=lambda: VoiceLine.objects.order_by(),
        default_sort="number",
        action=RowAction(
            url=lambda row: reverse("customers:profile", args=[row["customer__code"]]) + "#card-voip-lines",
            label=lambda row: f"+{row['number']}",
            fields=("customer__code", "number"),
            verb="Open",
            permission="customers.view_customer",
        ),
        search=_by_number,
        searches="number",
        export_permission="dataaccounts.view_voiceline",
        empty="No voice lines yet. Add one on a customer's profile.",
        icon="phone",
        order=27,
    )
)
LINE_COLUMNS = (
    Column(
        name="number",
        heading="Number",
        cell=cells.IDENTIFIER,
        fields=("number",),
        value=_number,
        sort=keyset.by_text("number"),
        default=True,
        heads_row=True,
        order=10,
    ),
    Column(
        name="customer",
        heading="Customer",
        cell=cells.LINK,
        fields=("customer__code", "customer__name"),
        value=_customer,
        default=True,
        order=20,
    ),
    Column(name="package", heading="Package", fields=("package__name",), default=True, order=30),
    Column(name="source", heading="Calls from", fields=("source__name",), default=True, order=40),
    Column(
        name="account", heading="Account", cell=cells.IDENTIFIER, fields=("account",), default=True, order=50
    ),
    Column(
        name="channels",
        heading="Channels",
        cell=cells.NUMBER,
        fields=("channels",),
        default=True,
        narrow=False,
        order=60,
    ),
    Column(name="month", heading="Rental", cell=cells.MONEY, batch=_rentals, default=True, order=65),
    Column(name="rental", heading="Custom rental", cell=cells.MONEY, fields=("rental",), order=70),
    Column(name="since", heading="Since", cell=cells.DAY, fields=("starts_on",), default=True, order=80),
    Column(name="state", heading="State", cell=STATE, fields=("state",), default=True, order=90),
)
for column in LINE_COLUMNS:
    voice_lines.columns.register(column)
voice_lines.filters.register(
    ListFilter(
        name="state",
        filter=django_filters.ChoiceFilter(
            field_name="state", label="State", choices=VoiceLine.State.choices, empty_label="Any"
        ),
    )
)
voice_lines.filters.register(
    ListFilter(
        name="source",
        filter=django_filters.ModelChoiceFilter(
            field_name="source", label="Calls from", queryset=VoiceSource.objects.all(), empty_label="Any"
        ),
    )
)

call_files = lists.register(
    List(
        name="call-files",
        title="Files of calls",
        noun="file of calls",
        nouns="files of calls",
        permission="dataaccounts.view_callfile",
        url_name="dataaccounts:call-files",
        rows=lambda: CallFile.objects.order_by(),
        default_sort="-taken",
        action=RowAction(
            url=lambda row: reverse("dataaccounts:call-file", args=[row["pk"]]),
            label=lambda row: str(row["name"]),
            fields=("name",),
            verb="Open",
            permission="dataaccounts.view_callfile",
        ),
        search=_by_name,
        searches="name",
        export_permission="dataaccounts.view_callfile",
        empty="No files of calls yet. Take one in, or name a folder they are left in.",
        icon="phone-arrow-up-right",
        order=28,
    )
)


def _counted(name: str, heading: str) -> Column:
    return Column(
        name=name,
        heading=heading,
        cell=cells.NUMBER,
        fields=("counts",),
        value=lambda row: (row["counts"] or {}).get("outcomes", {}).get(name, 0),
        default=True,
        narrow=name == "billable",
        order=40,
    )


OUTCOMES = (
    ("billable", "Calls"),
    ("duplicate", "Known already"),
    ("refused", "Refused"),
    ("unmatched", "No line"),
    ("unrated", "No rate"),
)
FILE_COLUMNS = (
    Column(
        name="name",
        heading="File",
        fields=("name",),
        default=True,
        heads_row=True,
        order=10,
    ),
    Column(name="profile", heading="Format", fields=("profile__name",), default=True, order=20),
    Column(
        name="taken",
        heading="Taken in",
        cell=cells.MOMENT,
        fields=("taken_at",),
        sort=keyset.by_moment("taken_at"),
        default=True,
        order=30,
    ),
    *(_counted(name, heading) for name, heading in OUTCOMES),
    Column(name="state", heading="State", cell=FILE, fields=("state",), default=True, order=90),
)
for column in FILE_COLUMNS:
    call_files.columns.register(column)

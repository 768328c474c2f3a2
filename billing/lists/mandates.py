"""The list of mandates."""

from __future__ import annotations

from typing import Any

import django_filters
from django import forms
from django.db.models import QuerySet
from django.urls import reverse

from billing.lists import columns
from billing.models import Mandate, PayerBank
from billing.selectors import mandates as reading
from customers.models import BillingGroup
from herotill.lists import Column, List, ListFilter, RowAction, cells, keyset, lists
from herotill.lists.columns import Row

Status = Mandate.Status


def _url(row: Row) -> str:
    return f"{reverse('customers:profile', args=[row['customer__code']])}#card-debit-order"


def _label(row: Row) -> str:
    return f"mandate {row['reference']}"


def _account(row: Row) -> str:
    return f"{row['detail__bank__name']} •••• {row['detail__number_last_four']}"


def _banks(request: Any) -> QuerySet[PayerBank]:
    return PayerBank.objects.all()


def _groups(request: Any) -> QuerySet[BillingGroup]:
    return BillingGroup.objects.all()


mandates = lists.register(
    List(
        name="mandates",
        title="Mandates",
        noun="mandate",
        nouns="mandates",
        permission="billing.view_mandate",
        url_name="billing:mandates",
        rows=reading.everything,
        default_sort="-made",
        action=RowAction(url=_url, label=_label, fields=("reference", "customer__code")),
        search=reading.search,
        searches="customer code or reference",
        export_permission="billing.export_mandates",
        empty="No mandate yet. Capture a customer's debit order on the profile, then ask for one.",
        icon="document-check",
        order=36,
    )
)
COLUMNS = (
    columns.customer(10),
    columns.code(15),
    Column(
        name="reference",
        heading="Reference",
        cell=cells.IDENTIFIER,
        fields=("reference",),
        sort=keyset.by_kind("reference"),
        default=True,
        narrow=False,
        order=20,
    ),
    Column(
        name="status",
        heading="Status",
        cell=cells.chips(
            {
                Status.ASKED: ("Asked", "warn"),
                Status.ACTIVE: ("Active", "ok"),
                Status.BLOCKED: ("Blocked", "bad"),
                Status.CANCELLED: ("Cancelled", ""),
                Status.LAPSED: ("Never signed", ""),
            }
        ),
        fields=("status",),
        sort=keyset.by_kind("status"),
        default=True,
        order=30,
    ),
    Column(
        name="code_blocked",
        heading="Blocked by",
        fields=("block_code",),
        default=True,
        narrow=False,
        order=35,
    ),
    Column(
        name="account",
        heading="Account",
        fields=("detail__bank__name", "detail__number_last_four"),
        value=_account,
        permission="billing.view_debitdetail",
        default=True,
        narrow=False,
        order=40,
    ),
    Column(
        name="day",
        heading="Day",
        cell=cells.NUMBER,
        fields=("debit_day",),
        default=True,
        narrow=False,
        order=50,
    ),
    Column(
        name="maximum",
        heading="At most",
        cell=cells.MONEY,
        fields=("maximum",),
        default=True,
        narrow=False,
        order=60,
    ),
    Column(
        name="kind",
        heading="Kind",
        cell=cells.words(dict(Mandate.Kind.choices)),
        fields=("kind",),
        default=True,
        narrow=False,
        order=70,
    ),
    Column(
        name="signed",
        heading="Signed",
        cell=cells.MOMENT,
        fields=("signed_at",),
        order=80,
    ),
    Column(
        name="made",
        heading="Asked or captured",
        cell=cells.MOMENT,
        fields=("made_at",),
        sort=keyset.by_moment("made_at"),
        default=True,
        narrow=False,
        order=90,
    ),
    Column(name="why", heading="Why it is blocked", cell=cells.CLIPPED, fields=("blocked_why",), order=100),
    Column(name="ended", heading="Ended", cell=cells.MOMENT, fields=("ended_at",), order=110),
    Column(name="ended_why", heading="Why it ended", cell=cells.CLIPPED, fields=("ended_why",), order=120),
)
FILTERS = (
    ListFilter(
        name="status",
        filter=django_filters.MultipleChoiceFilter(
            label="Status", choices=Status.choices, widget=forms.CheckboxSelectMultiple
        ),
        order=10,
    ),
    ListFilter(
        name="kind",
        filter=django_filters.ChoiceFilter(label="Kind", choices=Mandate.Kind.choices, empty_label="Either"),
        order=20,
    ),
    ListFilter(
        name="bank",
        filter=django_filters.ModelChoiceFilter(label="Bank", field_name="detail__bank", queryset=_banks),
        order=30,
    ),
    ListFilter(
        name="billing_group",
        filter=django_filters.ModelChoiceFilter(
            label="Billing group", field_name="customer__billing_group", queryset=_groups
        ),
        order=40,
    ),
)
for column in COLUMNS:
    mandates.columns.register(column)
for narrowing in FILTERS:
    mandates.filters.register(narrowing)

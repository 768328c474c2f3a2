"""The list of voucher batches."""

from __future__ import annotations

from collections.abc import Sequence

from django.db.models import Count, QuerySet
from django.urls import reverse

from dataaccounts.models import Voucher, VoucherBatch
from herotill.lists import Column, List, PageAction, RowAction, Search, cells, keyset, lists

STATE = cells.chips({False: ("Good", "ok"), True: ("Withdrawn", "")})


def _search(text: str, person: object) -> Search:
    def narrowed(rows: QuerySet[VoucherBatch], along: str = "") -> QuerySet[VoucherBatch]:
        return rows.filter(name__icontains=text)

    return narrowed


def _redeemed(ids: Sequence[int]) -> dict[int, int]:
    used = Voucher.objects.filter(batch_id__in=ids, redeemed_at__isnull=False)
    found = dict(used.values_list("batch_id").annotate(Count("pk")))
    return {pk: found.get(pk, 0) for pk in ids}


vouchers = lists.register(
    List(
        name="vouchers",
        title="Vouchers",
        noun="batch of vouchers",
        nouns="batches of vouchers",
        permission="dataaccounts.view_voucherbatch",
        url_name="dataaccounts:vouchers",
        rows=lambda: VoucherBatch.objects.order_by(),
        default_sort="-made",
        action=RowAction(
            url=lambda row: reverse("dataaccounts:voucher-batch", args=[row["pk"]]),
            label=lambda row: str(row["name"]),
            fields=("name",),
            verb="Open",
            permission="dataaccounts.view_voucherbatch",
            in_dialog=True,
        ),
        search=_search,
        searches="name",
        export_permission="dataaccounts.view_voucherbatch",
        empty="No vouchers yet. Make a batch, print it and sell it at the counter.",
        icon="ticket",
        order=26,
    )
)
COLUMNS = (
    Column(name="name", heading="Name", fields=("name",), default=True, heads_row=True, order=10),
    Column(name="gives", heading="Gives", fields=("offer__name",), default=True, order=20),
    Column(name="package", heading="On", fields=("package__name",), default=True, narrow=False, order=30),
    Column(name="count", heading="Vouchers", cell=cells.NUMBER, fields=("count",), default=True, order=40),
    Column(name="redeemed", heading="Redeemed", cell=cells.NUMBER, batch=_redeemed, default=True, order=50),
    Column(name="until", heading="Until", cell=cells.DAY, fields=("expires_on",), default=True, order=60),
    Column(
        name="made",
        heading="Made",
        cell=cells.MOMENT,
        fields=("made_at",),
        sort=keyset.by_moment("made_at"),
        default=True,
        narrow=False,
        order=70,
    ),
    Column(
        name="state",
        heading="State",
        cell=STATE,
        fields=("withdrawn_at",),
        value=lambda row: row["withdrawn_at"] is not None,
        default=True,
        order=80,
    ),
)
for column in COLUMNS:
    vouchers.columns.register(column)
vouchers.actions.register(
    PageAction(
        name="new",
        label="New vouchers",
        url_name="dataaccounts:vouchers-new",
        permission="dataaccounts.add_voucherbatch",
    )
)

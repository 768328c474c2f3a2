"""Who owes most, which groups owe what, and money that has paid nothing yet."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any, Literal, NamedTuple

from django.db import connections
from django.db.models import Sum
from django.urls import reverse

from billing.models import AgedCustomer, AgedSum, AgeingPicture, EntryKind
from billing.policies import cutting
from billing.selectors.ageing import Aged
from customers.models import BillingGroup, Customer, CustomerGroup
from herotill.money import ZERO
from herotill.months import Month
from herotill.reading import reading

By = Literal["group", "billing_group", "status", "payment_method"]
SUMS = {name: Sum(name) for name in ("days120", "days90", "days60", "days30", "current")}
_UNUSED = """
SELECT c.code, c.name, e.kind, e.accounting_date, e.reference, -i.amount, -i.open, r.account_id, e.source_id
FROM billing_openitem i JOIN billing_entry e ON e.id = i.entry_id JOIN customers_customer c ON c.id = i.customer_id
LEFT JOIN billing_receipt r ON e.kind = 'receipt' AND r.id = e.source_id
WHERE i.open < 0 ORDER BY i.open, e.id LIMIT %s
"""
_COUNTED = """
SELECT date_trunc('month', r.receipt_date)::date, b.name, count({receipts}), coalesce(sum({amount}), 0.00),
    coalesce(sum(r.amount) FILTER (WHERE {back}), 0.00)
FROM {rows} JOIN billing_bankaccount b ON b.id = r.account_id WHERE {when} GROUP BY 1, 2
"""
# The sums by month as far as they have been made, and what was received or reversed since.
_RECEIVED = (
    "SELECT month, b.name, receipts, amount, reversed FROM billing_monthreceived m"
    " JOIN billing_bankaccount b ON b.id = m.account WHERE month = ANY (%(months)s) UNION ALL"
) + _COUNTED.format(
    receipts="*) FILTER (WHERE e.kind = 'receipt'",
    amount="r.amount) FILTER (WHERE e.kind = 'receipt'",
    back="e.kind = 'reversal'",
    rows="billing_entry e LEFT JOIN billing_reversal v ON e.kind = 'reversal' AND v.id = e.source_id"
    " JOIN billing_receipt r ON r.id = CASE e.kind WHEN 'receipt' THEN e.source_id ELSE v.receipt_id END",
    when="e.id = ANY (ARRAY(SELECT id FROM billing_entry WHERE id > coalesce((SELECT entry_id FROM billing_revenueupto), 0))) AND e.kind IN ('receipt', 'reversal')"
    " AND date_trunc('month', r.receipt_date)::date = ANY (%(months)s)",
)
_RECEIVED_PART = _COUNTED.format(
    receipts="*",
    amount="r.amount",
    back="v.id IS NOT NULL",
    rows="billing_receipt r LEFT JOIN billing_reversal v ON v.receipt_id = r.id",
    when="r.receipt_date BETWEEN %(first)s AND %(last)s",
)
_UNUSED_SUM = "SELECT count(*), coalesce(-sum(open), 0.00) FROM billing_openitem WHERE open < 0"


@dataclass(frozen=True, slots=True)
class Debtors:
    """What some customers owe together."""

    name: str
    customers: int
    aged: Aged

    @property
    def total(self) -> Decimal:
        return self.aged.total


class Unused(NamedTuple):
    """A payment or credit of which something has paid nothing yet; amounts above zero."""

    code: str
    name: str
    kind: str
    day: date
    reference: str
    amount: Decimal
    open: Decimal
    account: int | None
    source_id: int

    @property
    def kind_label(self) -> str:
        return EntryKind(self.kind).label

    @property
    def profile(self) -> str:
        return reverse("customers:profile", args=[self.code])


class Received(NamedTuple):
    """What came into one account in a month: how much, how often, how much of it was reversed."""

    month: Month
    account: str
    receipts: int
    amount: Decimal
    reversed: Decimal

    @property
    def stands(self) -> Decimal:
        return self.amount - self.reversed


def top(picture: AgeingPicture | None, *, limit: int = 50) -> list[AgedCustomer]:
    """Those who owe most."""
    return list(AgedCustomer.objects.filter(picture=picture, total__gt=0).order_by("-total", "pk")[:limit])


def by(picture: AgeingPicture | None, key: By) -> list[Debtors]:
    """What customers owe by group, billing group, status or payment type, most first."""
    found = (
        AgedSum.objects.filter(picture=picture)
        .order_by()
        .values_list(key)
        .annotate(Sum("customers"), **{f"sum_{name}": summed for name, summed in SUMS.items()})
    )
    names = _names(key)
    rows = [
        Debtors(names.get(value, str(value or "None")), count, Aged(*aged)) for value, count, *aged in found
    ]
    return sorted(rows, key=lambda one: (-one.total, one.name))


def _names(key: By) -> dict[Any, str]:
    models: dict[str, Any] = {"group": CustomerGroup, "billing_group": BillingGroup}
    if key in models:
        return dict(models[key].objects.using(reading()).values_list("pk", "name"))
    choices: Any = Customer.Status if key == "status" else Customer.PaymentMethod
    return {value: str(label) for value, label in choices.choices if value}


def whole(picture: AgeingPicture | None) -> Debtors:
    """Everybody in one line."""
    found = AgedSum.objects.filter(picture=picture).aggregate(count=Sum("customers"), **SUMS)
    return Debtors("All", found["count"] or 0, Aged(*(found[name] or ZERO for name in SUMS)))


def unused(*, limit: int) -> list[Unused]:
    """Payments and credits with something left, the greatest first."""
    with connections[reading()].cursor() as cursor:
        cursor.execute(_UNUSED, [limit])
        return [Unused(*row) for row in cursor.fetchall()]


def unused_sum() -> tuple[int, Decimal]:
    """How many have something left, and how much together."""
    with connections[reading()].cursor() as cursor:
        cursor.execute(_UNUSED_SUM)
        count, amount = cursor.fetchone()
        return count, amount


def received(*, first: date, last: date) -> list[Received]:
    """Receipts by month and account, those moved or reversed told apart; newest month first."""
    whole, parts = cutting.cut(first, last)
    asked: list[tuple[str, dict[str, Any]]] = [(_RECEIVED, {"months": whole})] if whole else []
    asked += [(_RECEIVED_PART, {"first": begin, "last": end}) for begin, end in parts]
    sums: defaultdict[tuple[date, str], list[Any]] = defaultdict(lambda: [0, ZERO, ZERO])
    with connections[reading()].cursor() as cursor:
        for query, values in asked:
            cursor.execute(query, values)
            for month, account, count, amount, back in cursor.fetchall():
                kept = sums[month, account]
                kept[:] = [kept[0] + count, kept[1] + amount, kept[2] + back]
    rows = [Received(Month.of(month), account, *sums[month, account]) for month, account in sums]
    return sorted(rows, key=lambda one: (-one.month.year, -one.month.number, one.account))

"""Price rises: which are to come, whom they meet, who was told and who was not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db import connection

from billing.models import Rules
from dataaccounts.selectors.voice_billable import APART
from herotill.months import Month
from herotill.reference.models import Price

# Rises that began so long ago are shown as long as somebody was not told.
BACK = timedelta(days=92)

# What is billed every month, by source: items, the packages that data accounts have, and voice lines at the list's
# price, each since it was last sold as something else; a rental of a line's own is agreed, so that no list makes it
# dearer.
_THINGS = f"""
SELECT 'item' AS source, id, customer_id, product_id, starts_on, ends_on, fixed_until
FROM billing_recurringitem WHERE NOT once
UNION ALL SELECT 'data', s.id, a.customer_id, k.product_id, s.starts_on, s.ends_on, NULL
FROM dataaccounts_servicespan s JOIN dataaccounts_dataaccount a ON a.id = s.account_id
JOIN dataaccounts_package k ON k.id = s.package_id
WHERE NOT s.prepaid AND a.state <> 'waiting' AND k.product_id IS NOT NULL
UNION ALL SELECT 'voiceline', coalesce({APART} + t.id, l.id), l.customer_id, k.product_id,
    coalesce(t.ends_on + 1, l.starts_on), l.ends_on, NULL
FROM dataaccounts_voiceline l JOIN dataaccounts_voicepackage k ON k.id = l.package_id
LEFT JOIN LATERAL (SELECT id, ends_on FROM dataaccounts_voiceterm WHERE line_id = l.id
    ORDER BY ends_on DESC LIMIT 1) t ON true
WHERE l.state <> 'waiting' AND NOT l.never_active AND l.rental IS NULL AND k.product_id IS NOT NULL
"""
# Their own prices.
_OWN_PRICES = """
SELECT 'item' AS source, item_id AS thing_id, starts_on, amount FROM billing_itemprice
UNION ALL SELECT 'data', s.id, x.starts_on, x.amount
FROM dataaccounts_accountprice x JOIN dataaccounts_servicespan s ON s.account_id = x.account_id
"""
# The things that a price of a list, or of everybody, makes dearer on its day: without a price of their own, and
# not covered by a list of the customer's that hides it.
MET = f"""
SELECT p.id AS price_id, i.id AS item_id, i.customer_id, o.amount AS old, p.amount AS new, p.starts_on,
       coalesce(i.fixed_until >= p.starts_on, false) AS fixed
FROM reference_price p
JOIN ({_THINGS}) i ON i.product_id = p.product_id AND i.starts_on < p.starts_on
    AND (i.ends_on IS NULL OR i.ends_on >= p.starts_on)
LEFT JOIN billing_billingprofile b ON b.customer_id = i.customer_id
CROSS JOIN LATERAL (
    SELECT q.amount FROM reference_price q
    WHERE q.product_id = p.product_id AND q.starts_on < p.starts_on
      AND (q.price_list_id IS NULL OR q.price_list_id = b.price_list_id)
    ORDER BY q.price_list_id IS NULL, q.starts_on DESC LIMIT 1
) o
WHERE p.id = ANY (%(prices)s) AND p.amount > o.amount
  AND NOT EXISTS (SELECT FROM (SELECT x.amount, x.starts_on FROM ({_OWN_PRICES}) x
        WHERE x.source = i.source AND x.thing_id = i.id AND x.starts_on <= p.starts_on
        ORDER BY x.starts_on DESC LIMIT 1) own
    WHERE own.amount IS NOT NULL OR own.starts_on = p.starts_on)
  AND CASE WHEN p.price_list_id IS NULL
        THEN b.price_list_id IS NULL OR NOT EXISTS (SELECT FROM reference_price q
            WHERE q.product_id = p.product_id AND q.price_list_id = b.price_list_id AND q.starts_on <= p.starts_on)
        ELSE b.price_list_id = p.price_list_id END
"""

_LISTED = """(SELECT q.amount FROM reference_price q WHERE q.product_id = i.product_id AND q.starts_on {} x.starts_on
    AND (q.price_list_id IS NULL OR q.price_list_id = b.price_list_id)
    ORDER BY q.price_list_id IS NULL, q.starts_on DESC LIMIT 1)"""
# Each price of an item's or account's own with what it cost before and costs from it on; without an amount it
# goes back to the list.
OWN_STEPS = f"""
SELECT 'item' AS source, x.id, x.starts_on, x.agreed, i.customer_id, i.product_id, i.starts_on AS begun, i.ends_on,
    coalesce((SELECT q.amount FROM billing_itemprice q WHERE q.item_id = i.id AND q.starts_on < x.starts_on
        ORDER BY q.starts_on DESC LIMIT 1), {_LISTED.format("<")}) AS old,
    coalesce(x.amount, {_LISTED.format("<=")}) AS new
FROM billing_itemprice x JOIN billing_recurringitem i ON i.id = x.item_id
LEFT JOIN billing_billingprofile b ON b.customer_id = i.customer_id
UNION ALL
SELECT i.source, x.id, x.starts_on, x.agreed, i.customer_id, i.product_id, i.starts_on, i.ends_on,
    coalesce((SELECT q.amount FROM dataaccounts_accountprice q WHERE q.account_id = x.account_id
        AND q.starts_on < x.starts_on ORDER BY q.starts_on DESC LIMIT 1), {_LISTED.format("<")}),
    coalesce(x.amount, {_LISTED.format("<=")})
FROM dataaccounts_accountprice x JOIN dataaccounts_servicespan n ON n.account_id = x.account_id
    AND n.starts_on <= x.starts_on AND (n.ends_on IS NULL OR n.ends_on >= x.starts_on)
JOIN ({_THINGS}) i ON i.source = 'data' AND i.id = n.id
LEFT JOIN billing_billingprofile b ON b.customer_id = i.customer_id
"""

# The notice of a customer, and what became of its messages.
STANDING = """
SELECT n.id, n.customer_id, n.price_id, CASE WHEN n.account_price_id IS NULL THEN 'item' ELSE 'data' END AS own_source,
    coalesce(n.item_price_id, n.account_price_id) AS own_id, n.sent_on,
    CASE WHEN n.sent_on IS NOT NULL THEN 'told'
         WHEN EXISTS (SELECT FROM outbox_message m WHERE m.subject_kind = 'price_notice' AND m.subject_id = n.id
            AND m.state IN ('waiting', 'held', 'sending', 'sent', 'delivered', 'unknown')) THEN 'on its way'
         ELSE 'failed' END AS state
FROM billing_pricenotice n
"""

_COUNTS = f"""
SELECT m.price_id, count(DISTINCT m.customer_id) FILTER (WHERE NOT m.fixed),
    count(DISTINCT m.customer_id) FILTER (WHERE NOT m.fixed AND s.state = 'told'),
    count(DISTINCT m.customer_id) FILTER (WHERE NOT m.fixed AND s.state = 'on its way'),
    count(DISTINCT m.customer_id) FILTER (WHERE m.fixed)
FROM ({MET}) m LEFT JOIN ({STANDING}) s ON s.price_id = m.price_id AND s.customer_id = m.customer_id
GROUP BY m.price_id
"""
_CUSTOMERS = f"""
SELECT c.code, c.name, min(m.old), min(m.new), bool_and(m.fixed), min(s.state), min(s.sent_on)
FROM ({MET}) m JOIN customers_customer c ON c.id = m.customer_id
LEFT JOIN ({STANDING}) s ON s.price_id = m.price_id AND s.customer_id = m.customer_id
GROUP BY c.id, c.code, c.name, c.name_key ORDER BY c.name_key, c.id
"""
_OWN = f"""
SELECT x.source, x.id, c.code, c.name, p.name, x.old, x.new, x.starts_on, s.state, s.sent_on
FROM ({OWN_STEPS}) x
JOIN customers_customer c ON c.id = x.customer_id JOIN reference_product p ON p.id = x.product_id
LEFT JOIN ({STANDING}) s ON s.own_source = x.source AND s.own_id = x.id
WHERE NOT x.agreed AND x.starts_on >= %(since)s AND x.new > x.old
    AND x.starts_on > x.begun AND (x.ends_on IS NULL OR x.ends_on >= x.starts_on)
ORDER BY x.starts_on, c.name_key, x.id
"""


@dataclass(frozen=True, slots=True)
class Rise:
    """A price that rises, and how many customers it meets."""

    price: Price
    customers: int
    told: int
    on_its_way: int
    fixed: int
    counts_from: date

    @property
    def lacking(self) -> int:
        return self.customers - self.told - self.on_its_way


@dataclass(frozen=True, slots=True)
class Met:
    """One customer whom a rise meets, and whether they were told."""

    code: str
    name: str
    old: Decimal
    new: Decimal
    fixed: bool
    state: str | None
    sent_on: date | None


@dataclass(frozen=True, slots=True)
class OwnRise:
    """A rise of the own price of an item or account (`source` says which) that nobody agreed to."""

    source: str
    price_id: int
    code: str
    name: str
    product: str
    old: Decimal
    new: Decimal
    starts_on: date
    state: str | None
    sent_on: date | None

    @property
    def lacks(self) -> bool:
        return self.state in (None, "failed")


def _rows(sql: str, values: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def counts_from(starts_on: date, told_on: date, notice_days: int) -> date:
    """The first day from which a rise counts for who was told on a day: the first month that begins after it."""
    noticed = told_on + timedelta(days=notice_days)
    month = Month.of(noticed)
    first = month.first if noticed == month.first else month.next.first
    return max(starts_on, first)


def rises(*, today: date) -> list[Rise]:
    """The prices that rise for somebody from now on, or rose lately: three queries, however many customers."""
    prices = list(Price.objects.filter(starts_on__gte=today - BACK).select_related("product", "price_list"))
    prices.sort(key=lambda price: (price.starts_on, price.product.code, price.pk))
    notice = Rules.objects.get().notice_days
    counts: dict[int, Any] = {
        row[0]: row[1:] for row in _rows(_COUNTS, {"prices": [price.pk for price in prices]})
    }
    return [_rise(price, counts[price.pk], today, notice) for price in prices if price.pk in counts]


def _rise(price: Price, counts: Sequence[int], today: date, notice: int) -> Rise:
    customers, told, on_its_way, fixed = counts
    return Rise(price, customers, told, on_its_way, fixed, counts_from(price.starts_on, today, notice))


def rise(*, price: Price, today: date) -> Rise:
    """One price's rise."""
    found = _rows(_COUNTS, {"prices": [price.pk]})
    counts: Any = found[0][1:] if found else (0, 0, 0, 0)
    return _rise(price, counts, today, Rules.objects.get().notice_days)


def customers(*, price: Price) -> list[Met]:
    """Everybody whom a price makes something dearer, by name."""
    return [Met(*row) for row in _rows(_CUSTOMERS, {"prices": [price.pk]})]


def own_rises(*, today: date) -> list[OwnRise]:
    """Rises of own prices of items and accounts that nobody agreed to, from now on or lately."""
    return [OwnRise(*row) for row in _rows(_OWN, {"since": today - BACK})]

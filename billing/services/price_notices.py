"""Telling customers that a price rises. A notice counts once its message is recorded as sent (rule 28)."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from billing.selectors.price_rises import MET, OWN_STEPS, STANDING
from herotill.messages.services.outbox import queue_select
from herotill.reference.models import Price
from herotill.users.models import User

TEMPLATE = "price_notice"
SUBJECT = "price_notice"

_NOTE = f"""
INSERT INTO billing_pricenotice (customer_id, price_id, queued_at, queued_by_id)
SELECT DISTINCT customer_id, price_id, %(now)s::timestamptz, %(actor)s::bigint FROM ({MET}) m WHERE NOT m.fixed
ON CONFLICT (customer_id, price_id) WHERE price_id IS NOT NULL DO NOTHING
"""
_NOTE_OWN = {
    "item": """
INSERT INTO billing_pricenotice (customer_id, item_price_id, queued_at, queued_by_id)
SELECT i.customer_id, x.id, %(now)s, %(actor)s
FROM billing_itemprice x JOIN billing_recurringitem i ON i.id = x.item_id
WHERE x.id = ANY (%(own)s) AND NOT x.agreed
ON CONFLICT (item_price_id) WHERE item_price_id IS NOT NULL DO NOTHING
""",
    "data": """
INSERT INTO billing_pricenotice (customer_id, account_price_id, queued_at, queued_by_id)
SELECT a.customer_id, x.id, %(now)s, %(actor)s
FROM dataaccounts_accountprice x JOIN dataaccounts_dataaccount a ON a.id = x.account_id
WHERE x.id = ANY (%(own)s) AND NOT x.agreed
ON CONFLICT (account_price_id) WHERE account_price_id IS NOT NULL DO NOTHING
""",
}

# Whoever is billed for the item is told: the master or reseller, where the sub-account's bills go there.
_PAYER = """coalesce((SELECT CASE WHEN a.mode = 'itself' THEN NULL ELSE c.master_id END FROM billing_subaccountmode a
    WHERE a.customer_id = c.id AND a.starts_on <= %(told)s::timestamptz::date ORDER BY a.starts_on DESC LIMIT 1), c.id)"""
_WORDS = """jsonb_build_object('customer', c.name, 'product', p.name, 'old', 'R ' || to_char(r.old, 'FM999G999G990D00'),
    'new', 'R ' || to_char(r.new, 'FM999G999G990D00'), 'starts_on', to_char(r.starts_on, 'YYYY-MM-DD'))"""
# A further try after one that failed has a key of its own.
_KEY = """'price-notice-' || s.id || '-' || (SELECT count(*) FROM outbox_message t
    WHERE t.subject_kind = 'price_notice' AND t.subject_id = s.id)"""

_TELL = f"""
SELECT {_PAYER} AS customer_id, s.id AS subject_id, {_WORDS} AS context, {_KEY} AS key
FROM ({STANDING}) s
JOIN (SELECT DISTINCT ON (customer_id, price_id) customer_id, price_id, old, new, starts_on FROM ({MET}) m
    WHERE NOT m.fixed) r ON r.customer_id = s.customer_id AND r.price_id = s.price_id
JOIN reference_price q ON q.id = s.price_id JOIN reference_product p ON p.id = q.product_id
JOIN customers_customer c ON c.id = s.customer_id
WHERE s.state = 'failed'
"""
_TELL_OWN = f"""
SELECT {_PAYER} AS customer_id, s.id AS subject_id, {_WORDS} AS context, {_KEY} AS key
FROM ({STANDING}) s
JOIN ({OWN_STEPS}) r ON r.source = s.own_source AND r.id = s.own_id
JOIN reference_product p ON p.id = r.product_id JOIN customers_customer c ON c.id = s.customer_id
WHERE s.state = 'failed' AND s.price_id IS NULL AND s.own_source = %(source)s AND s.own_id = ANY (%(own)s)
  AND r.old < r.new
"""
_SENT = """
UPDATE billing_pricenotice n SET sent_on = m.day
FROM (
    SELECT subject_id, min((sent_at AT TIME ZONE %(zone)s)::date) AS day FROM outbox_message
    WHERE subject_kind = 'price_notice' AND state IN ('sent', 'delivered')
      AND subject_id IN (SELECT id FROM billing_pricenotice WHERE sent_on IS NULL)
    GROUP BY subject_id
) m WHERE n.id = m.subject_id AND n.sent_on IS NULL
"""


@transaction.atomic
def announce(*, price: Price, actor: User | None, now: datetime) -> int:
    """Tell everybody for whom this price is a rise and who was not told yet; how many messages were written.

    Fixed-price terms are left out: they do not rise. Called twice it tells nobody twice; what failed is
    sent again.
    """
    found = {"prices": [price.pk]}
    with connection.cursor() as cursor:
        cursor.execute(_NOTE, found | {"now": now, "actor": actor.pk if actor else None})
    return _queue(_TELL, found, actor, now)


@transaction.atomic
def announce_own_prices(*, source: str, prices: Collection[int], actor: User | None, now: datetime) -> int:
    """Tell customers of rises of own prices, of items (`item`) or data accounts (`data`); how many messages."""
    found: dict[str, Any] = {"own": list(prices), "source": source}
    with connection.cursor() as cursor:
        cursor.execute(_NOTE_OWN[source], found | {"now": now, "actor": actor.pk if actor else None})
    return _queue(_TELL_OWN, found, actor, now)


def announce_item_prices(*, prices: Collection[int], actor: User | None, now: datetime) -> int:
    """Tell customers of rises of their items' own prices; how many messages were written."""
    return announce_own_prices(source="item", prices=prices, actor=actor, now=now)


def _queue(select: str, parameters: dict[str, Any], actor: User | None, now: datetime) -> int:
    return queue_select(
        select,
        parameters | {"told": now},
        template=TEMPLATE,
        now=now,
        subject_kind=SUBJECT,
        actor_id=actor.pk if actor else None,
    )


def note_sent() -> int:
    """Take over from the outbox on which days notices were sent; how many count from now on."""
    with connection.cursor() as cursor:
        cursor.execute(_SENT, {"zone": settings.TIME_ZONE})
        return cursor.rowcount

"""What follows when collections come back: the mandate or card, a fee, and a fact for whoever wants to know."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import connection

from billing.models import CollectionLine, CollectionResult, StoredCard, UnpaidCode
from billing.policies import collection_results as policy
from billing.policies.collection_results import Effects, Told
from billing.services import fees
from billing.services.mandates.standing import Block, block_all
from herotill import events
from herotill.bulk import array_of_ids
from herotill.clock import local_day
from herotill.events import NewFact
from herotill.users.models import User

UNPAID = "debit.unpaid"

# Of these lines those that came back right after, or right before, another of the same mandate that came back.
# Customer by customer along the index: how many lines stand so since a moment ago, no statistics know.
_TWICE = """
SELECT id FROM (
    SELECT l.id, again.it, lag(again.it) OVER w AS before, lead(again.it) OVER w AS after
    FROM (SELECT DISTINCT customer_id, mandate_id FROM billing_collectionline WHERE id = ANY (%(lines)s)) asked
    CROSS JOIN LATERAL (
        SELECT id, batch_id, mandate_id, state, result_code FROM billing_collectionline
        WHERE customer_id = asked.customer_id AND mandate_id = asked.mandate_id AND state IN ('collected', 'unpaid') OFFSET 0
    ) l
    JOIN billing_collectionbatch b ON b.id = l.batch_id
    LEFT JOIN billing_unpaidcode u ON lpad(u.code::text, 2, '0') = l.result_code
    CROSS JOIN LATERAL (SELECT l.state = 'unpaid' AND u.effect = 'represent' AS it) again
    WINDOW w AS (PARTITION BY l.mandate_id ORDER BY b.action_date, l.id)
) pairs WHERE it AND (before OR after) AND id = ANY (%(lines)s)
"""


def follow(back: Mapping[int, Told], actor: User | None, now: datetime) -> None:
    """Do what the codes say for lines that came back just now."""
    if not back:
        return
    lines = list(CollectionLine.objects.filter(pk__in=back).order_by("pk"))
    effects = _effects()
    twice = _twice(list(back))
    of_line = {pk: effects.of(told.code, told.kind) for pk, told in back.items()}
    blocked = [line for line in lines if policy.blocked(of_line[line.pk], line.pk, twice)]
    _block_mandates(blocked, back, twice, actor, now)
    _refuse_cards(blocked, back, now)
    charged = CollectionResult.objects.filter(pk__in=[told.pk for told in back.values()])
    fees.charge_unpaid(results=list(charged.order_by("pk").values_list("pk", flat=True)), day=local_day(now))
    events.record_many(_fact(line, back[line.pk], of_line[line.pk]) for line in lines)


def _effects() -> Effects:
    return Effects(
        {f"{code:02}": effect for code, effect in UnpaidCode.objects.values_list("code", "effect")}
    )


def _twice(lines: list[int]) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(_TWICE, {"lines": array_of_ids(lines)})
        return {row[0] for row in cursor.fetchall()}


def _block_mandates(
    lines: list[CollectionLine],
    back: Mapping[int, Told],
    twice: set[int],
    actor: User | None,
    now: datetime,
) -> None:
    words = {f"{one.code:02}": one.text for one in UnpaidCode.objects.all()}
    blocks = [
        Block(line.mandate_id, back[line.pk].code or "?", _why(line.pk, back[line.pk].code, words, twice))
        for line in lines
        if line.mandate_id
    ]
    if blocks:
        block_all(blocks=blocks, actor=actor, now=now)


def _why(line: int, code: str, words: Mapping[str, str], twice: set[int]) -> str:
    said = words.get(code, "a code that is not known")
    if line in twice:
        return f"Came back twice in a row: {said}."
    return f"Came back with {code or 'no code'}: {said}."


def _refuse_cards(lines: list[CollectionLine], back: Mapping[int, Told], now: datetime) -> None:
    for line in lines:
        if line.card_id:
            StoredCard.objects.filter(pk=line.card_id, status=StoredCard.Status.ACTIVE).update(
                status=StoredCard.Status.REFUSED,
                ended_at=now,
                ended_why=f"Came back with {back[line.pk].code}.",
            )


def _fact(line: CollectionLine, told: Told, effect: str) -> NewFact:
    return NewFact(
        kind=UNPAID,
        key=f"unpaid-{line.pk}",
        customer_id=line.customer_id,
        subject_kind="collectionline",
        subject_id=line.pk,
        data={
            "amount": str(line.amount),
            "code": told.code,
            "day": told.day.isoformat(),
            "effect": effect,
            "batch": line.batch_id,
        },
    )

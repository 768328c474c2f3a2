"""What a channel would refuse, found before it is asked; and lines as they go out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db import connection

from billing.collecting import (
    BankAccountOfPayer,
    Bill,
    CardOfPayer,
    Channel,
    OutLine,
    Problem,
    channels,
    line_reference,
)
from billing.models import CollectionBatch, CollectionLine
from billing.policies import batches as policy
from herotill import business_days, secrets
from herotill.clock import local_day
from herotill.errors import DomainError

SHOWN = 50  # problems of the batch that are kept

_OUT = """
SELECT l.id, l.customer_id, l.reference, c.name, l.amount, l.card_id, d.holder, d.account_type, p.name,
    d.branch_code, d.number, k.gateway_id, k.brand, k.last_four, k.expires_on
FROM billing_collectionline l JOIN customers_customer c ON c.id = l.customer_id
LEFT JOIN billing_mandate m ON m.id = l.mandate_id LEFT JOIN billing_debitdetail d ON d.id = m.detail_id
LEFT JOIN billing_payerbank p ON p.id = d.bank_id LEFT JOIN billing_storedcard k ON k.id = l.card_id
WHERE l.batch_id = %(batch)s AND l.state = 'planned' AND (%(one)s::bigint IS NULL OR l.customer_id = %(one)s) ORDER BY l.id
"""
_MARK = """
UPDATE billing_collectionline l SET warnings =
    jsonb_path_query_array(l.warnings, '$[*] ? (@.kind != "problem")')
    || coalesce((SELECT jsonb_agg(jsonb_build_object('kind', 'problem', 'says', t.text))
        FROM unnest(%(lines)s::bigint[], %(texts)s::text[]) AS t (line, text) WHERE t.line = l.id), '[]')
WHERE l.batch_id = %(batch)s AND (%(one)s::bigint IS NULL OR l.customer_id = %(one)s) AND (l.id = ANY (%(lines)s) OR l.warnings @> '[{"kind": "problem"}]')
"""


def channel_of(batch: CollectionBatch) -> Channel:
    """The way it is carried out. Raises DomainError where this installation has it no longer."""
    found = channels.get(batch.channel)
    if found is None:
        raise DomainError(f"This installation collects in no way called {batch.channel!r} any more.")
    return found


def bill(batch: CollectionBatch) -> Bill:
    """The batch as its channel knows it."""
    return Bill(
        pk=batch.pk,
        name=batch.name,
        action_date=batch.action_date,
        made_on=local_day(batch.made_at),
        file_token=batch.file_token,
        bank_reference=batch.bank_reference,
    )


def out_lines(batch: CollectionBatch, customer: int | None = None) -> list[OutLine]:
    """The planned lines, or one customer's, with what they are collected from, in the clear: for the channel alone."""
    with connection.cursor() as cursor:
        cursor.execute(_OUT, {"batch": batch.pk, "one": customer})
        return [_out(row) for row in cursor.fetchall()]


def _out(row: Any) -> OutLine:
    pk, customer, reference, name, amount, card, holder, kind, bank, branch, number, gateway, *shown = row
    return OutLine(
        pk=pk,
        customer_id=customer,
        reference=reference,
        name=name,
        amount=amount,
        line_reference=line_reference(pk),
        account=None if card else BankAccountOfPayer(holder, kind, bank, branch, secrets.decrypt(number)),
        card=CardOfPayer(card, gateway, *shown) if card else None,
    )


def check(batch: CollectionBatch, now: datetime, customer: int | None = None) -> list[Problem]:
    """Find and keep what would be refused: at the lines what is theirs, at the batch the rest.

    Of one `customer` alone after their line was changed.
    """
    channel = channel_of(batch)
    going = out_lines(batch, customer)
    found = [*_own(batch, channel, now), *channel.problems(bill(batch), going, now)]
    of_lines = [one for one in found if one.line is not None]
    with connection.cursor() as cursor:
        cursor.execute(
            _MARK,
            {
                "batch": batch.pk,
                "one": customer,
                "lines": [one.line for one in of_lines],
                "texts": [one.text[:300] for one in of_lines],
            },
        )
    batch.problems = list(_words(batch, found))
    batch.save(update_fields=["problems"])
    return found


def _own(batch: CollectionBatch, channel: Channel, now: datetime) -> Iterator[Problem]:
    """What holds for every channel: it is in use, the date is one, and is still taken."""
    if closed := channel.closed():
        yield Problem(None, closed)
    day = batch.action_date
    if not channel.takes(day):
        word = "no business day" if not business_days.is_business_day(day) else "no day for debits"
        yield Problem(None, f"{day} is {word}. Proposed: {policy.proposed(day)}.")
    earliest = channel.earliest(now)
    if day < earliest:
        yield Problem(None, f"It is too late for {day}; the first date still taken is {earliest}.")


def _words(batch: CollectionBatch, found: Iterable[Problem]) -> Iterator[str]:
    of_batch = [one.text for one in found if one.line is None]
    yield from of_batch[:SHOWN]
    wrong = CollectionLine.objects.filter(batch=batch, warnings__contains=[{"kind": "problem"}])
    if lines := wrong.exclude(state=CollectionLine.State.WITHDRAWN).count():
        yield f"{lines:,} {'line' if lines == 1 else 'lines'} would be refused; see their warnings."

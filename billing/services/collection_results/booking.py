"""Results booked: receipts of what was collected, reversals of what came back, and what follows for mandates.

Exact under any split, order and repetition: what a line comes to is derived from all that was told of it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Any

from django.db import connection, transaction

from billing.collecting import ResultRow, channels, line_reference
from billing.models import BankAccount, CollectionLine, CollectionResult
from billing.policies import collection_results as policy
from billing.policies.collection_results import Outcome, Standing, Told
from billing.selectors import periods
from billing.services import locks, receipts
from billing.services.collection_results import consequences
from billing.services.collection_results.taking import take
from billing.services.receipts import NewReceipt, NewReversal
from herotill import runs
from herotill.bulk import array, array_of_ids
from herotill.errors import DomainError
from herotill.models import Run
from herotill.runs import Progress
from herotill.users.models import User

KIND = "collection-results"
AT_ONCE = 2_000  # lines in one transaction
State = CollectionLine.State

_NEXT = """
SELECT line_id FROM billing_collectionresult
WHERE booked_at IS NULL AND line_id IS NOT NULL AND trouble = '' AND channel = %s GROUP BY line_id ORDER BY line_id LIMIT %s
"""
_LINES = """
SELECT l.id, l.customer_id, l.amount, l.state, b.state, b.method, l.receipt_id, l.result_code, l.result_on,
    r.receipt_date, l.disputed, c.code
FROM billing_collectionline l JOIN billing_collectionbatch b ON b.id = l.batch_id
JOIN customers_customer c ON c.id = l.customer_id LEFT JOIN billing_receipt r ON r.id = l.receipt_id
WHERE l.id = ANY (%s) ORDER BY l.id FOR NO KEY UPDATE OF l
"""
_STATES = """
UPDATE billing_collectionline l SET state = t.state, result_code = t.code, result_on = t.day, disputed = t.disputed
FROM unnest(%s::bigint[], %s::text[], %s::text[], %s::date[], %s::boolean[]) AS t (id, state, code, day, disputed)
WHERE l.id = t.id
"""
# Receipts and entries written a moment ago are in no statistics: each is looked up by its key (OFFSET 0 has it so).
_LINK = """
UPDATE billing_collectionline l SET receipt_id = made.id
FROM unnest(%(lines)s::bigint[], %(sources)s::text[]) AS t (line, source) CROSS JOIN LATERAL (
    SELECT id FROM billing_receipt WHERE account_id = %(account)s AND source_reference = t.source OFFSET 0
) made
WHERE l.id = t.line
"""
# What the line was to collect is paid by it, as far as it is still open; the rest pays the oldest.
_PAY = """
INSERT INTO billing_allocation (customer_id, debit_id, credit_id, amount, how, starts_on, made_by_id)
SELECT customer_id, debit_id, credit_id, least(part, most - (upto - part)), 'named', starts_on, %(actor)s
FROM (
    SELECT ci.customer_id, di.entry_id AS debit_id, ci.entry_id AS credit_id, least(e.amount, di.open) AS part, -ci.open AS most,
        sum(least(e.amount, di.open)) OVER (PARTITION BY ci.entry_id ORDER BY e.id) AS upto,
        greatest(di.free_from, ci.free_from) AS starts_on
    FROM unnest(%(lines)s::bigint[]) AS t (line)
    CROSS JOIN LATERAL (SELECT receipt_id FROM billing_collectionline WHERE id = t.line OFFSET 0) l
    CROSS JOIN LATERAL (
        SELECT id FROM billing_entry WHERE kind = 'receipt' AND source_id = l.receipt_id OFFSET 0) c
    CROSS JOIN LATERAL (
        SELECT * FROM billing_openitem WHERE entry_id = c.id AND open < 0 OFFSET 0) ci
    CROSS JOIN LATERAL (
        SELECT id, entry_id, amount FROM billing_collectedentry WHERE line_id = t.line OFFSET 0) e
    CROSS JOIN LATERAL (
        SELECT * FROM billing_openitem WHERE entry_id = e.entry_id AND open > 0 OFFSET 0) di
) turns WHERE upto - part < most
"""
# A line's receipt and those it was moved to, one after the other, whoever's they are.
_WENT = """
WITH RECURSIVE went AS (
    SELECT l.id AS line_id, r.id, r.customer_id, r.receipt_date
    FROM billing_collectionline l JOIN billing_receipt r ON r.id = l.receipt_id WHERE l.id = ANY (%s)
    UNION ALL
    SELECT w.line_id, r.id, r.customer_id, r.receipt_date FROM went w
    JOIN LATERAL (SELECT * FROM billing_receipt r WHERE r.moved_from_id = w.id OFFSET 0) r ON true
)
SELECT w.line_id, w.id, w.customer_id, w.receipt_date, l.result_on, l.result_code,
    EXISTS (SELECT FROM billing_reversal v WHERE v.receipt_id = w.id)
FROM went w JOIN billing_collectionline l ON l.id = w.line_id ORDER BY w.id
"""
_PROCESSED = """
UPDATE billing_collectionbatch b SET state = 'processed', sent_at = coalesce(b.sent_at, %(now)s)
WHERE b.id IN (SELECT batch_id FROM billing_collectionline WHERE id = ANY (%(lines)s))
  AND b.state IN ('released', 'sent', 'loaded', 'authorised')
  AND NOT EXISTS (SELECT FROM billing_collectionline l WHERE l.batch_id = b.id AND l.state IN ('planned', 'sent'))
"""


@dataclass(slots=True)
class Booked:
    """What became of rows: new ones, receipts and reversals booked, and what waits for a person."""

    new: int = 0
    collected: int = 0
    unpaid: int = 0
    doubts: int = 0


@dataclass(frozen=True, slots=True)
class Line:
    """A line with what is told of it."""

    pk: int
    customer_id: int
    standing: Standing
    method: str
    receipt_id: int | None
    code: str
    on: date | None
    receipt_date: date | None
    disputed: bool
    reference: str


def book(
    *, channel: str, rows: Sequence[ResultRow], run_id: int | None, now: datetime, actor: User | None
) -> Booked:
    """Take rows of results in and book them. Told again, in parts or in another order they come to the same."""
    new = take(channel=channel, rows=rows, run_id=run_id, now=now)
    booked = finish(channel=channel, now=now, actor=actor, run_id=run_id)
    booked.new = new
    return booked


def finish(
    *,
    channel: str,
    now: datetime,
    actor: User | None,
    run_id: int | None = None,
    progress: Progress | None = None,
) -> Booked:
    """Book what was taken in and is not booked yet, some thousand lines at a time."""
    total = Booked()
    account = account_of(channel)
    while True:
        with transaction.atomic():
            lines = _next(channel)
            if not lines:
                return total
            one = book_lines(lines, account, channel, now, actor, run_id)
            if progress:
                progress.advance(
                    len(lines), collected=one.collected, unpaid=one.unpaid, left_to_a_person=one.doubts
                )
                progress.checkpoint(last=lines[-1])
        total.collected += one.collected
        total.unpaid += one.unpaid
        total.doubts += one.doubts


def start(*, channel: str, rows: Sequence[ResultRow], actor: User, now: datetime) -> Run:
    """Keep the rows and have a run book them."""
    with transaction.atomic():
        new = take(channel=channel, rows=rows, run_id=None, now=now)
        return runs.start(
            kind=KIND,
            params={"channel": channel, "new": new, "told": len(rows)},
            actor=actor,
            title=f"Results: {len(rows):,} rows, {new:,} of them new",
        )


def carry_out(run: Run, progress: Progress) -> None:
    """The run: book what is not booked, from where it was left."""
    from herotill.clock import stamp

    channel = run.params["channel"]
    progress.expect(CollectionResult.objects.filter(channel=channel, booked_at=None, trouble="").count())
    finish(channel=channel, now=stamp(), actor=run.started_by, run_id=run.pk, progress=progress)


def account_of(channel: str) -> BankAccount:
    """The account of ours that a channel collects into. Raises DomainError where nobody has said."""
    known = channels.get(channel)
    pk = known.account_id() if known else None
    if pk is None:
        raise DomainError("Say first into which account it collects: Setup, Debit-order service.")
    return BankAccount.objects.get(pk=pk)


def _next(channel: str) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NEXT, [channel, AT_ONCE])
        return [row[0] for row in cursor.fetchall()]


def book_lines(
    ids: list[int],
    account: BankAccount,
    channel: str,
    now: datetime,
    actor: User | None,
    run_id: int | None,
    settled: Collection[int] = (),
) -> Booked:
    """Book all that is told of these lines; in the caller's transaction."""
    people = CollectionLine.objects.filter(pk__in=ids).order_by().values_list("customer_id", flat=True)
    locks.hold({*people, *(customer for _, _, customer, *_ in _went(ids))})
    lines = _lines(ids)
    told = _told(ids, settled)
    found = {
        line.pk: policy.outcome(line.standing, told.get(line.pk, []), account.starts_on) for line in lines
    }
    _write_states(lines, found)
    _write_receipts(lines, found, account, channel, actor, run_id)
    _reverse(lines, found, actor, run_id)
    _note(found, now)
    back = {line.pk: outcome.back for line in lines if (outcome := found[line.pk]).back}
    consequences.follow(back, actor, now)
    with connection.cursor() as cursor:
        cursor.execute(_PROCESSED, {"lines": array_of_ids(ids), "now": now})
    return Booked(
        collected=sum(one.receipt is not None for one in found.values()),
        unpaid=len(back),
        doubts=sum(len(one.doubts) for one in found.values()),
    )


def _lines(ids: list[int]) -> list[Line]:
    with connection.cursor() as cursor:
        cursor.execute(_LINES, [array_of_ids(ids)])
        rows = cursor.fetchall()
    found = []
    for pk, customer, amount, state, batch, method, receipt, code, on, received, disputed, reference in rows:
        awaits = batch not in ("draft", "cancelled", "rejected") and state not in (
            State.WITHDRAWN,
            State.REFUSED,
        )
        standing = Standing(pk, amount, awaits, receipt is not None, state == State.UNPAID)
        found.append(Line(pk, customer, standing, method, receipt, code, on, received, disputed, reference))
    return found


def _told(ids: list[int], settled: Collection[int]) -> dict[int, list[Told]]:
    rows: Any = CollectionResult.objects.filter(line__in=ids, booked_at=None, trouble="").values_list(
        "line_id", "pk", "told_id", "told_type", "kind", "day", "amount", "code"
    )
    found: dict[int, list[Told]] = {}
    for line, *facts in rows:
        told = Told(*facts)
        found.setdefault(line, []).append(replace(told, settled=told.pk in settled))
    return found


def _write_states(lines: Sequence[Line], found: Mapping[int, Outcome]) -> None:
    """First of all, so that what is booked next is not taken for money that came on another way."""
    values = []
    for line in lines:
        one = found[line.pk]
        if one.back:
            disputed = line.disputed or one.back.kind == policy.DISPUTED
            values.append((line.pk, State.UNPAID, one.back.code, one.back.day, disputed))
        elif one.receipt and not line.standing.came_back:
            values.append((line.pk, State.COLLECTED, "", one.receipt.day, line.disputed))
    if values:
        with connection.cursor() as cursor:
            cursor.execute(_STATES, [_plain(column) for column in zip(*values, strict=True)])


def _plain(column: Sequence[object]) -> list[object]:
    """A column as the database takes it: words without their class."""
    return [str(one) if isinstance(one, str) else one for one in column]


def _source(channel: str, row: Told) -> str:
    return f"{channel}-{row.told_id}-{row.told_type}"


def _write_receipts(
    lines: Sequence[Line],
    found: Mapping[int, Outcome],
    account: BankAccount,
    channel: str,
    actor: User | None,
    run_id: int | None,
) -> None:
    collected = [(line, row) for line in lines if (row := found[line.pk].receipt)]
    if not collected:
        return
    open_from = periods.open_from()
    values: dict[str, Any] = {
        "lines": array_of_ids(line.pk for line, _ in collected),
        "sources": array([_source(channel, row) for _, row in collected]),
        "account": account.pk,
        "actor": actor.pk if actor else None,
    }

    def pay() -> None:
        with connection.cursor() as cursor:
            cursor.execute(_LINK, values)
            cursor.execute(_PAY, values)

    receipts.capture_many(
        receipts=[
            NewReceipt(
                customer_id=line.customer_id,
                account_id=account.pk,
                receipt_date=max(row.day, open_from),
                amount=row.amount,
                source_reference=_source(channel, row),
                reference=f"{line.reference} {line_reference(line.pk)}",
                method=line.method,
            )
            for line, row in collected
        ],
        actor=actor,
        run_id=run_id,
        pay=pay,
    )


def _reverse(
    lines: Sequence[Line], found: Mapping[int, Outcome], actor: User | None, run_id: int | None
) -> None:
    """Take back the receipts of lines that came back: now, or before they were told as collected."""
    back = [
        line
        for line in lines
        if (found[line.pk].back and (line.standing.collected or found[line.pk].receipt))
        or (line.standing.came_back and found[line.pk].receipt)
    ]
    if not back:
        return
    open_from = periods.open_from()
    receipts.reverse_each(
        reversals=[
            NewReversal(
                receipt_id=receipt,
                customer_id=customer,
                day=max(on or open_from, received, open_from),
                reason=f"Came back: {code}" if code else "Came back",
                code=code,
            )
            for _, receipt, customer, received, on, code, is_reversed in _went([line.pk for line in back])
            if not is_reversed
        ],
        actor=actor,
        run_id=run_id,
    )


def _went(lines: list[int]) -> list[tuple[Any, ...]]:
    """Where the money of these lines went: their receipts, and those that somebody moved them to."""
    with connection.cursor() as cursor:
        cursor.execute(_WENT, [array_of_ids(lines)])
        return list(cursor.fetchall())


def _note(found: Mapping[int, Outcome], now: datetime) -> None:
    booked = [pk for one in found.values() for pk in one.booked]
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE billing_collectionresult SET booked_at = %s, trouble = '' WHERE id = ANY (%s)",
            [now, array_of_ids(booked)],
        )
    doubts = {pk: words for one in found.values() for pk, words in one.doubts.items()}
    for words in set(doubts.values()):
        pks = [pk for pk, said in doubts.items() if said == words]
        CollectionResult.objects.filter(pk__in=pks).update(trouble=words)

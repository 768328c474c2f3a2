"""The long steps of a month-end as runs: each in batches that commit, gone on from where it was killed.

Nothing here depends on its checkpoint: what is charged is not charged again, what has a draft does not wait
any more, what is issued is no draft. The checkpoint only spares looking again.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, TypeVar

from django.db import connection, transaction

from billing.models import MonthEnd
from billing.selectors import month_end as reading
from billing.services import abreast, charging, drafting, issuing, locks, month_end, previewing
from herotill import runs
from herotill.clock import stamp
from herotill.errors import DomainError
from herotill.models import Run
from herotill.progress import Progress
from herotill.reference.selectors import vat
from herotill.users.models import User

PREVIEW, CHARGES, DRAFTS, ISSUE = (
    "month-end-preview",
    "month-end-charges",
    "month-end-drafts",
    "month-end-issue",
)
UNDO_DRAFTS, UNDO_CHARGES = "month-end-undo-drafts", "month-end-undo-charges"
AT_ONCE = 20_000
Batch = TypeVar("Batch")
Made = TypeVar("Made")
TABLES = ("billing_line", "billing_document", "billing_entry", "billing_openitem", "billing_snapshot")
STALE = """
SELECT relname FROM pg_stat_user_tables
WHERE relname = ANY (%s) AND n_mod_since_analyze > 10000 + (n_live_tup - n_mod_since_analyze) * %s
"""


def start(*, kind: str, of: MonthEnd, actor: User | None, documents: list[int] | None = None) -> Run:
    """Have a worker do a step; a second press while it is under way gives the same run.

    Raises DomainError where invoices would lack our VAT number.
    """
    if kind == ISSUE:
        want_vat_number(of)
    return runs.start(**_asked(kind, of, actor, documents))


def perform(*, kind: str, of: MonthEnd, actor: User | None) -> Run:
    """Do a step here and now, as commands do."""
    return runs.perform(**_asked(kind, of, actor, None))


def _asked(kind: str, of: MonthEnd, actor: User | None, documents: list[int] | None) -> dict[str, Any]:
    params: dict[str, Any] = {"month_end": of.pk}
    if documents is not None:
        params["documents"] = documents
    title = f"{runs.kinds[kind].title}: {of}"
    return {"kind": kind, "params": params, "actor": actor, "title": title, "once": str(of.pk)}


def latest(month_end_id: int) -> dict[str, Run]:
    """The newest run of each step."""
    found = Run.objects.filter(
        kind__in=(PREVIEW, CHARGES, DRAFTS, ISSUE, UNDO_DRAFTS, UNDO_CHARGES), params__month_end=month_end_id
    )
    return {run.kind: run for run in found.order_by("pk")}


def _of(run: Run) -> MonthEnd:
    return MonthEnd.objects.select_related("billing_group").get(pk=run.params["month_end"])


def preview(run: Run, progress: Progress) -> None:
    """Make the preview anew."""
    one = _of(run)
    progress.expect(reading.count_customers(one))
    previewing.make(one, progress, stamp())


def charge(run: Run, progress: Progress) -> None:
    """Step 4: the recurring entries of the service month."""
    one = _of(run)
    month_end.want_signed(one)
    progress.expect(reading.count_customers(one))
    _know_the_tables()
    groups = charging.groups(one, after=progress.cursor.get("after", 0))
    for owners, lines in side_by_side(groups, lambda owners: charging.charge(charging.plan_of(one), owners)):
        progress.advance(len(owners), customers=len(owners), entries=lines)
        _keep(progress, after=owners[-1].id)
    _know_the_tables()
    MonthEnd.objects.filter(pk=one.pk).update(charged_at=stamp())


def draft(run: Run, progress: Progress) -> None:
    """Step 5: a draft invoice for each customer whose entries wait."""
    one = _of(run)
    month_end.want_drafts(one)
    groups = _payers(one, after=progress.cursor.get("after", 0))
    for payers, made in side_by_side(groups, lambda payers: _draft(run, one, payers)):
        progress.advance(len(payers), drafts=made, left_waiting=len(payers) - made)
        _keep(progress, after=payers[-1])
    _know_the_tables()
    MonthEnd.objects.filter(pk=one.pk).update(drafted_at=stamp())


def _payers(one: MonthEnd, *, after: int) -> Iterator[list[int]]:
    limit = AT_ONCE // 2
    while payers := reading.next_payers(one, after=after, limit=limit):
        payers = payers[: locks.whole_turns(payers, limit)]
        yield payers
        after = payers[-1]


def _draft(run: Run, one: MonthEnd, payers: list[int]) -> int:
    made = drafting.draft(
        customers=payers,
        period=one.period,
        upto=one.service_month.first,
        dated=one.document_date,
        actor=run.started_by,
        run_id=run.pk,
    )
    return len(made)


def _keep(progress: Progress, **cursor: int) -> None:
    with transaction.atomic():
        progress.checkpoint(**cursor)


def side_by_side(batches: Iterable[Batch], work: Callable[[Batch], Made]) -> Iterator[tuple[Batch, Made]]:
    """Do batches two at a time, each in a transaction of its own, and give what each made, in order.

    While one waits for the database the other decides. Inside a transaction they go one after the other.
    """
    if connection.in_atomic_block:
        yield from ((batch, work(batch)) for batch in batches)
        return
    with ThreadPoolExecutor(2, thread_name_prefix="month-end") as pool:
        under_way: deque[tuple[Batch, Future[Made]]] = deque()
        for batch in batches:
            under_way.append((batch, pool.submit(_apart, work, batch)))
            if len(under_way) > 2:
                done, made = under_way.popleft()
                yield done, made.result()
        yield from ((done, made.result()) for done, made in under_way)


def _apart(work: Callable[[Batch], Made], batch: Batch) -> Made:
    """The work on a connection of this thread's own, given back afterwards."""
    try:
        return work(batch)
    finally:
        connection.close()


def want_vat_number(one: MonthEnd) -> None:
    """Refuse to issue anything of a month-end while we are a vendor without a number on its day."""
    if vat.lacks_vat_number(one.document_date):
        raise DomainError(issuing.NO_NUMBER.format(one.document_date))


def issue(run: Run, progress: Progress) -> None:
    """Step 6: issue the drafts, or those that were picked."""
    one = _of(run)
    want_vat_number(one)
    picked = run.params.get("documents")
    progress.expect(len(picked) if picked is not None else reading.count_drafts(one))
    while drafts := reading.next_drafts(one, limit=AT_ONCE, among=picked):
        issued = abreast.issue(documents=drafts, actor=run.started_by, now=stamp(), run_id=run.pk)
        progress.advance(issued, issued=issued)
        _keep(progress)
        _know_the_tables(grown=1)  # Counting between batches is time in which nothing is issued.
    if not reading.count_drafts(one):
        MonthEnd.objects.filter(pk=one.pk).update(issued_at=stamp())


def undo_drafts(run: Run, progress: Progress) -> None:
    """Take the drafts back; their entries wait again."""
    one = _of(run)
    progress.expect(reading.count_drafts(one))
    MonthEnd.objects.filter(pk=one.pk).update(drafted_at=None, issued_at=None)
    while drafts := reading.next_drafts(one, limit=AT_ONCE):
        with transaction.atomic():
            gone = month_end.undo_drafts(one, drafts)
            progress.advance(len(drafts), taken_back=gone)
            progress.checkpoint()


def undo_charges(run: Run, progress: Progress) -> None:
    """Take the entries away that still wait; the next run makes them anew."""
    one = _of(run)
    MonthEnd.objects.filter(pk=one.pk).update(charged_at=None, drafted_at=None)
    after = 0
    while payers := reading.next_payers(one, after=after, limit=AT_ONCE):
        with transaction.atomic():
            gone = charging.clear(customers=payers, month=one.service_month)
            after = payers[-1]
            progress.advance(len(payers), taken_away=gone)
            progress.checkpoint()


def _know_the_tables(*, grown: float = 0.2) -> None:
    """Count anew what grew by more than this share since PostgreSQL last looked, or its plans are for other tables."""
    with connection.cursor() as cursor:
        cursor.execute(STALE, [list(TABLES), grown])
        for (table,) in cursor.fetchall():
            cursor.execute(f"ANALYZE {table}")

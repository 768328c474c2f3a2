"""What the books told of receipts, booked: new ones, changed ones by a reversal and a new one, deleted ones reversed.

Told again, in other parts or after a kill it comes to the same: what a receipt was told as is kept beside what
was booked for it, in the transaction that books it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from types import SimpleNamespace
from typing import Any

from django.db import transaction

from billing.models import BooksReceipt
from billing.policies import books_receipts as policy
from billing.policies.books_receipts import Before, Decision, Place
from billing.selectors import books_receipts as reading
from billing.selectors import periods
from billing.services import locks, receipts
from billing.services.books_receipts import telling
from billing.services.receipts import NewReceipt, NewReversal
from herotill.bulk import copy_rows, without_gc
from herotill.integrations import books as port
from herotill.users.models import User

JOB = "books-receipts"
AT_ONCE = 2_000  # receipts in one transaction
_TURN, _WORD = 2018_1123, 1
State = BooksReceipt.State


@dataclass(slots=True)
class Taken:
    """What became of receipts that were told."""

    told: int = 0
    booked: int = 0
    answered: int = 0
    waiting: int = 0
    gone: int = 0

    def add(self, other: Taken) -> None:
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


@dataclass(slots=True)
class _Work:
    """What is to be written of one receipt."""

    row: Any  # the row, or what will be one: ten thousand models cost as much as booking them
    decision: Decision
    known: bool
    books: NewReceipt | None = None
    answers: reading.Standing | None = None


@dataclass(slots=True)
class _Known:
    """What is asked once for all of a batch."""

    company: str
    cut_over: date
    places: Mapping[str, Place]
    customers: Mapping[str, int]
    open_from: date
    stands: Mapping[int, reading.Standing]
    undone: Collection[int]
    works: list[_Work] = field(default_factory=list)


def hold() -> None:
    """Have receipts of the books be decided one after the other until the transaction ends."""
    locks.hold_word(_TURN, _WORD)


@without_gc()
@transaction.atomic
def take(*, told: Iterable[port.Receipt], company: str, cut_over: date, actor: User | None = None) -> Taken:
    """Book what was told of receipts, each once; what a person must say waits."""
    newest = {one.id: one for one in told}
    hold()
    known = {row.their_id: row for row in reading.told_before(company, list(newest))}
    found = [(known.get(pk), one) for pk, one in newest.items()]
    return _carry_out([(row, telling.facts(one), one.id) for row, one in found], company, cut_over, actor)


def take_again(*, company: str, cut_over: date, actor: User | None = None) -> Taken:
    """Decide anew about receipts that wait, as they were last told: customers were linked, accounts said."""
    total, last = Taken(), 0
    while rows := list(
        BooksReceipt.objects.filter(company=company, state=State.WAITS, pk__gt=last)
        .order_by("pk")
        .values_list("pk", flat=True)[:AT_ONCE]
    ):
        total.add(_again(rows, company, cut_over, actor))
        last = rows[-1]
    return total


@transaction.atomic
def _again(rows: Collection[int], company: str, cut_over: date, actor: User | None) -> Taken:
    hold()
    found = BooksReceipt.objects.filter(pk__in=rows, state=State.WAITS).order_by("pk")
    told = [(row, telling.of_row(row), row.their_id) for row in found]
    return _carry_out(told, company, cut_over, actor)


def decide_again(*, row: BooksReceipt, cut_over: date, actor: User | None) -> None:
    """Decide anew about one that waits."""
    _again([row.pk], row.company, cut_over, actor)


@transaction.atomic
def gone(*, their_ids: Collection[str], company: str, actor: User | None = None) -> int:
    """Reverse what was booked for receipts that are in the books no longer; how many there were."""
    hold()
    rows = list(
        BooksReceipt.objects.filter(company=company, their_id__in=list(their_ids))
        .exclude(state=State.GONE)
        .order_by("pk")
    )
    stands = reading.standing([row.receipt_id for row in rows if row.receipt_id])
    locks.hold({one.customer_id for one in stands.values()})
    open_from = periods.open_from()
    _reverse([(one, "Deleted in SageOne") for one in stands.values()], open_from, actor)
    for row in rows:
        row.undone = row.undone or bool(row.receipt_id and row.receipt_id not in stands)
        row.state, row.receipt, row.trouble, row.payer, row.payer_code = State.GONE, None, "", "", ""
    BooksReceipt.objects.bulk_update(
        rows, ["state", "receipt", "trouble", "undone", *telling.PAYER], batch_size=500
    )
    return len(rows)


def _carry_out(
    told: Sequence[tuple[BooksReceipt | None, dict[str, Any], str]],
    company: str,
    cut_over: date,
    actor: User | None,
) -> Taken:
    changed = _changed(told)
    stands = reading.standing(changed)
    known = _Known(
        company,
        cut_over,
        reading.places(company, cut_over),
        reading.linked({facts["their_customer"] for _, facts, _ in told}),
        periods.open_from(),
        stands,
        changed - stands.keys(),
    )
    for row, facts, their_id in told:
        _decide(row, facts, their_id, known)
    _answers(known)
    _hold_customers(known.works)
    _write_money(known, actor)
    _write_rows(known.works)
    return _counted(len(told), known.works)


def _changed(told: Iterable[tuple[BooksReceipt | None, dict[str, Any], str]]) -> set[int]:
    """The receipts booked for what is other money now."""
    return {
        row.receipt_id
        for row, facts, _ in told
        if row and row.receipt_id and telling.money(facts) != telling.was(row)
    }


def _decide(row: BooksReceipt | None, facts: dict[str, Any], their_id: str, known: _Known) -> None:
    money = telling.money(facts)
    before = _before(row, known) if row else None
    words = row is not None and telling.says_other(row, facts)
    if row and policy.same_money(money, before):
        if words and before and before.money == money:
            known.works.append(_Work(telling.put(row, facts), Decision(row.state), known=True))
        return
    payer_stays = before is not None and before.money.customer == money.customer
    given = row.given_to_id if row and payer_stays else None
    present = _present(row, known) if row and payer_stays else None
    customer = present or given or known.customers.get(money.customer)
    place = known.places.get(money.account)
    decision = policy.decide(money, before=before, place=place, customer_id=customer, cut_over=known.cut_over)
    who = _payer(facts, decision, known)
    same = before is not None and before.money == money and (row is None or who == _named(row))
    if row and same and not words and decision == Decision(row.state, row.trouble):
        return
    fresh = SimpleNamespace(
        company=known.company, their_id=their_id, receipt_id=None, edition=0, undone=False
    )
    work = _Work(row or fresh, decision, known=row is not None)
    work.row.undone = work.row.undone or work.row.receipt_id in known.undone
    confirmed = before is not None and before.confirmed and before.money.account == money.account
    work.row.confirmed = confirmed or decision.state == policy.CONFIRMS
    telling.put(work.row, facts).given_to_id = given
    work.row.payer, work.row.payer_code = who
    if decision.state == policy.BOOKED and place and customer:
        work.row.edition += 1
        work.books = _new(work.row, place.account_id, customer)
    known.works.append(work)


def _payer(facts: Mapping[str, Any], decision: Decision, known: _Known) -> tuple[str, str]:
    """Name and code there of who is nobody's here, for the person who is to say whose a receipt is."""
    asked = decision.state == policy.WAITS and facts["their_customer"] not in known.customers
    return (facts["payer"], facts["payer_code"]) if asked else ("", "")


def _named(row: BooksReceipt) -> tuple[str, str]:
    return row.payer, row.payer_code


def _before(row: BooksReceipt, known: _Known) -> Before:
    held = policy.UNDONE_BEFORE if row.undone or row.receipt_id in known.undone else ""
    return Before(row.state, telling.was(row), policy.LEFT_BEFORE if row.decided_why else held, row.confirmed)


def _present(row: BooksReceipt, known: _Known) -> int | None:
    """Whose the money is today, which a person may have moved."""
    stands = known.stands.get(row.receipt_id or 0)
    return stands.customer_id if stands else None


def _new(row: Any, account_id: int, customer_id: int) -> NewReceipt:
    return NewReceipt(
        customer_id=customer_id,
        account_id=account_id,
        receipt_date=row.day,
        amount=row.amount,
        source_reference=f"books-{row.company}-{row.their_id}/{row.edition}",
        reference=row.reference,
        method=row.method,
        note=row.text,
    )


def _answers(known: _Known) -> None:
    """Which booked money no longer is what the books say."""
    for work in known.works:
        if work.row.receipt_id and _is_other(work):
            work.answers = known.stands.get(work.row.receipt_id)
            work.row.receipt_id = None


def _is_other(work: _Work) -> bool:
    return work.books is not None or work.decision.state != policy.BOOKED


def _hold_customers(works: Sequence[_Work]) -> None:
    new = {work.books.customer_id for work in works if work.books}
    locks.hold(new | {work.answers.customer_id for work in works if work.answers})


def _write_money(known: _Known, actor: User | None) -> None:
    works = known.works
    _reverse([(work.answers, "Changed in SageOne") for work in works if work.answers], known.open_from, actor)
    booked = [(work, work.books) for work in works if work.books]
    if not booked:
        return
    receipts.capture_many(receipts=[new for _, new in booked], actor=actor)
    found = reading.made({new.account_id for _, new in booked}, [new.source_reference for _, new in booked])
    for work, new in booked:
        work.row.receipt_id = found[new.source_reference]


def _reverse(stands: Sequence[tuple[reading.Standing, str]], open_from: date, actor: User | None) -> None:
    """Each as at its own day, or the first day that is open."""
    reversals = [
        NewReversal(one.receipt_id, one.customer_id, max(one.receipt_date, open_from), why)
        for one, why in stands
    ]
    if reversals:
        receipts.reverse_each(reversals=reversals, actor=actor)


def _write_rows(works: Sequence[_Work]) -> None:
    for work in works:
        work.row.state, work.row.trouble = work.decision.state, work.decision.trouble
    fresh = [work.row for work in works if not work.known]
    copy_rows(BooksReceipt, telling.COLUMNS, [telling.cells(row) for row in fresh])
    known = [work.row for work in works if work.known]
    BooksReceipt.objects.bulk_update(known, list(telling.KEPT), batch_size=500)


def _counted(told: int, works: Sequence[_Work]) -> Taken:
    return Taken(
        told=told,
        booked=sum(work.books is not None for work in works),
        answered=sum(work.answers is not None for work in works),
        waiting=sum(work.decision.state == policy.WAITS for work in works),
    )

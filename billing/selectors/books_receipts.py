"""Receipts of the books kept elsewhere: what is known of them here, and what waits for a person."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connection, connections
from django.db.models import BooleanField, Count, Max, Min, QuerySet, Sum
from django.db.models.expressions import RawSQL

from billing.models import (
    BankAccount,
    BooksAccount,
    BooksCompany,
    BooksConnection,
    BooksCustomer,
    BooksReading,
    BooksReceipt,
    BooksTaxType,
    Receipt,
)
from billing.policies.books_receipts import Place
from herotill.bulk import array, array_of_ids
from herotill.counting import remembered
from herotill.money import ZERO
from herotill.reading import reading

State = BooksReceipt.State
DAY = timedelta(days=1)
OURS = "books-"  # how the source of a receipt that is from the books begins

# A receipt and those it was moved to, one after the other, whoever's they are; the one that still stands.
_STANDS = """
WITH RECURSIVE went AS (
    SELECT r.id AS first, r.id, r.customer_id, r.receipt_date FROM billing_receipt r WHERE r.id = ANY (%s)
    UNION ALL
    SELECT w.first, r.id, r.customer_id, r.receipt_date FROM went w
    JOIN LATERAL (SELECT * FROM billing_receipt r WHERE r.moved_from_id = w.id OFFSET 0) r ON true
)
SELECT first, id, customer_id, receipt_date FROM went w
WHERE NOT EXISTS (SELECT FROM billing_reversal v WHERE v.receipt_id = w.id) ORDER BY id
"""
_MADE = """
SELECT r.source_reference, r.id FROM unnest(%s::text[]) AS t (source)
CROSS JOIN LATERAL (
    SELECT source_reference, id FROM billing_receipt
    WHERE account_id = ANY (%s) AND source_reference = t.source OFFSET 0
) r
"""

_BETWEEN = """
SELECT their_id FROM billing_booksreceipt WHERE company = %(company)s AND state <> 'gone'
    AND (length(their_id), their_id) > (length(%(after)s::text), %(after)s::text COLLATE "C")
    AND (%(upto)s = '' OR (length(their_id), their_id) <= (length(%(upto)s::text), %(upto)s::text COLLATE "C"))
"""


class Standing(NamedTuple):
    """The receipt that money stands in today."""

    receipt_id: int
    customer_id: int
    receipt_date: date


class BrokenOff(NamedTuple):
    """The last receipt that was dealt with, what was missing up to it, and when all of them began to be read."""

    last_id: str
    missing: list[str]
    began: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many receipts wait for a person, what they come to, and since when."""

    receipts: int
    money: Decimal
    since: date | None


def connected() -> BooksConnection | None:
    """The connection, where it is in use."""
    return BooksConnection.objects.filter(is_on=True).first()


def places(company: str, cut_over: date) -> dict[str, Place]:
    """Each of their bank accounts that is one of ours."""
    found = BooksAccount.objects.filter(company=company, account__isnull=False).select_related("account")
    return {one.their_id: _place(one, cut_over) for one in found}


def _place(one: BooksAccount, cut_over: date) -> Place:
    ours = one.account
    assert ours is not None
    starts = max(cut_over, one.starts_on or cut_over, ours.starts_on or cut_over)
    return Place(ours.pk, ours.source == BankAccount.Source.ACCOUNTING, starts)


def fed_until(account: BankAccount) -> date | None:
    """The day of the last receipt into an account that stands and is not from the books."""
    stands = Receipt.objects.filter(account=account, reversal=None)
    others = stands.exclude(source_reference__startswith=OURS).exclude(
        moved_from__source_reference__startswith=OURS
    )
    found: date | None = others.aggregate(last=Max("receipt_date"))["last"]
    return found


def linked(their_ids: Collection[str]) -> dict[str, int]:
    """Whom their customers are here."""
    found = BooksCustomer.objects.filter(_is_one_of(their_ids))
    return dict(found.values_list("their_id", "customer_id"))


def told_before(company: str, their_ids: Collection[str]) -> QuerySet[BooksReceipt]:
    """Those of these receipts that were told of before."""
    return BooksReceipt.objects.filter(_is_one_of(their_ids), company=company)


def _is_one_of(their_ids: Collection[str]) -> RawSQL:
    """That an ID of theirs is among these, as one value: two thousand of their own cost as much as booking them."""
    return RawSQL("their_id = ANY (%s::text[])", [array(list(their_ids))], output_field=BooleanField())


def standing(receipts: Collection[int]) -> dict[int, Standing]:
    """Where the money of these receipts stands today: in themselves, or where they were moved; none where reversed."""
    if not receipts:
        return {}
    with connection.cursor() as cursor:
        cursor.execute(_STANDS, [array_of_ids(receipts)])
        return {first: Standing(*rest) for first, *rest in cursor.fetchall()}


def made(accounts: Collection[int], sources: list[str]) -> dict[str, int]:
    """The receipts booked under these source references."""
    with connection.cursor() as cursor:
        cursor.execute(_MADE, [array(sources), array_of_ids(accounts)])
        return dict(cursor.fetchall())


def last_reading(company: str, *, whole: bool | None = None) -> BooksReading | None:
    """The last reading that came to its end."""
    found = BooksReading.objects.filter(company=company, finished_at__isnull=False, trouble="")
    return (found if whole is None else found.filter(whole=whole)).first()


def broken_off(company: str, now: datetime) -> BrokenOff | None:
    """Where the last reading of all broke off, if it did so within a day."""
    whole = BooksReading.objects.filter(company=company, whole=True)
    ended = whole.filter(finished_at__isnull=False, trouble="").values_list("pk", flat=True).first() or 0
    broken = list(whole.filter(pk__gt=ended))
    if not broken or not broken[0].last_id or broken[0].started_at < now - DAY:
        return None
    return BrokenOff(broken[0].last_id, broken[0].missing, broken[-1].started_at)


def is_overdue(company: str, now: datetime) -> bool:
    """Whether no reading came to its end for a day."""
    last = last_reading(company)
    if last is not None:
        return last.finished_at is not None and last.finished_at < now - DAY
    return BooksReading.objects.filter(company=company, started_at__lt=now - DAY).exists()


def standing_there(company: str) -> int:
    """How many receipts there are in the books, as far as they told."""
    return BooksReceipt.objects.filter(company=company).exclude(state=State.GONE).count()


def told_between(company: str, after: str, upto: str = "") -> list[str]:
    """The ids of those that are not gone, by number, behind one and up to another."""
    with connection.cursor() as cursor:
        cursor.execute(_BETWEEN, {"company": company, "after": after, "upto": upto})
        return [their_id for (their_id,) in cursor.fetchall()]


def heard_at() -> datetime | None:
    """When their receipts were last read to the end."""
    found = BooksReading.objects.using(reading()).filter(finished_at__isnull=False, trouble="")
    return found.values_list("finished_at", flat=True).first()


def company() -> BooksCompany | None:
    """The company of the connection as it was last told."""
    known = BooksConnection.objects.values_list("company_id", flat=True).first()
    return BooksCompany.objects.filter(their_id=known).first() if known else None


def tax_types(used: BooksConnection) -> list[BooksTaxType]:
    """The kinds of VAT that are used there."""
    return list(BooksTaxType.objects.filter(company=used.company_id, active=True))


def waiting() -> Waiting:
    """What waits for a person."""
    found: dict[str, Any] = BooksReceipt.objects.filter(state=State.WAITS).aggregate(
        receipts=Count("pk"), money=Sum("amount"), since=Min("day")
    )
    return Waiting(found["receipts"], found["money"] or ZERO, found["since"])


@remembered("books-receipts-waiting")
def waiting_receipts() -> int:
    """How many wait for a person."""
    return BooksReceipt.objects.filter(state=State.WAITS).count()


def unmapped() -> int:
    """How many of their active bank accounts are none of ours yet."""
    with connections[reading()].cursor() as cursor:
        cursor.execute("SELECT count(*) FROM billing_booksaccount WHERE active AND account_id IS NULL")
        found: int = cursor.fetchone()[0]
        return found

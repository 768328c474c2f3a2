"""The debtors we took over from the old system: its age analysis beside ours, customer by customer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db import connection
from django.db.models import BooleanField, Exists, Max, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from billing.models import BooksConnection, Document, Entry, Receipt, TakeOver, TakeOverRow
from billing.selectors import ageing
from billing.selectors.ageing import Aged
from customers.models import Customer
from herotill.moving_in import current

BACK = "/BACK"  # how the name of a document ends by which one from before was taken back


@dataclass(frozen=True, slots=True)
class Beside:
    """One customer in both systems. `name` is empty for a code that we do not know."""

    code: str
    name: str
    theirs: Aged
    ours: Aged

    @property
    def differs(self) -> bool:
        return self.theirs != self.ours

    @property
    def pairs(self) -> list[tuple[str, Decimal, Decimal]]:
        """What each bucket is there and here."""
        return list(zip(ageing.BUCKETS, self.theirs, self.ours, strict=True))

    @property
    def difference(self) -> Decimal:
        return self.ours.total - self.theirs.total


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everybody who owed in one system or the other on the day."""

    rows: tuple[Beside, ...]
    theirs: Aged
    ours: Aged

    @property
    def differences(self) -> list[Beside]:
        return [row for row in self.rows if row.differs]


def signed_since(moment: datetime) -> bool:
    """Whether what is here from before is what was signed since: nothing came in after the signature."""
    last = Entry.objects.filter(before=True).aggregate(last=Max("posted_at"))["last"]
    if last is None:
        return True
    found = TakeOver.objects.filter(signed_at__gte=max(moment, last))
    return found.exists()


# What an import of history wrote, or took back, after the last signature is covered by none. Of customers those that
# brought opening balances, even where they add up to nothing; imports of before did not count them (`amounts`).
_SIGNED = """
CASE WHEN EXISTS (SELECT FROM billing_takeover WHERE signed_at IS NOT NULL) THEN NOT EXISTS (
    SELECT FROM house_import i WHERE i.applied_at IS NOT NULL
        AND i.kind IN ('invoices', 'credit-notes', 'adjustments', 'receipts', 'customers')
        AND (i.kind <> 'customers' OR coalesce((i.totals->>'amounts')::numeric, (i.totals->>'sum')::numeric) <> 0)
        AND (i.totals->'outcome'->>'create')::integer > 0
        AND greatest(i.applied_at, i.rolled_back_at) > (SELECT max(signed_at) FROM billing_takeover))
ELSE NOT EXISTS (SELECT FROM billing_entry WHERE before) END
"""


def signed() -> bool:
    """Whether collections, messages and batches may begin: nothing was taken over, or it was signed.

    A signature does not speak for what is imported, or taken back, after it: whose receipts are taken back owes
    as if nothing had been paid. Until that is signed too, nobody is collected from.
    """
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {_SIGNED}")
        may_begin: bool = cursor.fetchone()[0]
        return may_begin


def wants_signature() -> bool:
    """Whether what was signed last does not cover all that came since, so that it is to be signed anew."""
    move = current()
    return not signed() or bool(move and not signed_since(move.began_at))


def books_from() -> date | None:
    """The day from which the books kept elsewhere count, while they are in use: history ends before it."""
    return BooksConnection.objects.filter(is_on=True).values_list("starts_on", flat=True).first()


def history_until() -> date | None:
    """The day of the last document or receipt from before that nobody took back."""
    answer = Document.objects.filter(against=OuterRef("pk"), name__endswith=BACK)
    documents = Document.objects.filter(before=True, status=Document.Status.ISSUED)
    standing = documents.exclude(name__endswith=BACK).exclude(Exists(answer))
    days = [
        standing.aggregate(last=Max("document_date"))["last"],
        Receipt.objects.filter(before=True, reversal=None).aggregate(last=Max("receipt_date"))["last"],
    ]
    return max((day for day in days if day), default=None)


def with_signed(rows: QuerySet[Any]) -> QuerySet[Any]:
    """`rows`, each with whether `signed`, for where both are wanted by one question (`take_over_signed`)."""
    return rows.annotate(take_over_signed=RawSQL(_SIGNED, [], BooleanField()))


def newest() -> TakeOver | None:
    """The age analysis that was uploaded last."""
    return TakeOver.objects.select_related("uploaded_by", "signed_by").first()


def comparison(take_over: TakeOver) -> Comparison:
    """The old system's figures of an upload beside ours as at its day."""
    theirs = {row.code: _aged(row) for row in TakeOverRow.objects.filter(take_over=take_over)}
    ours = {pk: aged for pk, aged in ageing.everybody(as_at=take_over.as_at).items() if any(aged)}
    people = _people(ours, theirs)
    by_code = {people[pk][0]: aged for pk, aged in ours.items() if pk in people}
    names = dict(people.values())
    rows = tuple(
        Beside(code, names.get(code, ""), theirs.get(code, Aged()), by_code.get(code, Aged()))
        for code in sorted(theirs.keys() | by_code.keys())
    )
    return Comparison(rows, ageing.added(row.theirs for row in rows), ageing.added(row.ours for row in rows))


def _people(ours: Mapping[int, Aged], theirs: Mapping[str, Aged]) -> dict[int, tuple[str, str]]:
    found = Customer.objects.filter(pk__in=ours) | Customer.objects.filter(code__in=theirs)
    return {pk: (code, name) for pk, code, name in found.values_list("pk", "code", "name")}


def _aged(row: TakeOverRow) -> Aged:
    return Aged(row.days120, row.days90, row.days60, row.days30, row.current)

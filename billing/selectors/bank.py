"""Reading bank rows: what waits, whose they may be, whether days add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from itertools import pairwise
from typing import Any

from django.core.cache import cache
from django.db import connection, transaction
from django.db.models import Count, Min, Q, QuerySet, Sum

from billing.models import Alias, BankAccount, BankRow, Document, OpenItem, Receipt, Reconciliation, RowKind
from billing.policies import matching
from customers.models import Customer
from herotill.money import ZERO

COUNTED, SECONDS = "bank-rows-unmatched", 60


def unmatched(account_id: int | None = None) -> QuerySet[BankRow]:
    """The rows that nobody has named, the oldest first."""
    rows = BankRow.objects.filter(kind=RowKind.UNMATCHED, gone=False).order_by("day", "pk")
    return rows.filter(account=account_id) if account_id else rows


@dataclass(frozen=True, slots=True)
class Waiting:
    """How many rows wait, what money in they hold, and since when."""

    rows: int
    money: Decimal
    since: date | None


def waiting() -> Waiting:
    """What waits in all, as of a minute ago at most."""
    known: Waiting | None = cache.get(COUNTED)
    if known is None:
        found = (
            unmatched()
            .order_by()
            .aggregate(rows=Count("pk"), money=Sum("amount", filter=Q(amount__gt=0)), since=Min("day"))
        )
        known = Waiting(found["rows"], found["money"] or ZERO, found["since"])
        cache.set(COUNTED, known, SECONDS)
    return known


def forget() -> None:
    """Count anew, once this transaction is committed."""
    transaction.on_commit(lambda: cache.delete(COUNTED))


def waiting_rows(user: Any) -> int:
    """The figure in the navigation."""
    return waiting().rows


def account_waits() -> list[tuple[BankAccount, int]]:
    """The accounts of which rows wait, and how many."""
    counted = dict(unmatched().order_by().values_list("account").annotate(Count("pk")))
    return [(account, counted[account.pk]) for account in BankAccount.objects.filter(pk__in=counted)]


@dataclass(frozen=True, slots=True)
class Check:
    """What the rows of some days of an account come to."""

    rows: int
    moved: Decimal
    unmatched: int
    by_kind: Sequence[tuple[str, int, Decimal]]


def check(*, account: BankAccount, first: date, last: date) -> Check:
    """Count and sum the rows of these days."""
    rows = BankRow.objects.filter(account=account, day__range=(first, last), gone=False).order_by()
    grouped = rows.values_list("kind").annotate(Count("pk"), Sum("amount"))
    by_kind = {kind: (count, amount) for kind, count, amount in grouped}
    labels = [(kind, label, *by_kind[kind]) for kind, label in RowKind.choices if kind in by_kind]
    return Check(
        rows=sum(count for count, _ in by_kind.values()),
        moved=sum((amount for _, amount in by_kind.values()), ZERO),
        unmatched=by_kind.get(RowKind.UNMATCHED, (0, ZERO))[0],
        by_kind=[(label, count, amount) for _, label, count, amount in labels],
    )


def day_sums(*, account: BankAccount, first: date, last: date) -> list[tuple[date, int, Decimal]]:
    """What each day of an account moved."""
    rows = BankRow.objects.filter(account=account, day__range=(first, last), gone=False).order_by("day")
    return list(rows.values_list("day").annotate(Count("pk"), Sum("amount")))


def last_signed(account: BankAccount) -> Reconciliation | None:
    """The newest days that are signed off and stand."""
    return Reconciliation.objects.filter(account=account, opened_at=None).order_by("-last").first()


@dataclass(frozen=True, slots=True)
class Payer:
    """A customer who may have paid a row, as the queue shows it."""

    customer: Customer
    score: int
    reasons: Sequence[str]


def payers(row: BankRow) -> list[Payer]:
    """Who may have paid a row, the likeliest first; nobody for money that went out."""
    found = matching.suggest(row.text, clues(row)) if row.amount > 0 else []
    customers = Customer.objects.in_bulk([one.customer_id for one in found])
    return [Payer(customers[one.customer_id], one.score, one.reasons) for one in found]


def clues(row: BankRow) -> matching.Clues:
    """What is known about a row's words and amount."""
    return matching.Clues(
        codes=dict(
            Customer.objects.filter(code__in=matching.wanted_codes(row.text)).values_list("code", "pk")
        ),
        invoices=dict(
            Document.objects.filter(name__in=matching.wanted_invoices(row.text)).values_list(
                "name", "customer_id"
            )
        ),
        aliases=_aliases(row.text),
        names=_names(row.text),
        owing=_owing(row.amount),
    )


def _aliases(text: str) -> list[int]:
    found = Alias.objects.filter(key=matching.alias_key(text), kind=RowKind.RECEIPT)
    return [customer for customer in found.values_list("customer_id", flat=True) if customer]


# Words that many customers share say little; a pair of words finds what neither does alone.
_NAMED = """
SELECT d.object_id, d.name_key FROM unnest(%s::text[]) AS w(query)
CROSS JOIN LATERAL (
    SELECT object_id, name_key FROM house_searchdocument
    WHERE kind = 'customer' AND words @@ w.query::tsquery LIMIT 6
) d
"""


def _names(text: str) -> Mapping[int, str]:
    words = [f"'{word}'" for word in matching.names_in(text)][:8]
    queries = words + [f"{a} & {b}" for a, b in pairwise(words)]
    with connection.cursor() as cursor:
        cursor.execute(_NAMED, [queries])
        return dict(cursor.fetchall())


def _owing(amount: Decimal) -> Mapping[int, str]:
    """Customers with an open document of just this amount, where they are few enough to say something."""
    found = OpenItem.objects.filter(open=amount).select_related("entry")[:4]
    return {item.customer_id: item.entry.reference for item in found} if len(found) < 4 else {}


def kind_of(row: BankRow) -> str:
    """What else the row may be: as it was named before with these words, or by the words themselves."""
    learned = Alias.objects.filter(key=matching.alias_key(row.text)).exclude(kind=RowKind.RECEIPT)
    return learned.values_list("kind", flat=True).first() or matching.kind_of(row.text, row.amount)


def receipts_taken_back(row: BankRow) -> list[Receipt]:
    """Receipts that a row of money out may take back: same account and amount, standing, the newest first."""
    if row.amount >= 0:
        return []
    standing = Receipt.objects.filter(
        account=row.account_id, amount=-row.amount, reversal=None, receipt_date__lte=row.day
    )
    codes = matching.codes_in(row.text)
    named = list(_newest(standing.filter(customer__code__in=codes)))
    return named or list(_newest(standing))


def receipts_shown(row: BankRow) -> list[Receipt]:
    """Receipts that a row may show, where receipts of the account come from elsewhere."""
    standing = Receipt.objects.filter(
        account=row.account_id, amount=row.amount, reversal=None, confirmed_by=None
    )
    return list(_newest(standing))


def _newest(found: QuerySet[Receipt]) -> QuerySet[Receipt]:
    return found.select_related("customer").order_by("-receipt_date", "-pk")[:5]


def search_payers(text: str, user: Any) -> Any:
    """What was learned of a customer by the code, or by some of the bank's words."""
    wanted = text.strip()

    def narrowed(rows: QuerySet[Alias], along: str = "") -> QuerySet[Alias]:
        return rows.filter(Q(customer__code=wanted.upper()) | Q(text__icontains=wanted))

    return narrowed

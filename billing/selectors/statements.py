"""A customer's account from one day to another: what was brought forward, every entry, what it came to."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, NamedTuple

from django.db import connections
from django.db.models import Max
from django.urls import reverse
from django.utils.timezone import get_current_timezone

from billing.models import BankAccount, EntryKind, StatementImport
from billing.selectors import ageing, books_receipts, contracts
from billing.selectors.ageing import Aged
from herotill.money import ZERO
from herotill.reading import reading

DOCUMENTS = frozenset(("invoice", "credit_note", "debit_note", "adjustment", "write_off"))
KINDS = dict(EntryKind.choices)

_OPENING = """
SELECT coalesce(sum(amount), 0.00) FROM billing_entry WHERE customer_id = %(customer)s AND accounting_date < %(first)s
"""
# With a document's own reference, and why a receipt did not stand; whose it was instead is not for its reader.
_ENTRIES = """
SELECT e.id, e.kind, e.source_id, e.reference, e.accounting_date, e.due_date, e.amount, coalesce(
    CASE WHEN d.reason <> '' THEN d.reason ELSE nullif(d.reference, '') END,
    CASE WHEN EXISTS (SELECT FROM billing_receipt m WHERE m.moved_from_id = v.receipt_id)
    THEN 'paid for another account' ELSE v.reason END, '') AS told,
    coalesce(%(opening)s + sum(e.amount) OVER (ORDER BY e.accounting_date, e.id), 0.00) AS balance
FROM billing_entry e
LEFT JOIN billing_document d ON d.id = e.source_id AND d.kind = e.kind
LEFT JOIN billing_reversal v ON v.id = e.source_id AND e.kind = 'reversal'
WHERE e.customer_id = %(customer)s AND e.accounting_date BETWEEN %(first)s AND %(last)s
ORDER BY e.accounting_date, e.id
"""
_SETTLED = """
SELECT a.debit_id, a.credit_id, a.amount, a.starts_on, d.kind, d.reference, d.accounting_date, c.kind, c.reference,
    c.accounting_date
FROM billing_allocation a JOIN billing_entry d ON d.id = a.debit_id JOIN billing_entry c ON c.id = a.credit_id
WHERE d.customer_id = %(customer)s AND a.starts_on <= %(last)s AND (a.ends_on IS NULL OR a.ends_on > %(last)s)
ORDER BY a.starts_on, a.id
"""


class Entry(NamedTuple):
    """One line: what was owed above zero, what was paid or credited below, and the balance after it."""

    pk: int
    kind: str
    source_id: int
    reference: str
    day: date
    due: date
    amount: Decimal
    told: str
    balance: Decimal

    @property
    def label(self) -> str:
        return KINDS[self.kind]

    @property
    def name(self) -> str:
        """The document's number, or what the bank showed."""
        return "" if self.kind in (EntryKind.OPENING, EntryKind.OPENING_BACK) else self.reference

    @property
    def debit(self) -> Decimal | None:
        return self.amount if self.amount >= 0 else None

    @property
    def credit(self) -> Decimal | None:
        return -self.amount if self.amount < 0 else None

    @property
    def url(self) -> str:
        """Where a document is shown; nothing for what is none."""
        return reverse("billing:document", args=[self.source_id]) if self.kind in DOCUMENTS else ""


@dataclass(frozen=True, slots=True)
class Account:
    """An account from `first` to `last`, both included. `deposits` are held apart on the last day: no sum has them."""

    first: date
    last: date
    opening: Decimal
    entries: tuple[Entry, ...]
    aged: Aged
    deposits: Decimal = ZERO

    @property
    def closing(self) -> Decimal:
        return self.entries[-1].balance if self.entries else self.opening

    @property
    def charged(self) -> Decimal:
        return sum((one.amount for one in self.entries if one.amount > 0), ZERO)

    @property
    def paid(self) -> Decimal:
        return -sum((one.amount for one in self.entries if one.amount < 0), ZERO)


@dataclass(frozen=True, slots=True)
class Settled:
    """What settled an entry, or what it settled."""

    label: str
    reference: str
    day: date
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Transaction:
    """An entry with how it was settled, and what of it was open on the last day."""

    entry: Entry
    open: Decimal
    settled: tuple[Settled, ...]


@dataclass(frozen=True, slots=True)
class Freshness:
    """What a statement depends on: until when one of our accounts has told us of payments."""

    account: str
    source: str
    heard_at: datetime | None
    upto: date | None


def account(*, customer: int, first: date, last: date) -> Account:
    """The account of one customer over a period."""
    values: dict[str, Any] = {"customer": customer, "first": first, "last": last}
    with connections[reading()].cursor() as cursor:
        cursor.execute(_OPENING, values)
        opening = cursor.fetchone()[0]
        cursor.execute(_ENTRIES, {**values, "opening": opening})
        entries = tuple(Entry(*row) for row in cursor.fetchall())
    aged = ageing.of(customers=[customer], as_at=last)[customer]
    return Account(first, last, opening, entries, aged, contracts.held(customer=customer, as_at=last))


def transactions(*, customer: int, shown: Account) -> list[Transaction]:
    """The entries of a period, each with how it stood on the period's last day."""
    settled = _settled(customer, shown.last)
    parts = ageing.open_parts(customer=customer, as_at=shown.last)
    still_open = {part.entry_id: part.open for part in parts}
    return [
        Transaction(entry, still_open.get(entry.pk, ZERO), tuple(settled[entry.pk]))
        for entry in shown.entries
    ]


def _settled(customer: int, last: date) -> dict[int, list[Settled]]:
    found: defaultdict[int, list[Settled]] = defaultdict(list)
    with connections[reading()].cursor() as cursor:
        cursor.execute(_SETTLED, {"customer": customer, "last": last})
        for debit, credit, amount, _, kind, name, day, other_kind, other_name, other_day in cursor.fetchall():
            found[debit].append(Settled(KINDS[other_kind], other_name, other_day, amount))
            found[credit].append(Settled(KINDS[kind], name, day, amount))
    return found


def freshness() -> list[Freshness]:
    """Each account of ours that money comes into, with when it was last heard of."""
    imports = StatementImport.objects.using(reading()).filter(state=StatementImport.State.DONE)
    heard = {
        pk: (at, upto)
        for pk, at, upto in imports.order_by()
        .values_list("account")
        .annotate(Max("created_at"), Max("last"))
        .values_list("account", "created_at__max", "last__max")
    }
    accounts = list(BankAccount.objects.using(reading()).filter(retired=False))
    told = [one.pk for one in accounts if one.source == BankAccount.Source.ACCOUNTING]
    if told and (at := books_receipts.heard_at()):
        heard |= dict.fromkeys(told, (at, None))
    return [
        Freshness(one.name, one.get_source_display(), *heard.get(one.pk, (None, None))) for one in accounts
    ]


def stamp(now: datetime, known: Sequence[Freshness]) -> str:
    """How up to date a statement is, in words: the moment, and what was heard of payments by then."""
    said = f"Statement up to date as at {now.astimezone(get_current_timezone()):%Y-%m-%d %H:%M:%S}"
    heard = [_heard(one) for one in known if one.heard_at]
    return f"{said}. {'; '.join(heard)}." if heard else f"{said}."


def _heard(one: Freshness) -> str:
    upto = f" up to {one.upto}" if one.upto else ""
    at = one.heard_at.astimezone(get_current_timezone()) if one.heard_at else None
    return f"{one.account}: payments{upto}, taken in {at:%Y-%m-%d %H:%M}" if at else one.account


def first_day(*, customer: int) -> date | None:
    """The day of a customer's first entry."""
    with connections[reading()].cursor() as cursor:
        cursor.execute("SELECT min(accounting_date) FROM billing_entry WHERE customer_id = %s", [customer])
        day: date | None = cursor.fetchone()[0]
        return day


_MOVING = """
SELECT m.customer_id FROM (
    SELECT customer_id FROM customers_customerbalance WHERE amount <> 0
    UNION SELECT customer_id FROM billing_entry WHERE accounting_date >= %(since)s
) m WHERE (%(customers)s::bigint[] IS NULL OR m.customer_id = ANY (%(customers)s)) AND NOT EXISTS (
    SELECT 1 FROM (
        SELECT mode FROM billing_subaccountmode s WHERE s.customer_id = m.customer_id AND s.starts_on <= %(today)s
        ORDER BY starts_on DESC LIMIT 1
    ) newest WHERE mode = 'reseller'
) ORDER BY m.customer_id
"""


def moving(*, customers: Collection[int] | None, since: date, today: date) -> list[int]:
    """Those who owe, have credit, or had anything posted since that day: who gets a statement.

    Clients of a reseller hear from the reseller, never from us.
    """
    values: dict[str, Any] = {"since": since, "today": today}
    values["customers"] = None if customers is None else list(customers)
    with connections[reading()].cursor() as cursor:
        cursor.execute(_MOVING, values)
        return [pk for (pk,) in cursor.fetchall()]

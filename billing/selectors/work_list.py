"""Who is overdue, whom collectors call first, and what is read of one of them for the call."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import NamedTuple

from django.db import connection
from django.db.models import Exists, OuterRef, Q, QuerySet

from billing.models import (
    Debtor,
    DebtorNote,
    Dispute,
    OpenItem,
    Receipt,
    SuspensionCase,
)
from billing.selectors import suspensions
from customers.models import Customer
from herotill.folding import fold
from herotill.lists import Search
from herotill.money import ZERO


class Weights(NamedTuple):
    """What puts a customer further up: points for each, and for a day, and for so much rand."""

    today: int = 1000
    broken: int = 400
    unpaid: int = 300
    oldest: int = 365
    rand: Decimal = Decimal(20)
    most: int = 250
    waits: int = 10_000


def overdue(*, customer: Customer, day: date) -> suspensions.Overdue:
    """What is overdue of one customer on a day, as it stands now."""
    nothing = suspensions.Overdue(ZERO, None, day)
    return suspensions.overdue([customer.pk], day).get(customer.pk, nothing)


def search(text: str, user: object) -> Search:
    """By the beginning of a code or of a word of the name."""
    key = fold(text)
    wanted = (
        Q(customer__code__startswith=text.strip().upper())
        | Q(customer__name_key__startswith=key)
        | Q(customer__name_key__contains=f" {key}")
    )
    return lambda rows, along="": rows.filter(wanted)


def everybody() -> QuerySet[Debtor]:
    return Debtor.objects.order_by()


def cases(customers: Sequence[int]) -> Mapping[int, str]:
    """The state of the open suspension case of each of these customers."""
    found = SuspensionCase.objects.filter(customer__in=customers).exclude(state=SuspensionCase.State.ENDED)
    return dict(found.values_list("customer_id", "state"))


@dataclass(frozen=True, slots=True)
class Due:
    """An open document or opening balance, as the caller sees it. `days` since it was due, below zero before."""

    item: OpenItem
    days: int
    disputed: bool


@dataclass(frozen=True, slots=True)
class Call:
    """What a collector looks at while calling."""

    overdue: suspensions.Overdue
    documents: int
    due: list[Due]
    more: int
    receipts: list[Receipt]
    notes: list[DebtorNote]

    @property
    def disputed(self) -> bool:
        return any(one.disputed for one in self.due)

    @property
    def uncounted(self) -> Decimal:
        """What is past its due date among what is shown and does not count as overdue, or not yet."""
        past = sum((one.item.open for one in self.due if one.days > 0), ZERO)
        return max(ZERO, past - self.overdue.amount)

    @property
    def contact(self) -> DebtorNote | None:
        """The last time we spoke or wrote to them."""
        return next((one for one in self.notes if one.way != DebtorNote.Way.NOTE), None)


class Standing(NamedTuple):
    """Where collecting from one customer stands; empty or none where nothing does.

    `taken_by` opened them to call until `taken_until`; `promised` is what they promised last.
    """

    case: str | None
    broken: bool
    unpaid: bool
    taken_by: int | None
    taken_name: str
    taken_until: datetime | None
    promised: Decimal | None
    promised_by: date | None
    promise: str | None
    handed_over: bool

    @property
    def case_words(self) -> str:
        """The state of the open case as people read it."""
        return str(SuspensionCase.State(self.case).label) if self.case else ""


_STANDING = """
SELECT s.state, coalesce(d.broken, 0) > 0, coalesce(d.unpaid, 0) > 0, d.taken_by_id,
    coalesce(nullif(u.name, ''), u.username, ''), d.taken_until, p.amount, p.by_day, p.state,
    EXISTS (SELECT FROM billing_handover h WHERE h.customer_id = c.id AND h.back_on IS NULL)
FROM customers_customer c
LEFT JOIN billing_suspensioncase s ON s.customer_id = c.id AND s.state <> 'ended'
LEFT JOIN billing_debtor d ON d.customer_id = c.id LEFT JOIN users_user u ON u.id = d.taken_by_id
LEFT JOIN LATERAL (
    SELECT amount, by_day, state FROM billing_promise WHERE customer_id = c.id ORDER BY id DESC LIMIT 1) p ON true
WHERE c.id = %s
"""


def standing(customer: Customer) -> Standing:
    """Where collecting from a customer stands, by one question."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [customer.pk])
        return Standing(*cursor.fetchone())


def call(*, customer: Customer, day: date, shown: int = 12) -> Call:
    """All that the call screen tells of money, by as many questions however long the history is."""
    items = OpenItem.objects.filter(customer=customer, open__gt=0).select_related("document", "entry")
    dispute = Dispute.objects.filter(document=OuterRef("document"), answered_at=None)
    found = list(items.annotate(is_disputed=Exists(dispute)).order_by("due_date", "pk")[: shown + 1])
    return Call(
        overdue=overdue(customer=customer, day=day),
        documents=sum(one.due_date < day for one in found),
        due=[Due(one, (day - one.due_date).days, one.is_disputed) for one in found[:shown]],
        more=max(0, items.count() - shown) if len(found) > shown else 0,
        receipts=list(
            Receipt.objects.filter(customer=customer)
            .select_related("account", "reversal")
            .order_by("-receipt_date", "-pk")[:4]
        ),
        notes=list(DebtorNote.objects.filter(customer=customer).select_related("author").order_by("-pk")[:8]),
    )

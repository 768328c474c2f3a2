"""A customer's own phone use, as the portal shows it: by line and class of calls, and call by call."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import NamedTuple, TypeVar

from django.db import connection
from django.db.models import JSONField, Model, QuerySet
from django.db.models.expressions import RawSQL

from customers.models import Customer
from dataaccounts.models import Call, VoiceLine
from dataaccounts.policies.voice_numbers import shown
from herotill.clock import local
from herotill.money import ZERO, cents
from herotill.months import Month

M = TypeVar("M", bound=Model)
PAGE = 100
# A line that was not called from is one row without a class; one that ended shows only where it was called from.
_USED = """
SELECT l.id AS line, l.number AS number, coalesce(c.call_class, '') AS call_class, count(c.row) AS calls,
    coalesce(sum(c.seconds), 0)::bigint AS seconds, coalesce(sum(c.price), 0) AS price
FROM dataaccounts_voiceline l
LEFT JOIN dataaccounts_call c ON c.line_id = l.id AND c.day BETWEEN %s AND %s
WHERE l.customer_id = %s
GROUP BY l.id, l.number, l.state, c.call_class HAVING l.state <> 'cancelled' OR count(c.row) > 0
ORDER BY l.number, l.id, 3
"""
_AS_JSON = f"""(
    SELECT coalesce(jsonb_agg(jsonb_build_array(line, number, call_class, calls, seconds, price::text)), '[]')
    FROM ({_USED}) used
)"""
_TOLD = "phone_used"


class Used(NamedTuple):
    """What a line called of a class in a month; the price in rand, exclusive of VAT, to six decimals."""

    line: int
    number: str
    call_class: str
    calls: int
    seconds: int
    price: Decimal


@dataclass(frozen=True, slots=True)
class Sum:
    """Calls that were made; the price in rand, exclusive of VAT."""

    name: str
    calls: int
    seconds: int
    price: Decimal

    @property
    def minutes(self) -> int:
        """Whole minutes, one begun counts as one."""
        return -(-self.seconds // 60)


@dataclass(frozen=True, slots=True)
class Item:
    """A call as its customer reads it; the price in rand, exclusive of VAT."""

    line: str
    at: datetime
    called: str
    destination: str
    seconds: int
    price: Decimal

    @property
    def length(self) -> str:
        return f"{self.seconds // 60}:{self.seconds % 60:02}"


def used(*, customer: Customer, month: Month) -> list[Used]:
    """What each line of a customer called in a month, by class; one statement, or none where `told_with` was asked."""
    told = getattr(customer, _TOLD, {})
    if month in told:
        return list(told[month])
    with connection.cursor() as cursor:
        cursor.execute(_USED, [month.first, month.last, customer.pk])
        return [Used(*row) for row in cursor.fetchall()]


def told_with(rows: QuerySet[M], *, customer: Customer, month: Month) -> QuerySet[M]:
    """Rows that bring along what `used` would ask; give one of them to `remember`. It is worked out once."""
    asked = RawSQL(_AS_JSON, [month.first, month.last, customer.pk], output_field=JSONField())
    return rows.annotate(**{_TOLD: asked})


def remember(row: object, *, customer: Customer, month: Month) -> None:
    """Take from a row of `told_with` what `used` is to answer for this customer, as long as the object lives."""
    found = [Used._make([*one[:5], Decimal(one[5])]) for one in getattr(row, _TOLD)]
    setattr(customer, _TOLD, {month: found})


def has_lines(customer: Customer) -> bool:
    """Whether a customer has, or had, a voice line."""
    return VoiceLine.objects.filter(customer=customer).exists()


def lines_in(found: Iterable[Used]) -> list[tuple[int, str]]:
    """The lines among it: id and number."""
    return list(dict.fromkeys((one.line, f"+{one.number}") for one in found))


def by_class(found: Iterable[Used]) -> list[Sum]:
    """The same by class, the dearest first."""
    classes: dict[str, list[Used]] = {}
    for one in found:
        if one.calls:
            classes.setdefault(one.call_class, []).append(one)
    return sorted((together(rows, name) for name, rows in classes.items()), key=lambda one: -one.price)


def together(found: Iterable[Used], name: str = "") -> Sum:
    """All of it in one."""
    rows = list(found)
    price = sum((one.price for one in rows), ZERO)
    return Sum(name, sum(one.calls for one in rows), sum(one.seconds for one in rows), cents(price))


def items(
    *, customer: Customer, month: Month, line: int | None, page: int, whole: bool
) -> tuple[list[Item], bool]:
    """A page of a customer's calls in a month, the newest first, and whether there are more.

    Without `whole` the last figures of numbers are left out, as on the bill.
    """
    found = Call.objects.filter(line__customer=customer, day__range=(month.first, month.last))
    if line is not None:
        found = found.filter(line=line)
    start = (page - 1) * PAGE
    rows = list(found.select_related("line").order_by("-start", "-file_id", "-row")[start : start + PAGE + 1])
    return [_item(one, whole) for one in rows[:PAGE]], len(rows) > PAGE


def _item(call: Call, whole: bool) -> Item:
    return Item(
        str(call.line),
        local(call.start),
        shown(call.called, whole=whole) if call.called else "",
        call.destination,
        call.seconds,
        cents(call.price),
    )

"""What is read of voice lines and their calls: lines of a customer, and what calls cost and brought in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, QuerySet, Sum
from django.db.models.functions import ExtractMonth

from customers.models import Customer
from dataaccounts.models import Call, VoiceLine
from dataaccounts.selectors import stretches
from dataaccounts.selectors.stretches import Stretch
from herotill import charts
from herotill.money import ZERO
from herotill.months import Month


@dataclass(frozen=True, slots=True)
class Told:
    """What calls of a stretch of time cost us and brought in; in rand, exclusive of VAT, not rounded."""

    label: str
    day: date
    calls: int = 0
    seconds: int = 0
    cost: Decimal = ZERO
    price: Decimal = ZERO

    @property
    def markup(self) -> Decimal:
        return self.price - self.cost


def lines_of(customer: Customer) -> list[VoiceLine]:
    """A customer's voice lines, those that ended last."""
    found = VoiceLine.objects.filter(customer=customer).select_related("package__product", "source")
    ended = VoiceLine.State.CANCELLED
    return sorted(found, key=lambda one: (one.state == ended, one.number, one.starts_on))


def spent(lines: Sequence[int], first: date, last: date) -> dict[int, Decimal]:
    """What the calls of these lines between two days come to, by line, as we sell them."""
    found = Call.objects.filter(line__in=lines, day__range=(first, last)).order_by()
    return {row["line"]: row["total"] for row in found.values("line").annotate(total=Sum("price"))}


def stretch_asked(asked: Mapping[str, str], today: date) -> Stretch:
    """The month or year that a form asks for; this month where it says nothing, nonsense or a day."""
    found = stretches.stretch_asked(asked, today)
    return stretches.stretch_of("month", found.day) if found.by == "day" else found


def days_of(stretch: Stretch) -> tuple[date, date]:
    """The first and the last day of a month or year."""
    if stretch.by == "year":
        return date(stretch.day.year, 1, 1), date(stretch.day.year, 12, 31)
    month = Month.of(stretch.day)
    return month.first, month.last


def told(lines: Sequence[int], stretch: Stretch) -> list[Told]:
    """What these lines called in each day of a month or month of a year; one query."""
    month = Month.of(stretch.day)
    if stretch.by == "year":
        year = stretch.day.year
        places = [Month(year, number).first for number in range(1, 13)]
        found = _summed(lines, places[0], Month(year, 12).last, month=ExtractMonth("day"))
        by_place = {date(year, row["month"], 1): row for row in found}
        return [_told(f"{day:%b}", day, by_place.get(day)) for day in places]
    found = _summed(lines, month.first, month.last)
    by_day = {row["day"]: row for row in found}
    return [_told(str(day.day), day, by_day.get(day)) for day in month.days()]


def _summed(lines: Sequence[int], first: date, last: date, **by: Any) -> QuerySet[Any, Any]:
    found = Call.objects.filter(line__in=lines, day__range=(first, last)).order_by()
    keys = found.annotate(**by).values(*by) if by else found.values("day")
    return keys.annotate(n=Count("row"), length=Sum("seconds"), paid=Sum("cost"), asked=Sum("price"))


def _told(label: str, day: date, row: Any) -> Told:
    if row is None:
        return Told(label, day)
    return Told(label, day, row["n"], row["length"], row["paid"], row["asked"])


def together(parts: Sequence[Told], stretch: Stretch) -> Told:
    """All of it in one."""
    return Told(
        stretch.title,
        stretch.day,
        sum(one.calls for one in parts),
        sum(one.seconds for one in parts),
        sum((one.cost for one in parts), ZERO),
        sum((one.price for one in parts), ZERO),
    )


def drawn(parts: Sequence[Told], sheet: charts.Sheet = charts.CARD) -> charts.Chart | None:
    """Markup and call cost as two lines."""
    series = [
        ("Markup", [one.markup for one in parts]),
        ("Call Cost", [one.cost for one in parts]),
    ]
    return charts.lines([one.label for one in parts], series, sheet=sheet)


def by_destination(lines: Sequence[int], first: date, last: date, limit: int = 10) -> list[dict[str, Any]]:
    """Where these lines called most between two days, dearest first."""
    found = Call.objects.filter(line__in=lines, day__range=(first, last)).order_by()
    summed = found.values("destination").annotate(
        calls=Count("row"), seconds=Sum("seconds"), cost=Sum("cost"), price=Sum("price")
    )
    return [
        dict(one)
        for one in summed.annotate(markup=F("price") - F("cost")).order_by("-price", "destination")[:limit]
    ]

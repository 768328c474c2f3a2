"""A stretch of time whose usage is drawn: a day by the hour, a month by day, a year by month."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.utils.translation import gettext

from dataaccounts.policies.measures import octets_in_words
from dataaccounts.selectors import customer_usage
from dataaccounts.selectors.customer_usage import Used
from herotill import charts
from herotill.forms import EARLIEST, LATEST
from herotill.months import Month

PAGE = charts.Sheet(800, 190, 44)
"""What a chart as wide as a page of the portal is drawn on."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is drawn. `asked` names the day or the month."""

    by: str
    asked: str
    title: str
    before: str
    after: str
    day: date

    @property
    def field(self) -> str:
        """Which field of the form says when."""
        return "day" if self.by == "day" else "month"


def stretch_asked(asked: Mapping[str, str], today: date) -> Stretch:
    """The stretch that a form asks for; this month where it says nothing or nonsense."""
    return stretch_of(asked.get("by", ""), _day(asked, today))


def _day(asked: Mapping[str, str], today: date) -> date:
    text = asked.get("day", "") if asked.get("by") == "day" else f"{asked.get('month', '')}-01"
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if EARLIEST <= day.year <= LATEST else today


def stretch_of(by: str, day: date) -> Stretch:
    """The day, month or year around a day."""
    month, one = Month.of(day), timedelta(days=1)
    if by == "day":
        return Stretch(by, str(day), str(day), str(day - one), str(day + one), day)
    if by == "year":
        return Stretch(by, str(month), str(month.year), str(month.plus(-12)), str(month.plus(12)), day)
    before, after = str(month.plus(-1)), str(month.plus(1))
    return Stretch("month", str(month), f"{month.first:%B %Y}", before, after, day)


def used_in(accounts: Sequence[int], stretch: Stretch) -> list[Used]:
    """What these accounts used together in each part of a stretch; one query."""
    if stretch.by == "day":
        return customer_usage.by_hour(accounts=accounts, day=stretch.day)
    if stretch.by == "year":
        return customer_usage.by_month(accounts=accounts, year=stretch.day.year)
    return customer_usage.by_day(accounts=accounts, month=Month.of(stretch.day))


def summed(used: Sequence[Used], stretch: Stretch) -> Used:
    """All of it in one."""
    return Used(stretch.day, "", sum(one.download for one in used), sum(one.upload for one in used))


def drawn(used: Sequence[Used], sheet: charts.Sheet = charts.CARD) -> charts.Chart | None:
    """Download and upload as bars side by side."""
    series = [
        (gettext("Download"), [Decimal(one.download) for one in used]),
        (gettext("Upload"), [Decimal(one.upload) for one in used]),
    ]
    return charts.bars([one.label for one in used], series, words=octets_in_words, sheet=sheet)

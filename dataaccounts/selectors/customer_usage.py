"""What a customer's data accounts used, as the profile draws it: by day of a month, by month of a year."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import F, Min, QuerySet, Sum
from django.db.models.functions import TruncMonth

from customers.models import Customer
from dataaccounts.models import DataAccount, UsageDay
from herotill.months import Month


@dataclass(frozen=True, slots=True)
class Used:
    """What was used in a stretch: a day, or a month. Octets."""

    first: date
    label: str
    download: int = 0
    upload: int = 0

    @property
    def total(self) -> int:
        return self.download + self.upload


def accounts_of(customer: Customer) -> list[DataAccount]:
    """Their accounts, cancelled ones too: they may have used something."""
    return list(DataAccount.objects.filter(customer=customer).select_related("package").order_by("username"))


def by_day(*, accounts: Sequence[int], month: Month) -> list[Used]:
    """Every day of the month, those without usage too."""
    rows = UsageDay.objects.filter(account_id__in=accounts, day__range=(month.first, month.last))
    return _filled([(day, f"{day.day}") for day in month.days()], rows.values(first=F("day")))


def by_month(*, accounts: Sequence[int], year: int) -> list[Used]:
    """Every month of the year."""
    rows = UsageDay.objects.filter(account_id__in=accounts, day__range=(date(year, 1, 1), date(year, 12, 31)))
    months = [Month(year, number) for number in range(1, 13)]
    names = [(month.first, f"{month.first:%b}") for month in months]
    return _filled(names, rows.annotate(first=TruncMonth("day")).values("first"))


def first_day(*, accounts: Sequence[int]) -> date | None:
    """The first day of which anything is known."""
    return UsageDay.objects.filter(account_id__in=accounts).aggregate(first=Min("day"))["first"]


def _filled(stretches: Sequence[tuple[date, str]], rows: QuerySet[Any, Any]) -> list[Used]:
    summed = rows.annotate(down=Sum("download"), up=Sum("upload")).values_list("first", "down", "up")
    found = {first: (int(down), int(up)) for first, down, up in summed}
    return [Used(first, label, *found.get(first, (0, 0))) for first, label in stretches]

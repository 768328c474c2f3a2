"""What a customer's data accounts used, as the profile draws it: by hour, by day of a month, by month of a year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils import timezone

from customers.models import Customer
from dataaccounts.models import DataAccount
from dataaccounts.selectors import usage
from dataaccounts.selectors.usage import T, Usage
from herotill.months import Month

NOTHING = Usage(0, 0)


@dataclass(frozen=True, slots=True)
class Used:
    """What was used in a stretch: an hour, a day, or a month. Octets."""

    first: date | datetime
    label: str
    download: int = 0
    upload: int = 0

    @property
    def total(self) -> int:
        return self.download + self.upload


def accounts_of(customer: Customer) -> list[DataAccount]:
    """Their accounts, cancelled ones too: they may have used something."""
    return list(DataAccount.objects.filter(customer=customer).select_related("package").order_by("username"))


def by_hour(*, accounts: Sequence[int], day: date) -> list[Used]:
    """Every hour of a day here, as far as hours are kept."""
    midnight = datetime.combine(day, time(), timezone.get_default_timezone())
    hours = [midnight + timedelta(hours=number) for number in range(24)]
    found = usage.by_hour(accounts, midnight, midnight + timedelta(days=1))
    return _together([(hour, f"{hour:%H}:00") for hour in hours], found)


def by_day(*, accounts: Sequence[int], month: Month) -> list[Used]:
    """Every day of the month, those without usage too."""
    found = usage.by_day(accounts, month.first, month.last)
    return _together([(day, f"{day.day}") for day in month.days()], found)


def by_month(*, accounts: Sequence[int], year: int) -> list[Used]:
    """Every month of the year."""
    months = [Month(year, number) for number in range(1, 13)]
    return _together([(month.first, f"{month.first:%b}") for month in months], usage.by_month(accounts, year))


def _together(stretches: Sequence[tuple[T, str]], found: Mapping[int, Mapping[T, Usage]]) -> list[Used]:
    """What all accounts used in each stretch."""
    summed: dict[T, Usage] = {}
    for of_account in found.values():
        for first, one in of_account.items():
            before = summed.get(first, NOTHING)
            summed[first] = Usage(before.download + one.download, before.upload + one.upload)
    return [Used(first, label, *summed.get(first, NOTHING)) for first, label in stretches]

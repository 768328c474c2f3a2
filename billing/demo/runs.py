"""Which debit orders the batches of the demo collect, and when: the history leaves those unpaid."""

from __future__ import annotations

from datetime import date, timedelta
from zlib import crc32

from billing.demo.items import MANUALS
from billing.policies import debit_days
from herotill.months import Month

# A demo of more customers is there to be measured, and nothing should be under way in it.
LARGEST = 5_000
SETTLED = timedelta(days=5)  # after so many days the results of a run are in
OTHER_DAY = 8  # of so many debit orders one has a day of its own


def keeps_to_group(code: str) -> bool:
    """Whether a debit order runs on the day of its billing group."""
    return code not in MANUALS and crc32(code.encode()) % OTHER_DAY > 0


def last_run(run_day: int, today: date) -> date:
    """The last day on which a group of this run day was debited and the results are in."""
    months = (Month.of(today).plus(-n) for n in range(3))
    days = (debit_days.on(run_day, debit_days.AFTER, month) for month in months)
    return next(day for day in days if day <= today - SETTLED)

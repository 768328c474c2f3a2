"""The age analysis of everybody, against the plainest SQL over the open items."""

from __future__ import annotations

import gc
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from statistics import median
from typing import Any

from django.db import connection
from django.db.models import Max, Min

from billing.models import Entry
from billing.selectors import ageing
from tests.bench.history import ledger

TIMES = 15
FLOOR = """
SELECT customer_id, sum(open) FILTER (WHERE age >= 120), sum(open) FILTER (WHERE age >= 90 AND age < 120),
    sum(open) FILTER (WHERE age >= 60 AND age < 90), sum(open) FILTER (WHERE age >= 30 AND age < 60),
    sum(open) FILTER (WHERE age < 30)
FROM (SELECT customer_id, open, CASE WHEN open < 0 THEN 0 ELSE %s - accounting_date END AS age FROM billing_openitem) i
GROUP BY customer_id
"""


@dataclass(frozen=True)
class AgeingBench:
    """As at today for the figures; as at days of the past on standard error."""

    name: str = "billing.age_analysis"

    def run(self, size: int) -> dict[str, Any]:
        with ledger(customers=size):
            span = Entry.objects.aggregate(first=Min("accounting_date"), last=Max("accounting_date"))
            today = span["last"]
            for back in (30, 180, 365, 366, 550, 700):
                _past(today - timedelta(days=back))
            taken: dict[str, list[float]] = {"ours": [], "floor": []}
            gc.collect()
            for _ in range(TIMES):
                taken["floor"].append(_seconds(lambda: _floor(today)))
                taken["ours"].append(_seconds(lambda: ageing.everybody(as_at=today)))
        seconds, floor = median(taken["ours"]), median(taken["floor"])
        return {
            "bench": self.name,
            "n": size,
            "seconds": round(seconds, 4),
            "per_second": round(size / seconds),
            "floor_seconds": round(floor, 4),
            "ratio": round(seconds / floor, 2),
        }


def _past(day: date) -> None:
    seconds = _seconds(lambda: ageing.everybody(as_at=day))
    print(f"as at {day}: {seconds:.2f} s", file=sys.stderr)


def _floor(today: date) -> None:
    with connection.cursor() as cursor:
        cursor.execute(FLOOR, [today])
        cursor.fetchall()


def _seconds(work: Callable[[], object]) -> float:
    started = time.perf_counter()
    work()
    return time.perf_counter() - started

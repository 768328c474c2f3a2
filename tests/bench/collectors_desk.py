"""The collectors' desk over everybody: the work list made anew, its pages, and the screen to call from."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from statistics import median
from typing import Any

from django.db import connection
from django.test import Client

from billing.models import Debtor
from billing.services import work_list
from herotill.users.grants import ADMINISTRATOR
from tests.bench.collections_run import NOW, fill
from tests.bench.data import scratch
from tests.bench.pages import PageBench
from tests.factories.people import in_role

SORTS = "name overdue oldest next_on score".split()


@dataclass(frozen=True)
class DeskPages:
    """Pages against the floor view; `renew_seconds` is the whole list made anew."""

    name: str = "collections.desk"

    def run(self, size: int) -> dict[str, Any]:
        with scratch():
            fill(size)
            in_role("Admin", ADMINISTRATOR)
            renewed = []
            for number in range(3):
                started = time.perf_counter()
                work_list.renew(now=NOW + timedelta(minutes=5 * number))
                renewed.append(time.perf_counter() - started)
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
            told = PageBench(self.name, desk).run(size)
            return told | {"renew_seconds": round(median(renewed), 3), "overdue": Debtor.objects.count()}


def desk(browser: Client) -> Sequence[str]:
    """Every sort, some filters, and customers to call."""
    asked = [f"sort={way}{name}" for name in SORTS for way in ("", "-")]
    asked += ["amount_min=400", "days=60", "why=broken", "collector=none", "q=C00001", "all=1"]
    codes = Debtor.objects.order_by("pk").values_list("customer__code", flat=True)[:5]
    return [
        *(f"/billing/collections/?{one}" for one in asked),
        *(f"/billing/collections/{code}/" for code in codes),
    ]

"""Timing pages in process, each alternating with the floor view."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import cycle, islice
from statistics import median, quantiles
from typing import Any

from django.test import Client

from herotill.users.models import User

WARM_UP, TIMES = 20, 200
FLOOR = "/bench/floor/"


def client() -> Client:
    """A browser in which the demo's administrator is logged in."""
    browser = Client(raise_request_exception=True, SERVER_NAME="localhost")
    browser.force_login(User.objects.get(username="admin"))
    return browser


def seconds(browser: Client, address: str, headers: Mapping[str, str] | None = None) -> float:
    """The time of one answer. Anything but a 200 is an error."""
    started = time.perf_counter()
    answer = browser.get(address, headers=headers)
    taken = time.perf_counter() - started
    if answer.status_code != 200:
        raise RuntimeError(f"{address} answered {answer.status_code}")
    return taken


@dataclass(frozen=True)
class PageBench:
    """Pages of one kind against the floor view. `addresses` gives them, once the data stands."""

    name: str
    addresses: Callable[[Client], Sequence[str]]
    headers: Mapping[str, str] | None = None
    times: int = TIMES

    def run(self, size: int) -> dict[str, Any]:
        browser = client()
        asked = list(self.addresses(browser))
        for address in islice(cycle([*asked, FLOOR]), max(WARM_UP, 2 * len(asked))):
            seconds(browser, address, self.headers if address != FLOOR else None)
        pages: list[float] = []
        floors: list[float] = []
        each: dict[str, list[float]] = {address: [] for address in asked}
        gc.collect()
        for address in islice(cycle(asked), self.times):
            floors.append(seconds(browser, FLOOR))
            pages.append(seconds(browser, address, self.headers))
            each[address].append(pages[-1])
        worst = max(asked, key=lambda address: median(each[address]))
        return {
            "bench": self.name,
            "n": size,
            "seconds": round(median(pages), 5),
            "per_second": None,
            "floor_seconds": round(median(floors), 5),
            "ratio": round(median(pages) / median(floors), 2),
            "p95_seconds": round(quantiles(pages, n=20)[-1], 5),
            "p95_ratio": round(quantiles(pages, n=20)[-1] / median(floors), 2),
            "worst": {"page": worst, "ratio": round(median(each[worst]) / median(floors), 2)},
        }

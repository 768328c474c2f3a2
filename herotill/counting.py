"""Figures that stand on every page, such as how much work waits: counted now and then, read from the cache."""

from __future__ import annotations

from collections.abc import Callable

from django.core.cache import cache


def remembered(name: str, *, seconds: int = 60) -> Callable[[Callable[[], int]], Callable[[], int]]:
    """Count at most once in so many seconds, for everybody: `@remembered("tickets-open")`."""

    def mark(count: Callable[[], int]) -> Callable[[], int]:
        def figure() -> int:
            return cache.get_or_set(f"count:{name}", count, seconds) or 0

        return figure

    return mark

"""The cache, when Redis is away: what was only remembered is worked out anew, and what guards a door stays shut.

`add` and `incr`, by which log-in tries and used codes are counted, fail as ever.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Any, TypeVar

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import ConnectionError as Unreachable
from redis.exceptions import TimeoutError as TooSlow

log = logging.getLogger(__name__)
LEFT_ALONE = 5.0
"""Seconds for which a Redis that did not answer is not asked again, since asking takes long."""

Found = TypeVar("Found")


class Forgiving(RedisCache):
    """Redis, whose absence is as if it knew nothing."""

    away_until = 0.0

    @classmethod
    def is_away(cls) -> bool:
        """Whether it did not answer just now, and is left alone for a moment."""
        return time.monotonic() < Forgiving.away_until

    @classmethod
    def went_away(cls) -> None:
        Forgiving.away_until = time.monotonic() + LEFT_ALONE

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        return self._unless_away(lambda: super(Forgiving, self).get(key, default, version), default)

    def get_many(self, keys: Any, version: int | None = None) -> dict[Any, Any]:
        return self._unless_away(lambda: super(Forgiving, self).get_many(keys, version), {})

    def set(self, key: Any, value: Any, *args: Any, **kwargs: Any) -> None:
        self._unless_away(lambda: super(Forgiving, self).set(key, value, *args, **kwargs), None)

    def get_or_set(self, key: Any, default: Any, *args: Any, **kwargs: Any) -> Any:
        """Not by `add`, which would fail: two who ask at the same time may both work it out."""
        missing = object()
        found = self.get(key, missing)
        if found is missing:
            found = default() if callable(default) else default
            self.set(key, found, *args, **kwargs)
        return found

    def delete(self, key: Any, version: int | None = None) -> bool:
        return self._unless_away(lambda: super(Forgiving, self).delete(key, version), False)

    def delete_many(self, keys: Any, version: int | None = None) -> None:
        self._unless_away(lambda: super(Forgiving, self).delete_many(keys, version), None)

    def _unless_away(self, ask: Callable[[], Found], otherwise: Found) -> Found:
        if self.is_away():
            return otherwise
        try:
            return ask()
        except (Unreachable, TooSlow) as trouble:
            log.warning("Redis does not answer: %s", type(trouble).__name__)
            self.went_away()
            return otherwise

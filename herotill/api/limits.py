"""How often a program may ask: counted in Redis, for all web processes together."""

from __future__ import annotations

import logging
from datetime import datetime

from django.conf import settings
from django.core.cache import cache
from redis.exceptions import RedisError

from herotill.api.refusing import Refused
from herotill.caches import Forgiving

log = logging.getLogger(__name__)
WINDOW = 60


def take(who: str, *, now: datetime, allowed: int | None = None) -> None:
    """Count one request of `who`. Raises Refused, which says when to come back, beyond what a minute allows.

    Where Redis is away nothing is counted, and whoever asks is answered; it is not waited for each time.
    """
    if Forgiving.is_away():
        return
    allowed = settings.API_PER_MINUTE if allowed is None else allowed
    moment = int(now.timestamp())
    try:
        count = _one_more(f"api-rate:{who}:{moment // WINDOW}")
    except RedisError:
        Forgiving.went_away()
        log.warning("Requests to the API are not counted: Redis does not answer.")
        return
    if count > allowed:
        wait = WINDOW - moment % WINDOW
        raise Refused(
            429,
            "too_many_requests",
            f"More than {allowed} requests a minute. Ask again in {wait} seconds.",
            headers={"Retry-After": str(wait)},
        )


def _one_more(key: str) -> int:
    if cache.add(key, 1, 2 * WINDOW):
        return 1
    try:
        return int(cache.incr(key))
    except ValueError:  # it ran out between the two
        return 1

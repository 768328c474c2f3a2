"""How often the books may be called: kept in Redis, for all workers on all machines together.

One call a second, a hundred a minute, a budget for the day; an hour's silence where they say that it was too
much; and none at all after they did not know us, until somebody gives other credentials or asks for a try.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import lru_cache

import redis
from django.conf import settings

from herotill.integrations.books import Connection
from herotill.integrations.books.errors import Denied, Stopped
from herotill.integrations.http import NotSent

SECOND = 1_000_000
SILENCE = timedelta(minutes=60)
PATIENCE = 30.0
AWAY = "SageOne is not called: how often it was called cannot be asked."
DENIED = (
    "SageOne did not accept our user, password or key; it is asked again when they are changed or tested."
)

# A call gets the next free moment, or a no: "denied", "stopped" and "spent" say why. Times are microseconds.
TAKE = """
local now = tonumber(ARGV[1])
if now == 0 then local t = redis.call('TIME'); now = t[1] * 1000000 + t[2] end
local gap, minute, budget, patience = tonumber(ARGV[2]), tonumber(ARGV[3]), tonumber(ARGV[4]), tonumber(ARGV[5])
if redis.call('EXISTS', KEYS[4]) == 1 then return {'denied', 0} end
local stop = tonumber(redis.call('GET', KEYS[3]) or '0')
if stop > now then return {'stopped', stop} end
local at = now
local last = redis.call('LINDEX', KEYS[1], 0)
if last then at = math.max(at, tonumber(last) + gap) end
local first = minute > 0 and redis.call('LINDEX', KEYS[1], minute - 1)
if first then at = math.max(at, tonumber(first) + 60000000) end
if at - now > patience then return {'busy', at} end
local day = math.floor((at + 7200000000) / 86400000000)
local used = tonumber(redis.call('HGET', KEYS[2], 'day') or '-1') == day
    and tonumber(redis.call('HGET', KEYS[2], 'calls')) or 0
if budget > 0 and used >= budget then return {'spent', (day + 1) * 86400000000 - 7200000000} end
redis.call('HSET', KEYS[2], 'day', day, 'calls', used + 1)
redis.call('EXPIRE', KEYS[2], 172800)
redis.call('LPUSH', KEYS[1], string.format('%.0f', at))
redis.call('LTRIM', KEYS[1], 0, math.max(minute, 1) - 1)
redis.call('EXPIRE', KEYS[1], 180)
return {'go', at - now}
"""


@dataclass(frozen=True, slots=True)
class Pace:
    """What is allowed: seconds between calls, calls in any minute and in a day. 0 lifts a limit."""

    apart: float = 1.0
    a_minute: int = 100
    a_day: int = 4500

    @classmethod
    def set(cls) -> Pace:
        """As the settings say."""
        return cls(settings.SAGEONE_SECONDS_APART, settings.SAGEONE_A_MINUTE, settings.SAGEONE_A_DAY)


@dataclass(frozen=True, slots=True)
class Standing:
    """How it stands: calls made today, the budget, until when nothing is called, and whether they know us."""

    used: int
    budget: int
    stopped_until: datetime | None
    denied: bool


class Limits:
    """The limits of one company's books at `place`. `clock` gives microseconds where Redis' own is not meant."""

    def __init__(
        self,
        place: str,
        connection: Connection,
        *,
        pace: Pace | None = None,
        sleep: Callable[[float], None] = time.sleep,
        clock: Callable[[], int] | None = None,
    ) -> None:
        self.pace, self.sleep, self.clock = pace or Pace.set(), sleep, clock
        here = f"{settings.CELERY_BROKER_TRANSPORT_OPTIONS['global_keyprefix']}sageone:{{{place}}}"
        company = f"{here}:{connection.company_id or 'none'}"
        self.keys = (
            f"{company}:calls",
            f"{company}:day",
            f"{here}:stop",
            f"{here}:denied:{_who(connection)}",
        )

    def wait(self, patience: float = PATIENCE) -> None:
        """Wait for the next allowed moment. Raises Denied or Stopped, with nothing used up, where there is none."""
        self.sleep(self.take(patience))

    def take(self, patience: float = PATIENCE) -> float:
        """Claim the next allowed moment: in how many seconds it is. Raises as `wait` does."""
        pace = self.pace
        wanted = (int(pace.apart * SECOND), pace.a_minute, pace.a_day, int(patience * SECOND))
        try:
            said, value = _redis().eval(TAKE, 4, *self.keys, self.clock() if self.clock else 0, *wanted)
        except redis.RedisError:
            raise NotSent(AWAY) from None
        if said == b"go":
            return int(value) / SECOND
        if said == b"denied":
            raise Denied(DENIED)
        raise Stopped(_WHY[said.decode()], datetime.fromtimestamp(int(value) / SECOND, UTC))

    def stop(self, length: timedelta = SILENCE) -> datetime:
        """They said that it was too much: nobody calls for that long. Until when."""
        until = self._now() + int(length.total_seconds() * SECOND)
        _redis().set(self.keys[2], until, ex=int(length.total_seconds()) + 60)
        return datetime.fromtimestamp(until / SECOND, UTC)

    def deny(self) -> None:
        """They do not know us by these credentials: nobody tries them again."""
        _redis().set(self.keys[3], 1)

    def allow(self) -> None:
        """A person asks for a try with these credentials."""
        _redis().delete(self.keys[3])

    def standing(self) -> Standing:
        """How it stands, for a screen."""
        pipe = _redis().pipeline()
        pipe.hgetall(self.keys[1])
        pipe.get(self.keys[2])
        pipe.exists(self.keys[3])
        day, stop, denied = pipe.execute()
        now, until = self._now(), int(stop or 0)
        today = (now + 7200 * SECOND) // (86400 * SECOND)
        return Standing(
            int(day[b"calls"]) if int(day.get(b"day", -1)) == today else 0,
            self.pace.a_day,
            datetime.fromtimestamp(until / SECOND, UTC) if until > now else None,
            bool(denied),
        )

    def spent(self) -> Decimal:
        """Which part of today's calls is used up, from 0 to 1; 0 without a budget."""
        try:
            standing = self.standing()
        except redis.RedisError:
            raise NotSent(AWAY) from None
        return min(Decimal(standing.used) / standing.budget, Decimal(1)) if standing.budget else Decimal(0)

    def forget(self) -> None:
        """As if nothing had been called: for tests."""
        _redis().delete(*self.keys)

    def _now(self) -> int:
        if self.clock:
            return self.clock()
        seconds, rest = _redis().time()
        return int(seconds) * SECOND + int(rest)


_WHY = {
    "busy": "SageOne is called too often at the moment; this waits for its turn.",
    "stopped": "SageOne asked us to be silent for an hour.",
    "spent": "The calls to SageOne allowed for today are used up.",
}


def _who(connection: Connection) -> str:
    """Names credentials without telling them."""
    known = connection.credentials
    text = "\n".join((settings.SECRET_KEY, known.user, known.password, known.api_key))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _redis() -> redis.Redis:
    return _connected(settings.REDIS_URL)


@lru_cache(maxsize=2)
def _connected(url: str) -> redis.Redis:
    return redis.Redis.from_url(url, socket_timeout=5, socket_connect_timeout=3)

"""Counts tries at a door and makes the next one wait."""

from __future__ import annotations

import hashlib
from contextlib import suppress
from dataclasses import dataclass

from django.core.cache import cache

from herotill.users.policies.throttling import NAME, NETWORK, SCOPES, WINDOW, Scope


class TooSoon(Exception):
    """Another try has to wait for at most `seconds`."""

    def __init__(self, seconds: int) -> None:
        super().__init__(f"Too many tries. Wait {seconds} seconds and try again.")
        self.seconds = seconds


@dataclass(frozen=True, slots=True)
class Counter:
    """Where the tries of one scope are counted, and the gate that shuts between two of them."""

    count: str
    gate: str

    def take(self, scope: Scope) -> int:
        """Count one try; the seconds to wait if that is one too soon, which is then not counted."""
        delay = scope.delay(self._one_more())
        if delay and not cache.add(self.gate, 1, delay):
            self.give_back()
            return delay
        return 0

    def _one_more(self) -> int:
        for _ in range(2):
            cache.add(self.count, 0, WINDOW)
            with suppress(ValueError):  # it ran out between the two
                return int(cache.incr(self.count))
        return 1

    def give_back(self) -> None:
        with suppress(ValueError):
            if cache.get(self.count, 0) > 0:
                cache.decr(self.count)


@dataclass(frozen=True, slots=True)
class Try:
    """One try that was let through and counted."""

    counters: tuple[Counter, ...]

    def succeeded(self) -> None:
        """It was no mistake: forget the mistakes of this person here, and do not count this one elsewhere."""
        own, *others = self.counters
        cache.delete_many([own.count, own.gate])
        for counter in others:
            counter.give_back()


def admit(*, action: str, name: str, network: str) -> Try:
    """Count a try of `name` from `network`; raises TooSoon if it has to wait.

    Unknown names count like known ones. A refused try is not counted, so trying on makes no wait longer.
    """
    taken: list[Counter] = []
    for scope in SCOPES:
        counter = _counter(action, scope, name.strip().lower(), network)
        if wait := counter.take(scope):
            for other in taken:
                other.give_back()
                cache.delete(other.gate)
            raise TooSoon(wait)
        taken.append(counter)
    return Try(tuple(taken))


def _counter(action: str, scope: Scope, name: str, network: str) -> Counter:
    counted = {NETWORK: (network,), NAME: (name,)}.get(scope, (name, network))
    gated = (network,) if scope is NETWORK else (name, network)
    return Counter(_key(action, scope.name, *counted), _key(action, f"{scope.name} gate", *gated))


def _key(*parts: str) -> str:
    return f"throttle:{hashlib.sha256(chr(0).join(parts).encode()).hexdigest()}"

"""Settings that are asked once for many things done one after the other, such as the messages of a mailbox."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import wraps
from typing import Any, TypeVar

Read = TypeVar("Read")

_known: ContextVar[dict[Any, Any] | None] = ContextVar("settled", default=None)


@contextmanager
def settled() -> Iterator[None]:
    """Within, what is marked `@once` is asked once; a change of it meanwhile counts from the next time on."""
    token = _known.set({})
    try:
        yield
    finally:
        _known.reset(token)


def once(ask: Callable[[], Read]) -> Callable[[], Read]:
    """Marks a read of settings, of which whoever asks changes nothing. Outside `settled` it is asked each time."""

    @wraps(ask)
    def answer() -> Read:
        known = _known.get()
        if known is None:
            return ask()
        if ask not in known:
            known[ask] = ask()
        found: Read = known[ask]
        return found

    return answer

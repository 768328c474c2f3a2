"""User names that RADIUS accepts, and what to propose for a customer."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from itertools import islice

SHAPE = re.compile(r"[a-z0-9](?:[a-z0-9._@-]{0,62}[a-z0-9])?")
LONGEST = 64


def tidy(text: str) -> str:
    """A user name as it is kept: without air around it, in small letters."""
    return text.strip().lower()


def accepted(text: str) -> bool:
    """Whether RADIUS accepts it, as the database does."""
    return SHAPE.fullmatch(text) is not None


def candidates(code: str) -> Iterator[str]:
    """What to propose for a customer, in order: the code, and then with a number behind it."""
    stem = re.sub(r"[^a-z0-9]+", "", code.lower()) or "account"
    yield stem
    for number in range(2, 10_000):
        yield f"{stem}-{number}"


def propose(code: str, taken: Collection[str], count: int) -> list[str]:
    """The first candidates that nobody has."""
    return list(islice((name for name in candidates(code) if name not in taken), count))

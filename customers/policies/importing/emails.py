"""The e-mail addresses of a record (rule 7)."""

from __future__ import annotations

import re
from dataclasses import dataclass

from customers.policies.emails import is_email

_BRACKETS = re.compile("<([^<>]+)>")
_BETWEEN = re.compile(r"[;,/|\s]+")


@dataclass(frozen=True, slots=True)
class Emails:
    """The good addresses, primary first, and what is to be told."""

    good: tuple[str, ...]
    warnings: frozenset[str]
    faults: tuple[str, ...]


def read_emails(text: str) -> Emails:
    """The addresses in a cell; where it has pointed brackets, only what stands in them."""
    if not text:
        return Emails((), frozenset(), ("missing_email",))
    pieces = _pieces(" ".join(_BRACKETS.findall(text)) or text)
    good = tuple(piece for piece in pieces if is_email(piece))
    if not good:
        return Emails((), frozenset(), ("bad_email",))
    return Emails(good, frozenset(("email_dropped",)) if len(good) < len(pieces) else frozenset(), ())


def _pieces(text: str) -> list[str]:
    """The pieces in order, each once."""
    pieces = (piece.lower().removeprefix("mailto:") for piece in _BETWEEN.split(text) if piece)
    return list(dict.fromkeys(pieces))

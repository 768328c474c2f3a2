"""What reading a row may end in. Pure, for policies."""

from __future__ import annotations

from collections.abc import Mapping

Texts = Mapping[str, str]


class Refused(Exception):
    """A row that cannot be taken in; `reason` is one of the kind's words."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


def word(texts: Texts, name: str, missing: str, *, longest: int) -> str:
    """What a row says under a name. Raises Refused with `missing` where it says nothing, and for endless text."""
    text = texts.get(name, "")
    if not text:
        raise Refused(missing)
    if len(text) > longest:
        raise Refused("too_long")
    return text

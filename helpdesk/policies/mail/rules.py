"""Whether a mail rule says something about a message."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import astuple, dataclass
from email.message import EmailMessage

from . import parsing


@dataclass(frozen=True, slots=True)
class Said:
    """What a message says in its parts, or what a rule looks for in them; empty: anything."""

    sender: str = ""
    recipient: str = ""
    subject: str = ""
    body: str = ""


def matches(wanted: Said, said: Said) -> bool:
    """All that is looked for is there, in any case; a rule that looks for nothing matches nothing."""
    pairs = [
        (" ".join(text.split()).lower(), " ".join(where.split()).lower())
        for text, where in zip(astuple(wanted), astuple(said), strict=True)
        if text.strip()
    ]
    return bool(pairs) and all(text in where for text, where in pairs)


def recipients(message: EmailMessage) -> Sequence[str]:
    """The texts of the headers that say to whom it went."""
    names = ("To", "Cc", "Delivered-To", "X-Original-To")
    return [text for name in names for text in parsing.all_texts(message, name)]

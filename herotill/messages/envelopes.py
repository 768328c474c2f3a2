"""How mails about a kind of thing are addressed: from whom, where answers go, what they refer to.

An app registers an envelope for the `subject_kind` of its messages in its wiring; all other mail goes out as
the house sends it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from herotill.messages.models import Message
from herotill.registry import Registry


@dataclass(frozen=True, slots=True)
class Dress:
    """What a mail wears: empty values are the house's own. `above` is a line before its text.

    A header without a value takes away the house's.
    """

    sender: str = ""
    reply_to: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    above: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Envelope:
    """Dresses the mails about one kind of thing, each just before it goes out."""

    name: str
    dress: Callable[[Message], Dress]
    order: int = 100


envelopes: Registry[Envelope] = Registry("envelope")


def dress(message: Message) -> Dress:
    """How this message is addressed."""
    if message.subject_kind in envelopes:
        return envelopes[message.subject_kind].dress(message)
    return Dress()

"""The port of SMS gateways: what each of them does for us, in our words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any, Protocol

DIGITS = frozenset("0123456789")


@dataclass(frozen=True, slots=True)
class Text:
    """An SMS to send: to a number in E.164, with our reference, which comes back."""

    to: str
    text: str
    reference: str


@dataclass(frozen=True, slots=True)
class Taken:
    """What a gateway said to one Text: taken, with its id, parts and price, or refused, and whether for good."""

    reference: str
    accepted: bool
    gateway_id: str = ""
    parts: int | None = None
    cost: Decimal | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class Report:
    """What became of an SMS. `state` is sent, delivered or failed; either id names which."""

    state: str
    reference: str = ""
    gateway_id: str = ""
    error: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Reply:
    """An SMS that somebody sent us."""

    sender: str
    text: str
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Balance:
    """What is left to spend, in the gateway's unit."""

    amount: Decimal
    unit: str


class Gateway(Protocol):
    """One gateway. Texts go out `at_once` at most; `repeatable` says that the same reference is sent once."""

    name: str
    at_once: int
    repeatable: bool

    def send(self, texts: Sequence[Text]) -> Sequence[Taken]:
        """Hand texts over; an answer for each. Raises NotSent or Uncertain for all of them."""
        ...

    def balance(self) -> Balance:
        """What is left. Raises IntegrationError."""
        ...


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a gateway knows us by."""

    key: str
    secret: str
    sender: str = ""


class Reads(Protocol):
    """Reads what a gateway posts to us. Raises ValueError for what it cannot be."""

    def __call__(self, posted: Any) -> tuple[list[Report], list[Reply]]: ...


def code(value: object) -> str:
    """A partner's error code, if it is as short and plain as one; never its text, which could hold anything."""
    text = str(value or "")
    return (
        text if len(text) <= 40 and text.replace("_", "").replace("-", "").replace(".", "").isalnum() else ""
    )


def number(e164: str) -> str:
    """+27821234567 as most gateways write it: 27821234567."""
    return e164.lstrip("+")


def e164(value: object) -> str:
    """The number as we write it; "" for what is none, which has up to fifteen digits."""
    digits = "".join(one for one in str(value or "") if one in DIGITS)
    return f"+{digits}" if 0 < len(digits) <= 15 else ""


def mapping(value: Any) -> Mapping[str, Any]:
    """`value` if it is an object of JSON. Raises ValueError."""
    if not isinstance(value, dict):
        raise ValueError("not an object")
    return value

"""The port of card gateways: sending a payer there, reading what comes back, charging a card they keep for us.

No card number passes here: the payer types it at the gateway, which gives us a token at most.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Protocol
from urllib.parse import parse_qsl

ZAR = "ZAR"
_AMOUNT = re.compile(r"\d{1,9}\.\d{2}\Z")


class Can(StrEnum):
    """What not every gateway does for us."""

    SIGN = "sign"  # its notices carry a signature that we can verify
    LOOK_UP = "look up"  # our server can fetch what came in
    STORE = "store"  # it keeps a card and gives us a token
    CHARGE = "charge"  # it charges a token when asked


class Status(StrEnum):
    """What a notice says of a payment."""

    PAID = "paid"
    PENDING = "pending"
    FAILED = "failed"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True)
class Credentials:
    """What a gateway knows us by. Shown nowhere."""

    merchant: str
    key: str
    passphrase: str
    test_mode: bool = False

    def __repr__(self) -> str:
        return f"<credentials of {self.merchant}>"


@dataclass(frozen=True, slots=True)
class Payment:
    """What the payer is sent to the gateway for. `proof` is the word that comes back with the notice."""

    reference: str
    proof: str
    amount: Decimal
    text: str
    return_url: str
    cancel_url: str
    notify_url: str
    store_card: bool = False


@dataclass(frozen=True, slots=True)
class Redirect:
    """The form that takes the payer there; `origins` are all that it may lead to."""

    url: str
    fields: Sequence[tuple[str, str]]
    origins: Sequence[str]


@dataclass(frozen=True, slots=True)
class Card:
    """What may be known of a card: the gateway's token for it, and what may be shown."""

    token: str
    brand: str = ""
    last_four: str = ""
    expires_on: date | None = None

    def __repr__(self) -> str:
        return f"<card {self.last_four}>"


@dataclass(frozen=True, slots=True)
class Notification:
    """What a gateway says of one payment. `reference` is ours, `gateway_reference` theirs.

    `merchant` and `proof` are empty where the gateway does not send them back.
    """

    reference: str
    gateway_reference: str
    status: Status
    amount: Decimal | None
    currency: str = ZAR
    fee: Decimal | None = None
    merchant: str = ""
    proof: str = ""
    card: Card | None = None
    says: str = ""


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether a notice is the gateway's word, and why not."""

    stands: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Charged:
    """What became of charging a stored card. `code` is the code of an unpaid."""

    paid: bool
    gateway_reference: str = ""
    code: str = ""
    says: str = ""


class Gateway(Protocol):
    """One gateway. `real` is false for servers that stand in and for test mode: their money is none.

    `verify_amount` is what verifying a card takes, `smallest` the least that can be paid, in rand.
    """

    kind: str
    can: frozenset[Can]
    real: bool
    verify_amount: Decimal
    smallest: Decimal

    def start(self, payment: Payment) -> Redirect:
        """The form for the payer's browser."""
        ...

    def parse(self, raw: bytes) -> Notification:
        """What a notice says, whoever sent it. Raises ValueError for what is none."""
        ...

    def verify(self, raw: bytes, came_from: str) -> Verdict:
        """Whether the gateway sent it. Raises NotSent or Uncertain where it cannot be asked now."""
        ...

    def came_in(self, day: date) -> Sequence[Notification]:
        """What our server finds there of payments from `day` to the next. Raises NotSent or Uncertain."""
        ...

    def charge(self, token: str, amount: Decimal, reference: str, text: str) -> Charged:
        """Charge a stored card, once. Raises NotSent where nothing happened, Uncertain where nobody knows."""
        ...

    def test_connection(self) -> str:
        """A sentence on whether it knows us. Raises IntegrationError."""
        ...


def rand_of(text: str) -> Decimal:
    """An amount in rand as gateways write it. Raises ValueError for anything else, such as 1e3 or -5.00."""
    if not _AMOUNT.match(text):
        raise ValueError("no amount")
    return Decimal(text)


def plain(text: str, length: int) -> str:
    """Text for a gateway's form: one line, without control characters, cut to its length."""
    return " ".join("".join(one if one.isprintable() else " " for one in text).split())[:length]


def fields_of(raw: bytes) -> list[tuple[str, str]]:
    """The fields of a posted form in the order received, blank ones too. Raises ValueError for a broken one."""
    text = raw.decode("ascii")
    pairs = parse_qsl(text, keep_blank_values=True, strict_parsing=True, errors="strict", max_num_fields=100)
    if len({name for name, _ in pairs}) < len(pairs):
        raise ValueError("a field stands twice")
    if any("\0" in text for pair in pairs for text in pair):
        raise ValueError("no text")
    return pairs

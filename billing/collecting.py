"""Ways in which collections are carried out: banks' formats and card gateways. A batch knows nothing of either."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Protocol, runtime_checkable

from herotill.registry import Registry


@dataclass(frozen=True, slots=True)
class Bill:
    """What a channel needs to know of a batch. `name` is unique among all batches."""

    pk: int
    name: str
    action_date: date
    made_on: date
    file_token: str = ""
    bank_reference: str = ""


@dataclass(frozen=True, slots=True)
class BankAccountOfPayer:
    """The account a debit order goes against; `number` in the clear, so never logged and never shown."""

    holder: str
    account_type: str
    bank: str
    branch_code: str
    number: str

    def __repr__(self) -> str:
        return f"<account of {self.holder}>"


@dataclass(frozen=True, slots=True)
class CardOfPayer:
    """A stored card; its token is asked of the row when it is charged."""

    card_id: int
    gateway_id: int
    brand: str
    last_four: str
    expires_on: date | None


@dataclass(frozen=True, slots=True)
class OutLine:
    """One collection as it goes out. Exactly one of `account` and `card` is there.

    `reference` is the customer's code; `line_reference` is ours, unique for ever, and is to come back with
    every result that concerns the line.
    """

    pk: int
    customer_id: int
    reference: str
    name: str
    amount: Decimal
    line_reference: str
    account: BankAccountOfPayer | None = None
    card: CardOfPayer | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a batch or one of its lines would not be taken; `line` is the line's pk, none for the batch."""

    line: int | None
    text: str


@dataclass(frozen=True, slots=True)
class ResultRow:
    """One thing that bank or gateway told: (channel, told_id, told_type) says which, once and for all.

    `kind` is one of CollectionResult.Kind. `amount` is what moved, above zero for a collection and for its
    unpaid alike; below zero only for what left the account in an "other" row. `reference` is the account
    reference, `line_reference` the one we gave, empty where none came back; `code` says why a debit came back.
    """

    told_id: str
    told_type: str
    kind: str
    day: date
    amount: Decimal
    reference: str = ""
    code: str = ""
    text: str = ""
    line_reference: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the other side said of a batch that was sent. `state` is one of CollectionBatch.State.

    `refused` are lines it did not take (line's pk and its words); `raw` is kept, encrypted, as it came.
    """

    state: str
    file_token: str = ""
    bank_reference: str = ""
    trouble: str = ""
    refused: Sequence[Problem] = ()
    raw: bytes = b""


class Carrier(Protocol):
    """Sends batches and asks what became of them. Each raises DomainError in words for a person.

    Where the line fails, NotSent says that nothing happened there, Uncertain that something may have.
    """

    def send(self, bill: Bill, lines: Sequence[OutLine], content: bytes, now: datetime) -> Sent:
        """Hand over what was released: its file as `write` made it, without keys.

        Asked twice with one batch it must not collect twice.
        """

    def report(self, bill: Bill, now: datetime) -> Sent | None:
        """Whether it was loaded; none while the other side does not know yet."""

    def authorise(self, bill: Bill, now: datetime) -> Sent:
        """Let a loaded batch go."""

    def status(self, bill: Bill, now: datetime) -> Sent | None:
        """What the other side says of it now; none for nothing new."""


class Channel(Protocol):
    """One way to collect. `method` is one of CollectionBatch.Method; `carrier` is none where files go by hand."""

    name: str
    title: str
    method: str
    extension: str
    order: int
    carrier: Carrier | None

    def closed(self) -> str:
        """Why it cannot be used at present; empty when it can."""

    def account_id(self) -> int | None:
        """The account of ours (BankAccount) into which it collects."""

    def earliest(self, now: datetime) -> date:
        """The first action date that is still taken when a batch is sent at `now`."""

    def takes(self, day: date) -> bool:
        """Whether `day` can be an action date at all."""

    def problems(self, bill: Bill, lines: Sequence[OutLine], now: datetime) -> Sequence[Problem]:
        """What the other side would refuse, before it is asked."""

    def write(self, bill: Bill, lines: Iterable[OutLine]) -> bytes:
        """The file of a batch, without keys of services: where one stands there is a placeholder."""

    def keyed(self, content: bytes) -> bytes:
        """The file as it leaves the house, with the keys put in; called only while it is sent or downloaded."""

    def parse_results(self, content: bytes) -> Sequence[ResultRow]:
        """The rows of a file of results. Raises DomainError that names the line which cannot be read."""


@runtime_checkable
class Teller(Protocol):
    """A channel whose results can be asked for, day by day."""

    name: str
    title: str

    def fetch(self, day: date | None) -> bytes | None:
        """The results of a day, of today so far without one; none while not ready, empty where nothing is new."""


@runtime_checkable
class ToldElsewhere(Protocol):
    """A channel whose results stand in the statements of another, the one called `told_by`."""

    told_by: str


channels: Registry[Channel] = Registry("channel of collections")


def told_in(channel: str) -> list[str]:
    """The channels whose results stand in the statements of this one: it, and those that it tells of."""
    told = [one.name for one in channels if isinstance(one, ToldElsewhere) and one.told_by == channel]
    return [channel, *told]


def line_reference(line: int) -> str:
    """What a line is called in files and results."""
    return f"HT{line}"


def line_of(reference: str) -> int | None:
    """The line that a reference of ours names; none for what is not one."""
    digits = reference.strip().upper().removeprefix("HT")
    ours = reference.strip().upper().startswith("HT") and digits.isdecimal() and digits.isascii()
    return int(digits) if ours and len(digits) < 18 else None

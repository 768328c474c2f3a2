"""What a row of call records says, whatever wrote it; `formats` names those that are known."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from hashlib import blake2b
from typing import Any, ClassVar, NamedTuple, Protocol

from dataaccounts.policies.calls.moments import USUAL, Moments
from dataaccounts.policies.calls.numbers import E164, SHORT, Numbers
from herotill.errors import DomainError

OUT, IN, INSIDE = "out", "in", "inside"
LONGEST_CALLER = 200


class Profile(Protocol):
    """How files of a source are read, as `models.CallProfile` keeps it."""

    kind: str
    encoding: str
    delimiter: str
    has_header: bool
    skip_records: int
    footer_first_field: str
    trunk_channel_regex: str
    strip_prefixes: Any
    line_match: Any
    columns: Any
    date_format: str
    time_format: str
    duration_unit: str
    outbound_value: str
    cost_includes_vat: bool
    vat_percent: Decimal
    dedupe: str


class Said(NamedTuple):
    """A row as it was read. `refused` names why it could not be; then the rest says nothing.

    `at` and `ends` are by the profile's clock. `own`, `far` and `thread` tie rows of one call together; `moved` says
    that the call went on in its far leg. `caller` are the texts that may name the line.
    """

    refused: str = ""
    key: str | None = None
    at: str | None = None
    seconds: int = 0
    answered: bool = False
    direction: str = OUT
    kind: str = ""
    called: str = ""
    caller: tuple[str, ...] | None = None
    cost: Decimal | None = None
    own: str = ""
    far: str = ""
    thread: str = ""
    ends: str | None = None
    moved: bool = False


class Format:
    """Reads rows of one profile. `headings` are the columns of the file, in their order."""

    columns: ClassVar[Sequence[str] | None] = None  # of a file without a heading
    needs: ClassVar[tuple[str, ...]] = ()

    def __init__(self, profile: Profile, headings: Sequence[str]) -> None:
        self.places = {name: place for place, name in reversed(list(enumerate(headings)))}
        self.width = len(headings)
        for name in (*self.needs, *profile.line_match):
            self.at(name)
        self.numbers = Numbers(profile.strip_prefixes)
        self.match = [self.at(name) for name in profile.line_match]
        self.moments = Moments(USUAL)
        self.profile = profile

    def at(self, name: str) -> int:
        """Where a column stands. Raises DomainError where there is none of this name."""
        if name not in self.places:
            raise DomainError(f"There is no column {name or '(without a name)'} in the file.")
        return self.places[name]

    def read(self, fields: list[str]) -> Said:
        """What a row says."""
        if len(fields) != self.width:
            return Said("columns")
        row = list(map(str.strip, fields))
        at = self.began(row)
        if at is None:
            return Said("bad_date")
        length = self.length(row)
        if length is None:
            return Said("bad_duration")
        return self.told(row, at, length)

    def began(self, row: list[str]) -> str | None:
        raise NotImplementedError

    def length(self, row: list[str]) -> int | None:
        raise NotImplementedError

    def told(self, row: list[str], at: str, length: int) -> Said:
        raise NotImplementedError

    def caller(self, row: list[str], direction: str, kind: str, length: int) -> tuple[str, ...] | None:
        """The texts that may name the line, of rows that may be calls to bill."""
        if direction != OUT or not length or kind not in (E164, SHORT):
            return None
        return tuple([row[place][:LONGEST_CALLER] for place in self.match])


def known_by(*parts: str) -> str:
    """A row's key, short enough for an index: a UUID's 32 figures."""
    return blake2b("\x1f".join(parts).encode(), digest_size=16).hexdigest()

"""What a row of each format says: the known telephone systems, and wholesalers' CSV by its columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import blake2b
from typing import Any, ClassVar, NamedTuple, Protocol

from dataaccounts.policies.calls.moments import Moments, clock, epoch, seconds
from dataaccounts.policies.calls.numbers import E164, INTERNAL, SHORT, Numbers
from herotill.errors import DomainError

ASTERISK = (
    "accountcode src dst dcontext clid channel dstchannel lastapp lastdata start answer end duration billsec"
    " disposition amaflags uniqueid userfield"
).split()
FREESWITCH = (
    "caller_id_name caller_id_number destination_number context start_stamp answer_stamp end_stamp duration billsec"
    " hangup_cause uuid bleg_uuid accountcode read_codec write_codec"
).split()
THREECX = (
    "historyid callid duration time-start time-answered time-end reason-terminated from-no to-no from-dn to-dn dial-no"
    " reason-changed final-number final-dn bill-code bill-rate bill-cost bill-name chain missed-queue-calls"
    " from-dispname to-dispname final-dispname from-type to-type final-type"
).split()
USUAL = "YYYY-MM-DD HH:MM:SS"
OUT, IN, INSIDE = "out", "in", "inside"
LONGEST_CALLER = 200
_COST = re.compile(r"[0-9]{1,8}\.[0-9]+")
_MOVED = frozenset({"BLIND_TRANSFER", "ATTENDED_TRANSFER"})


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
        row = [field.strip() for field in fields]
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


class _Channels(Format):
    """Asterisk and what builds on it: channels say which way a call went."""

    needs: ClassVar[tuple[str, ...]] = (
        "src",
        "dst",
        "channel",
        "dstchannel",
        "lastapp",
        "billsec",
        "disposition",
        "uniqueid",
    )
    start = "start"

    def __init__(self, profile: Profile, headings: Sequence[str]) -> None:
        super().__init__(profile, headings)
        self.starts, self.dst, self.billsec = self.at(self.start), self.at("dst"), self.at("billsec")
        self.channel, self.far = self.at("channel"), self.at("dstchannel")
        self.app, self.disposition = self.at("lastapp"), self.at("disposition")
        self.uniqueid = self.at("uniqueid")
        try:
            self.outside = re.compile(profile.trunk_channel_regex or r"(?!)").search
        except re.error as no:
            raise DomainError(f"The pattern for channels to the outside is none: {no}.") from no

    def began(self, row: list[str]) -> str | None:
        return self.moments.read(row[self.starts])

    def length(self, row: list[str]) -> int | None:
        return seconds(row[self.billsec])

    def direction(self, row: list[str]) -> str:
        if row[self.app] == "Dial" and self.outside(row[self.far]):
            return OUT
        return IN if self.outside(row[self.channel]) else INSIDE

    def told(self, row: list[str], at: str, length: int) -> Said:
        direction = self.direction(row)
        kind, called = self.numbers.read(row[self.dst])
        return Said(
            key=self.key(row),
            at=at,
            seconds=length,
            answered=row[self.disposition] == "ANSWERED",
            direction=direction,
            kind=kind,
            called=called,
            caller=self.caller(row, direction, kind, length),
            own=row[self.channel],
            far=row[self.far],
            thread=self.thread(row),
            ends=self.ended(row),
        )

    def key(self, row: list[str]) -> str:
        raise NotImplementedError

    def thread(self, row: list[str]) -> str:
        return ""

    def ended(self, row: list[str]) -> str | None:
        return None


class Asterisk(_Channels):
    columns = ASTERISK
    needs: ClassVar[tuple[str, ...]] = (*_Channels.needs, "start", "end")

    def key(self, row: list[str]) -> str:
        return known_by(row[self.uniqueid], row[self.starts], row[self.dst], row[self.billsec])

    def ended(self, row: list[str]) -> str | None:
        return self.moments.read(row[self.places["end"]])


class FreePbx(_Channels):
    needs: ClassVar[tuple[str, ...]] = (*_Channels.needs, "calldate", "linkedid", "sequence")
    start = "calldate"

    def key(self, row: list[str]) -> str:
        return known_by(row[self.uniqueid], row[self.places["sequence"]])

    def thread(self, row: list[str]) -> str:
        return row[self.places["linkedid"]]


class _Legs(Format):
    """FreeSWITCH and what builds on it: a call may stand in two rows, one for each leg."""

    own_name, far_name = "uuid", "bleg_uuid"

    def __init__(self, profile: Profile, headings: Sequence[str]) -> None:
        super().__init__(profile, headings)
        self.own, self.far, self.billsec = self.at(self.own_name), self.at(self.far_name), self.at("billsec")
        self.dst, self.cause = self.at("destination_number"), self.at("hangup_cause")

    def length(self, row: list[str]) -> int | None:
        return seconds(row[self.billsec])

    def direction(self, row: list[str]) -> str:
        raise NotImplementedError

    def told(self, row: list[str], at: str, length: int) -> Said:
        direction = self.direction(row)
        kind, called = self.numbers.read(row[self.dst])
        moved = row[self.cause] in _MOVED
        return Said(
            key=known_by(row[self.own]),
            at=at,
            seconds=length,
            answered=True,
            direction=direction,
            kind=kind,
            called=called,
            caller=self.caller(row, direction, kind, length or int(moved)),
            own=row[self.own],
            far=row[self.far],
            moved=moved,
        )


class FreeSwitch(_Legs):
    columns = FREESWITCH
    needs = ("start_stamp", "context")

    def began(self, row: list[str]) -> str | None:
        return self.moments.read(row[self.places["start_stamp"]])

    def direction(self, row: list[str]) -> str:
        return IN if row[self.places["context"]] == "public" else OUT


class FusionPbx(_Legs):
    needs = ("direction", "start_epoch")
    own_name, far_name = "xml_cdr_uuid", "bridge_uuid"
    ways = {"outbound": OUT, "inbound": IN}

    def began(self, row: list[str]) -> str | None:
        return epoch(row[self.places["start_epoch"]])

    def direction(self, row: list[str]) -> str:
        return self.ways.get(row[self.places["direction"]], INSIDE)


class ThreeCx(Format):
    columns = THREECX
    needs = ("historyid", "callid", "duration", "time-start", "to-no", "from-type", "to-type")

    def __init__(self, profile: Profile, headings: Sequence[str]) -> None:
        super().__init__(profile, headings)
        self.moments = Moments("YYYY/MM/DD HH:MM:SS")

    def began(self, row: list[str]) -> str | None:
        return self.moments.read(row[self.places["time-start"]])

    def length(self, row: list[str]) -> int | None:
        said = row[self.places["duration"]]
        return clock(said) if said else 0

    def told(self, row: list[str], at: str, length: int) -> Said:
        if row[self.places["from-type"]] != "Extension":
            direction = IN
        else:
            direction = OUT if row[self.places["to-type"]] == "ExternalLine" else INSIDE
        kind, called = self.numbers.read(row[self.places["to-no"]])
        return Said(
            key=known_by(row[self.places["historyid"]], row[self.places["callid"]]),
            at=at,
            seconds=length,
            answered=True,
            direction=direction,
            kind=kind,
            called=called,
            caller=self.caller(row, direction, kind, length),
            thread=row[self.places["historyid"]],
        )


class Mapped(Format):
    """A wholesaler's CSV: `columns` of the profile say what stands where."""

    def __init__(self, profile: Profile, headings: Sequence[str]) -> None:
        super().__init__(profile, headings)
        named = profile.columns
        timed = [self.at(named[part]) for part in ("date", "time") if named.get(part)]
        self.starts = timed if not named.get("start") else [self.at(named["start"])]
        if not self.starts:
            raise DomainError("The format does not say which column holds the start.")
        self.moments = Moments(f"{profile.date_format} {profile.time_format}".strip())
        self.dst, self.lasts = self.at(named.get("b_number", "")), self.at(named.get("billsec", ""))
        self.account = self._maybe("account")
        self.src = self._maybe("a_number")
        self.cost = self._maybe("supplier_cost")
        self.way = self._maybe("direction")
        self.by_id = profile.dedupe == "call_id"
        self.call_id = self.at(named.get("call_id", "")) if self.by_id else None
        self.measure = clock if profile.duration_unit == "hh:mm:ss" else seconds
        self.share = 1 + Decimal(profile.vat_percent) / 100 if profile.cost_includes_vat else Decimal(1)

    def _maybe(self, part: str) -> int | None:
        return self.at(self.profile.columns[part]) if self.profile.columns.get(part) else None

    def began(self, row: list[str]) -> str | None:
        return self.moments.read(" ".join([row[place] for place in self.starts]))

    def length(self, row: list[str]) -> int | None:
        return self.measure(row[self.lasts])

    def told(self, row: list[str], at: str, length: int) -> Said:
        cost = None
        if self.cost is not None:
            said = row[self.cost].removeprefix("R").replace(" ", "").replace("\xa0", "").replace(",", ".")
            if not _COST.fullmatch(said):
                return Said("bad_cost")
            cost = Decimal(said) / self.share
        out = self.way is None or row[self.way] == self.profile.outbound_value
        direction = OUT if out else IN
        kind, called = self.numbers.read(row[self.dst])
        return Said(
            key=self.key(row, at, length),
            at=at,
            seconds=length,
            answered=True,
            direction=direction,
            kind=kind,
            called=called,
            caller=self.caller(row, direction, kind, length),
            cost=cost,
        )

    def key(self, row: list[str], at: str, length: int) -> str:
        if self.call_id is not None:
            return known_by(row[self.call_id])
        account = row[self.account].lower() if self.account is not None else ""
        caller = self._told_number(row[self.src]) if self.src is not None else ""
        return known_by(account, caller, self._told_number(row[self.dst]), at, str(length))

    def _told_number(self, text: str) -> str:
        kind, figures = self.numbers.read(text)
        return text if kind in ("", INTERNAL) else figures


FORMATS: Mapping[str, type[Format]] = {
    "asterisk_master": Asterisk,
    "freepbx_report": FreePbx,
    "freeswitch_example": FreeSwitch,
    "fusionpbx_export": FusionPbx,
    "3cx_default": ThreeCx,
    "mapped": Mapped,
}

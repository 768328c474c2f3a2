"""Rows of the telephone systems that are known."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import ClassVar

from dataaccounts.policies.calls.moments import Moments, clock, epoch, seconds
from dataaccounts.policies.calls.rows import IN, INSIDE, OUT, Format, Profile, Said, known_by
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
_MOVED = frozenset({"BLIND_TRANSFER", "ATTENDED_TRANSFER"})


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
            key=known_by(row[self.own]) if row[self.own] else known_by(*row),
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

"""The formats of call records: the known telephone systems, and wholesalers' CSV by its columns."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from dataaccounts.policies.calls.moments import Moments, clock, minutes, seconds
from dataaccounts.policies.calls.numbers import INTERNAL
from dataaccounts.policies.calls.rows import IN, OUT, Format, Profile, Said, known_by
from dataaccounts.policies.calls.systems import Asterisk, FreePbx, FreeSwitch, FusionPbx, ThreeCx
from herotill.errors import DomainError

_MEASURES = {"hh:mm:ss": clock, "mm:ss": minutes}
_COST = re.compile(r"[0-9]{1,8}\.[0-9]+")


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
        self.measure = _MEASURES.get(profile.duration_unit, seconds)
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
        if self.call_id is not None and row[self.call_id]:
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

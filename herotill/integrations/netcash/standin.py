"""A server that stands in for Netcash's web services, as far as they are documented, and can be told to misbehave."""

from __future__ import annotations

import json
from collections import deque
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from defusedxml.ElementTree import fromstring

from herotill.integrations.netcash import Keys
from herotill.integrations.netcash.bureau import Bureau
from herotill.integrations.standin import Said, StandIn

ACCOUNT = ("RequestMerchantStatement", "RequestInterimMerchantStatement", "RetrieveMerchantStatement")
CHECK = "ValidateBankAccount"
FAULT = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body><s:Fault/></s:Body></s:Envelope>'
)
KEYS = Keys(debit="11111111-2222-4333-8444-555555555555", account="66666666-7777-4888-9999-aaaaaaaaaaaa")


class NetcashStandIn(StandIn):
    """The server; what it does with files is `bureau`'s.

    `say("311")` has the next call answered by a code whatever it asks, `garble()` by something that is no XML.
    With `kept` it goes on from that file when it is started again.
    """

    content_type = "text/xml; charset=utf-8"

    def __init__(self, bureau: Bureau, *, keys: Keys = KEYS, port: int = 0, kept: Path | None = None) -> None:
        super().__init__(port=port)
        self.bureau, self.keys, self.kept = bureau, keys, kept
        self.polled: dict[str, int] = {}
        self._told: deque[str] = deque()
        self._garbled = 0
        if kept and kept.exists():
            bureau.go_on(json.loads(kept.read_text()))

    def say(self, *codes: str) -> None:
        self._told.extend(codes)

    def garble(self, calls: int = 1) -> None:
        self._garbled += calls

    def methods(self) -> list[str]:
        """What was called, in its order."""
        return [body[0] for _, _, body in self.calls]

    def knows(self, authorization: str) -> bool:
        return True  # the key stands in the body

    def understood(self, raw: bytes) -> tuple[str, dict[str, str]]:
        """The method of an envelope, and its parameters."""
        method = fromstring(raw)[0][0]
        return _name(method.tag), {_name(one.tag): one.text or "" for one in method}

    def written(self, said: Any) -> bytes:
        """Text in an envelope of the method it answers; anything else is a fault."""
        if self._garbled:
            self._garbled -= 1
            return b"<html><body>Service Unavailable<br></body>"
        if not isinstance(said, tuple):
            return FAULT.encode()
        method, text = said
        inside = escape(text, {"\r": "&#xD;"})
        return (
            '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
            f'<{method}Response xmlns="http://tempuri.org/"><{method}Result>{inside}</{method}Result>'
            f"</{method}Response></s:Body></s:Envelope>"
        ).encode()

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Said:
        name, parameters = body
        if self._told:
            return 200, (name, self._told.popleft())
        said = self._refused(name, parameters) or self._dispatched(name, parameters)
        if self.kept:
            self.kept.write_text(json.dumps(self.bureau.kept()))
        return (500, None) if said is None else (200, (name, said))

    def _refused(self, name: str, parameters: Mapping[str, str]) -> str:
        key = parameters.get("ServiceKey", "")
        if key not in (self.keys.debit, self.keys.account):
            return "100"
        wanted = self.keys.account if name in (*ACCOUNT, CHECK) else self.keys.debit
        return "" if key == wanted else "311"

    def _dispatched(self, name: str, parameters: Mapping[str, str]) -> str | None:
        do = _METHODS.get(name)
        return do(self, parameters) if do else None

    # --- the methods --------------------------------------------------------------------------------

    def _upload(self, told: Mapping[str, str]) -> str:
        if told["File"].split("\t")[1:2] != [self.keys.debit]:
            return "100"
        return self.bureau.take(told["File"])

    def _report(self, told: Mapping[str, str]) -> str:
        return self.bureau.report(told["FileToken"])

    def _last_ten(self, told: Mapping[str, str]) -> str:
        return self.bureau.listed(self.keys.debit, self.bureau.newest(10))

    def _last(self, told: Mapping[str, str]) -> str:
        return self.bureau.listed(self.keys.debit, self.bureau.newest(int(told["NumberOfBatches"])))

    def _named(self, told: Mapping[str, str]) -> str:
        return self.bureau.listed(self.keys.debit, self.bureau.named(told["BatchName"]))

    def _authorise(self, told: Mapping[str, str]) -> str:
        return self.bureau.authorise(told["BatchIndicator"])

    def _action_date(self, told: Mapping[str, str]) -> str:
        asked = _day(told["Date"])
        if asked is None:
            return "101"
        found = self.bureau.action_date(asked, told["Instruction"], told["ForwardActionDate"] == "true")
        return f"{found:%Y%m%d}" if found else "101"

    def _ask_statement(self, told: Mapping[str, str]) -> str:
        day = _day(told["FromActionDate"])
        if day is None or day >= self.bureau.now().date():
            return "101"
        return self._to_be_polled(day)

    def _ask_interim(self, told: Mapping[str, str]) -> str:
        return self._to_be_polled(self.bureau.now().date())

    def _to_be_polled(self, day: date) -> str:
        polling_id = f"6366{day:%Y%m%d}{len(self.polled):06}"
        self.polled[polling_id] = 0
        return polling_id

    def _statement(self, told: Mapping[str, str]) -> str:
        polling_id = told["PollingId"]
        if polling_id not in self.polled:
            return "102"
        self.polled[polling_id] += 1
        if self.polled[polling_id] <= self.bureau.polls:
            return "FILE NOT READY"
        day = _day(polling_id[4:12])
        return self.bureau.statement(day) if day else "102"

    def _check(self, told: Mapping[str, str]) -> str:
        branch, kind = told["BranchCode"], told["AccountType"]
        if len(branch) != 6 or not branch.isdigit():
            return "1"
        if kind not in ("1", "2", "3"):
            return "3"
        if not told["AccountNumber"].isdigit():
            return "4"
        return "0" if self.bureau.check(kind, told["AccountNumber"], branch) else "2"


_METHODS: Mapping[str, Callable[[NetcashStandIn, Mapping[str, str]], str]] = {
    "BatchFileUpload": NetcashStandIn._upload,
    "RequestFileUploadReport": NetcashStandIn._report,
    "RetrieveBatchStatus": NetcashStandIn._last_ten,
    "RetrieveMultipleBatchStatus": NetcashStandIn._last,
    "RetrieveSpecificBatchStatus": NetcashStandIn._named,
    "RequestBatchAuthorise": NetcashStandIn._authorise,
    "RequestActionDate": NetcashStandIn._action_date,
    "RequestMerchantStatement": NetcashStandIn._ask_statement,
    "RequestInterimMerchantStatement": NetcashStandIn._ask_interim,
    "RetrieveMerchantStatement": NetcashStandIn._statement,
    CHECK: NetcashStandIn._check,
}


def _name(tag: str) -> str:
    return tag.rpartition("}")[2]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text if text.isdigit() else "")
    except ValueError:
        return None

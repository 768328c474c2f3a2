"""SMSPortal's REST interface. A repeated call is sent again, so what is uncertain is never repeated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from herotill.integrations.http import Answer, Caller, NotSent, Uncertain
from herotill.integrations.sms import (
    Balance,
    Credentials,
    Reply,
    Report,
    Taken,
    Text,
    code,
    e164,
    mapping,
    number,
)

DELIVERED = {"DELIVRD", "DELIVERED"}
FAILED = {"UNDELIV", "UNDELIVERED", "EXPIRED", "REJECTD", "REJECTED", "BLIST", "FAILED", "DELETED"}
REFUSED = {
    400: "SMSPortal did not understand us.",
    401: "SMSPortal does not accept our key.",
    402: "SMSPortal: no credit left.",
    403: "SMSPortal: not allowed, perhaps no credit left.",
    429: "SMSPortal asks us to slow down.",
}


class SmsPortal:
    """The gateway."""

    name = "smsportal"
    at_once = 100
    repeatable = False

    def __init__(self, credentials: Credentials, base: str) -> None:
        self.caller = Caller("SMSPortal", base, auth=(credentials.key, credentials.secret))
        self.sender = credentials.sender

    def send(self, texts: Sequence[Text]) -> list[Taken]:
        answer = self.caller.post("/v1/bulkmessages", json=self._body(texts))
        self._refused(answer)
        said = answer.json()
        if not isinstance(said, dict) or "eventId" not in said:
            raise Uncertain("SMSPortal gave an answer that cannot be read.")
        return list(_taken(texts, said))

    def balance(self) -> Balance:
        answer = self.caller.get("/v1/balance")
        self._refused(answer)
        return Balance(Decimal(str(mapping(answer.json()).get("balance") or 0)), "credits")

    def _body(self, texts: Sequence[Text]) -> dict[str, Any]:
        messages = [
            {"destination": number(one.to), "content": one.text, "customerId": one.reference} for one in texts
        ]
        options = {"senderId": self.sender} if self.sender else {}
        return {"messages": messages, "sendOptions": options}

    def _refused(self, answer: Answer) -> None:
        if answer.ok:
            return
        if answer.status >= 500:
            raise Uncertain(f"SMSPortal answered {answer.status}.")
        said = REFUSED.get(answer.status, f"SMSPortal answered {answer.status}.")
        raise NotSent(said, retry=answer.status != 400)


def _taken(texts: Sequence[Text], said: Mapping[str, Any]) -> Iterator[Taken]:
    """One answer for each text. Parts and price come for the whole call, so each carries its share."""
    report = mapping(said.get("errorReport") or {})
    faults = {str(fault.get("customerId")): _fault(fault) for fault in report.get("faults") or []}
    accepted = [one for one in texts if one.reference not in faults]
    cost = Decimal(str(said.get("cost") or 0))
    share = (cost / len(accepted)).quantize(Decimal("0.0001")) if accepted else None
    parts = int(said.get("parts") or 0) // len(accepted) if accepted else None
    for one in texts:
        if one.reference in faults:
            yield Taken(one.reference, False, error=faults[one.reference])
        else:
            event = f"{said['eventId']}:{number(one.to)}"
            yield Taken(one.reference, True, event, parts or None, share)


def _fault(fault: Mapping[str, Any]) -> str:
    why = code(fault.get("status")) or "refused"
    return f"SMSPortal refused this number ({why})."


def read(posted: Any) -> tuple[list[Report], list[Reply]]:
    """A webhook of version 2: the delivery of one text, or an answer to it."""
    if isinstance(posted, list):
        pairs = [_read(one) for one in posted]
        return [one for found, _ in pairs for one in found], [one for _, found in pairs for one in found]
    return _read(posted)


def _read(posted: Any) -> tuple[list[Report], list[Reply]]:
    said = mapping(posted)
    reference = str(said.get("UserReference") or "")
    if "IncomingData" in said:
        return [], [Reply(e164(said.get("Msisdn")), str(said["IncomingData"]), reference)]
    status = str(said["Status"]).upper() if "Status" in said else ""
    if not status:
        raise ValueError("no status")
    state = "delivered" if status in DELIVERED else "failed" if status in FAILED else "sent"
    error = f"SMSPortal: {code(status)}" if state == "failed" else ""
    event = f"{said.get('EventId')}:{number(e164(said.get('Msisdn')))}"
    return [Report(state, reference, event, error, _moment(said.get("Received")))], []


def _moment(value: Any) -> datetime | None:
    try:
        return datetime.fromtimestamp(int(value), UTC)
    except (TypeError, ValueError, OverflowError, OSError):
        return None

"""BulkSMS's JSON interface. `deduplication-id` is known for twelve hours, so the same call may be repeated."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from herotill.integrations.http import Answer, Caller, NotSent, Uncertain
from herotill.integrations.sms import Balance, Credentials, Reply, Report, Taken, Text, code, e164, mapping

REFUSED = {
    400: "BulkSMS did not understand us.",
    401: "BulkSMS does not accept our token.",
    403: "BulkSMS: not allowed, perhaps no credits left.",
    429: "BulkSMS asks us to slow down.",
}
PARAMETERS = {"auto-unicode": "true", "longMessageMaxParts": "10"}


class BulkSms:
    """The gateway."""

    name = "bulksms"
    at_once = 1
    repeatable = True

    def __init__(self, credentials: Credentials, base: str) -> None:
        self.caller = Caller("BulkSMS", base, auth=(credentials.key, credentials.secret))
        self.sender = credentials.sender

    def send(self, texts: Sequence[Text]) -> list[Taken]:
        return [self._send(one) for one in texts]

    def _send(self, text: Text) -> Taken:
        parameters = PARAMETERS | {"deduplication-id": text.reference}
        body: dict[str, Any] = {"to": text.to, "body": text.text, "userSuppliedId": text.reference[:20]}
        if self.sender:
            body["from"] = self.sender
        answer = self.caller.post("/messages", params=parameters, json=body | {"deliveryReports": "ALL"})
        if answer.status == 400:
            return Taken(text.reference, False, error=REFUSED[400])
        _refused(answer)
        return _taken(text, answer.json())

    def balance(self) -> Balance:
        answer = self.caller.get("/profile")
        _refused(answer)
        credits = mapping(mapping(answer.json()).get("credits") or {})
        return Balance(Decimal(str(credits.get("balance") or 0)), "credits")


def _refused(answer: Answer) -> None:
    if answer.ok:
        return
    if answer.status >= 500:
        raise Uncertain(f"BulkSMS answered {answer.status}.")
    raise NotSent(
        REFUSED.get(answer.status, f"BulkSMS answered {answer.status}."), retry=answer.status != 400
    )


def _taken(text: Text, said: Any) -> Taken:
    if not isinstance(said, list) or not said or not isinstance(said[0], dict) or not said[0].get("id"):
        raise Uncertain("BulkSMS gave an answer that cannot be read.")
    one = said[0]
    if _type(one) == "FAILED":
        return Taken(text.reference, False, error=_failed(one))
    cost = Decimal(str(one["creditCost"])) if one.get("creditCost") is not None else None
    return Taken(text.reference, True, str(one["id"]), one.get("numberOfParts"), cost)


def _type(one: Mapping[str, Any]) -> str:
    return str(mapping(one.get("status") or {}).get("type") or "").upper()


def _failed(one: Mapping[str, Any]) -> str:
    why = code(mapping(one.get("status") or {}).get("subtype"))
    return f"BulkSMS: {why or 'not delivered'}"


def read(posted: Any) -> tuple[list[Report], list[Reply]]:
    """A webhook: messages of ours with their state, or received ones."""
    reports, replies = [], []
    for one in posted if isinstance(posted, list) else [posted]:
        one = mapping(one)
        if one.get("type") == "RECEIVED":
            replies.append(Reply(e164(one.get("from")), str(one.get("body") or "")))
        else:
            reports.append(_report(one))
    return reports, replies


def _report(one: Mapping[str, Any]) -> Report:
    kind = _type(one)
    if not kind:
        raise ValueError("no status")
    state = {"DELIVERED": "delivered", "FAILED": "failed"}.get(kind, "sent")
    return Report(
        state,
        str(one.get("userSuppliedId") or ""),
        str(one.get("id") or ""),
        _failed(one) if state == "failed" else "",
    )

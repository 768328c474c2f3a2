"""A server that keeps SMSPortal's promises, as its documentation gives them."""

from __future__ import annotations

import time
from typing import Any

from herotill.integrations.sms import number
from herotill.integrations.standin import Said, StandIn


class SmsPortalStandIn(StandIn):
    """Takes texts, refuses numbers it was told to, runs out of credit, and posts reports when told."""

    def __init__(self, *, credit: int = 1000) -> None:
        super().__init__()
        self.credit = credit
        self.refused: set[str] = set()
        self.sent: list[dict[str, Any]] = []
        self.events = 7000

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Said:
        if (method, path) == ("GET", "/v1/balance"):
            return 200, {"balance": self.credit, "number": self.credit}
        if (method, path) == ("POST", "/v1/bulkmessages"):
            return self._send(body.get("messages") or [])
        return 404, {"statusCode": 404, "errors": []}

    def _send(self, messages: list[dict[str, Any]]) -> Said:
        if not 1 <= len(messages) <= 100:
            return self._no(400, "invalidRequest")
        good = [one for one in messages if one["destination"] not in self.refused and one["content"]]
        if len(good) > self.credit:
            return self._no(403, "insufficientCredits")
        self.events += 1
        self.credit -= len(good)
        self.sent += [one | {"eventId": self.events} for one in good]
        return 200, {
            "cost": len(good) * 0.25,
            "remainingBalance": self.credit,
            "eventId": self.events,
            "sample": good[0]["content"] if good else "",
            "messages": len(good),
            "parts": len(good),
            "costBreakdown": [{"quantity": len(good), "cost": 0.25, "network": "Vodacom"}],
            "errorReport": {
                "noNetwork": len(messages) - len(good),
                "noContents": 0,
                "contentToLong": 0,
                "duplicates": 0,
                "optedOuts": 0,
                "faults": [self._fault(one) for one in messages if one not in good],
            },
        }

    def _no(self, status: int, why: str) -> Said:
        return status, {"statusCode": status, "errors": [{"errorCode": why, "errorMessage": "No."}]}

    def _fault(self, one: dict[str, Any]) -> dict[str, Any]:
        return {
            "rawDestination": one["destination"],
            "scrubbedDestination": one["destination"],
            "customerId": one["customerId"],
            "errorMessage": "<b>no such network</b>",
            "status": "noNetwork",
        }

    def report(self, callback: str, reference: str, status: str = "DELIVRD") -> int:
        """Post what became of a text."""
        one = next(sent for sent in self.sent if sent["customerId"] == reference)
        return self.post(callback, self._hook(one) | {"Status": status, "MsgCount": 1, "Mcc": 655, "Mnc": 1})

    def reply(self, callback: str, sender: str, text: str) -> int:
        """Post an answer that somebody sent."""
        one = next((sent for sent in self.sent if sent["destination"] == number(sender)), {})
        hook = self._hook(one) | {"Msisdn": number(sender)}
        return self.post(callback, hook | {"IncomingData": text, "OutgoingData": one.get("content", "")})

    def _hook(self, one: dict[str, Any]) -> dict[str, Any]:
        return {
            "EventId": one.get("eventId"),
            "Msisdn": one.get("destination"),
            "UserReference": one.get("customerId"),
            "Received": int(time.time()),
        }

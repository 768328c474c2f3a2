"""A server that keeps BulkSMS's promises, as its documentation gives them."""

from __future__ import annotations

from typing import Any

from herotill.integrations.standin import Said, StandIn


class BulkSmsStandIn(StandIn):
    """Takes texts, knows their deduplication ids, refuses numbers it was told to, and posts reports."""

    def __init__(self, *, credit: int = 1000) -> None:
        super().__init__()
        self.credit = credit
        self.refused: set[str] = set()
        self.sent: list[dict[str, Any]] = []
        self.known: dict[str, list[dict[str, Any]]] = {}

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Said:
        if (method, path) == ("GET", "/profile"):
            return 200, {"id": "1", "username": "isp", "credits": {"balance": self.credit, "limit": 0}}
        if (method, path) == ("POST", "/messages"):
            return self._send(query.get("deduplication-id", ""), body)
        return self._problem(404, "not-found")

    def _send(self, once: str, body: Any) -> Said:
        if once and once in self.known:
            return 201, self.known[once]
        wanted = body if isinstance(body, list) else [body]
        if any(one["to"] in self.refused for one in wanted):
            return self._problem(400, "invalid-recipient")
        if len(wanted) > self.credit:
            return self._problem(403, "insufficient-credits")
        self.credit -= len(wanted)
        made = [self._made(one, len(self.sent) + place) for place, one in enumerate(wanted, start=1)]
        self.sent += made
        if once:
            self.known[once] = made
        return 201, made

    def _problem(self, status: int, kind: str) -> Said:
        return status, {
            "type": f"https://developer/errors/{kind}",
            "title": kind,
            "status": status,
            "detail": "No.",
        }

    def _made(self, one: dict[str, Any], place: int) -> dict[str, Any]:
        return {
            "id": f"10{place:06}",
            "type": "SENT",
            "from": "27000000000",
            "to": one["to"].lstrip("+"),
            "body": one["body"],
            "encoding": "TEXT",
            "submission": {"id": f"1-0000{place}", "date": "2026-11-21T08:00:00Z"},
            "status": {"id": "ACCEPTED.null", "type": "ACCEPTED", "subtype": None},
            "relatedSentMessageId": None,
            "userSuppliedId": one.get("userSuppliedId"),
            "numberOfParts": 1,
            "creditCost": 0.5,
        }

    def report(
        self, callback: str, reference: str, kind: str = "DELIVERED", subtype: str | None = None
    ) -> int:
        """Post what became of a text, as an array."""
        one = next(sent for sent in self.sent if sent["userSuppliedId"] == reference)
        status = {"id": f"{kind}.{subtype or 'null'}", "type": kind, "subtype": subtype}
        return self.post(callback, [one | {"status": status}])

    def reply(self, callback: str, sender: str, text: str) -> int:
        """Post an answer that somebody sent."""
        return self.post(
            callback, [{"id": "9", "type": "RECEIVED", "from": sender.lstrip("+"), "body": text}]
        )

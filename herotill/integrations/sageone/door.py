"""Whom the server that stands in for SageOne lets in, and how often."""

from __future__ import annotations

import base64
from collections import deque
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from herotill.integrations.books import Credentials
from herotill.integrations.sageone import VERSIONS
from herotill.integrations.sageone.faults import HTML, Told, as_json
from herotill.integrations.sageone.numbers import dumps

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
FAILED = 20  # log-ins that fail in an hour
DENIED = {"Message": "Authorization has been denied for this request."}


class Door:
    """Knows one user and one key, and counts: `a_minute` calls, 0 for any number, and failed log-ins."""

    def __init__(self, credentials: Credentials, a_minute: int, now: Callable[[], datetime]) -> None:
        self.credentials, self.a_minute, self.now = credentials, a_minute, now
        self.asked: deque[datetime] = deque()
        self.failed: deque[datetime] = deque()
        self.blocked_until: datetime | None = None

    def no(self, method: str, version: str, query: Mapping[str, str], head: Mapping[str, str]) -> Told | None:
        """What is said to a call that does not come in."""
        if version not in VERSIONS:
            return as_json(404, {"Message": "No HTTP resource was found that matches the request URI."})
        if self._too_many():
            return Told(429, "Too many requests", "text/plain")
        if query.get("apikey", "").strip("{}") != self.credentials.api_key:
            return Told(401, HTML, "text/html", (("X-APIKey", "Invalid"),))
        if head.get("Authorization") != _basic(self.credentials):
            self.failed.append(self.now())
            return Told(401, dumps(DENIED), head=(("WWW-Authenticate", "Basic"),))
        if method == "POST" and "json" not in head.get("Content-Type", ""):
            return as_json(415, {"Message": "The request entity's media type is not supported."})
        return None

    def _too_many(self) -> bool:
        """Counts calls of the last minute and failed log-ins of the last hour, and blocks as SageOne does."""
        now = self.now()
        if self.blocked_until and now < self.blocked_until:
            return True
        self.asked.append(now)
        for kept, length in ((self.asked, MINUTE), (self.failed, HOUR)):
            while kept and kept[0] <= now - length:
                kept.popleft()
        if len(self.failed) >= FAILED:
            self.blocked_until = now + 24 * HOUR
        elif self.a_minute and len(self.asked) > self.a_minute:
            self.blocked_until = now + HOUR
        else:
            return False
        return True


def _basic(known: Credentials) -> str:
    return "Basic " + base64.b64encode(f"{known.user}:{known.password}".encode()).decode()

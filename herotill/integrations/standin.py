"""Servers that stand in for partners: small, real, and told to misbehave. For tests and for trying things out.

They never reach a network: they listen on this machine and post to the callback they are given.
"""

from __future__ import annotations

import base64
import json
import threading
import time
from collections import deque
from collections.abc import Callable
from typing import Any

import requests

from herotill.integrations.listening import Answering, Listening

Said = tuple[int, Any]
"""A status and what goes as JSON; a status of 0 closes the line without a word."""


class StandIn(Listening):
    """One server on a free port, in a thread. `answer` says what it says to a call.

    `misbehave(503, 429)` has the next calls answered so, whatever they ask; 0 drops the line after the call
    was read and acted on, `slow(seconds)` waits before the answer.
    """

    content_type = "application/json"

    def __init__(self, *, key: str = "key", secret: str = "secret", port: int = 0) -> None:
        self.key, self.secret = key, secret
        self.calls: list[tuple[str, str, Any]] = []
        self._next: deque[int] = deque()
        self._pause = 0.0
        self.lock = threading.Lock()
        super().__init__(_handler(self), port)

    def misbehave(self, *statuses: int) -> None:
        self._next.extend(statuses)

    def slow(self, seconds: float) -> None:
        self._pause = seconds

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Said:
        """What is said to a call by somebody we know."""
        raise NotImplementedError

    def respond(self, method: str, path: str, query: dict[str, str], body: Any, authorization: str) -> Said:
        with self.lock:
            self.calls.append((method, path, body))
            told = self._next.popleft() if self._next else None
            if told:
                return told, {
                    "statusCode": told,
                    "errors": [{"errorCode": "told", "errorMessage": "As told."}],
                }
            if not self.knows(authorization):
                return 401, {
                    "statusCode": 401,
                    "errors": [{"errorCode": "auth", "errorMessage": "Who are you?"}],
                }
            said = self.answer(method, path, query, body)
        if self._pause:
            time.sleep(self._pause)
        return (0, None) if told == 0 else said

    def knows(self, authorization: str) -> bool:
        """Whether a call says in its head who calls; a partner who is told elsewhere says yes here."""
        return authorization == "Basic " + base64.b64encode(f"{self.key}:{self.secret}".encode()).decode()

    def understood(self, raw: bytes) -> Any:
        """What was posted, as `answer` gets it."""
        return json.loads(raw or b"null")

    def written(self, said: Any) -> bytes:
        """What is said, as it goes over the line."""
        return json.dumps(said).encode()

    def post(self, callback: str, data: Any, send: Callable[..., Any] = requests.post) -> int:
        """Tell our callback something; the status it answered."""
        return int(send(callback, json=data, timeout=10).status_code)


def _handler(standin: StandIn) -> type[Answering]:
    class Handler(Answering):
        def do_GET(self) -> None:
            self._answer(None)

        def do_POST(self) -> None:
            self._answer(standin.understood(self.posted()))

        def _answer(self, body: Any) -> None:
            path, _, text = self.path.partition("?")
            query = dict(pair.split("=", 1) for pair in text.split("&") if "=" in pair)
            authorization = self.headers.get("Authorization", "")
            status, said = standin.respond(self.command, path, query, body, authorization)
            away = [("Location", "http://127.0.0.1:1/")] if 300 <= status < 400 else []
            self.say(status, standin.written(said) if status else b"", standin.content_type, away)

    return Handler

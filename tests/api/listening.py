"""Programs that are told."""

from __future__ import annotations

import hmac
import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

from django.utils import timezone

from herotill import events
from herotill.api.kinds import offers
from herotill.api.models import Webhook
from herotill.api.services import telling, webhooks
from tests.factories import make_person

OPENED = "ticket.opened"


class Listener:
    """A program that is told, over a socket; it answers the statuses it was given, and 200 when none are left."""

    def __init__(self) -> None:
        self.heard: list[tuple[str, Any, bytes]] = []  # path, headers, body
        self.says: list[int] = []
        self.length = "9"
        self.lines = 0  # connections that were opened
        self.server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)
        self.url = f"http://127.0.0.1:{self.server.server_port}"

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        mine = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def setup(self) -> None:
                mine.lines += 1
                super().setup()

            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                mine.heard.append((self.path, self.headers, body))
                self.send_response(mine.says.pop(0) if mine.says else 200)
                self.send_header("Content-Length", mine.length)
                self.end_headers()
                self.wfile.write(b"its words")
                self.close_connection = mine.length != "9"

            def log_message(self, *words: object) -> None:
                """Says nothing."""

        return Handler

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


def hook_of(there: Listener, *kinds: str, name: str = "Stock") -> tuple[Webhook, str]:
    """A webhook that asks for these kinds; it and its secret."""
    return webhooks.add(
        name=name,
        url=f"{there.url}/told?from=us",
        kinds=kinds or (OPENED,),
        actor=make_person(f"Thabo of {name}"),
        now=timezone.now() - timedelta(minutes=1),
    )


def send(later: timedelta = timedelta(seconds=1)) -> str:
    return telling.send_due(timezone.now() + later)


def told(there: Listener, secret: str) -> list[dict[str, Any]]:
    """Everything that it hears now, in order, each signed with its secret and holding what is offered and no more."""
    there.heard.clear()
    events.hand_out(timezone.now())
    send()
    found = []
    for _, headers, body in there.heard:
        over = headers[telling.TIMESTAMP].encode() + b"." + body
        assert hmac.new(secret.encode(), over, "sha256").hexdigest() == headers[telling.SIGNATURE]
        said = json.loads(body)
        assert set(said) == {"id", "kind", "at", "customer", "subject", "data"}
        assert set(said["data"]) <= set(offers[said["kind"]].holds)
        found.append(said)
    return found

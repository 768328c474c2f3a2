"""What servers that stand in for partners have in common: they listen on this machine, in a thread, and answer."""

from __future__ import annotations

import threading
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self


class Listening:
    """A server on a port of this machine, 0 for one that is free; it answers while it is entered."""

    def __init__(self, handler: type[BaseHTTPRequestHandler], port: int = 0) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", port), handler)
        self.server.daemon_threads = True
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def __enter__(self) -> Self:
        self.thread.start()
        return self

    def __exit__(self, *trouble: object) -> None:
        self.server.shutdown()
        self.server.server_close()
        self.thread.join()


class Answering(BaseHTTPRequestHandler):
    """One call to it. A subclass says what is done, by `do_GET` and `do_POST`, and answers with `say`."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # else each answer waits 40 ms for a word from the other side

    def posted(self) -> bytes:
        """What came with the call."""
        return self.rfile.read(int(self.headers.get("Content-Length") or 0))

    def say(self, status: int, data: bytes, kind: str, head: Iterable[tuple[str, str]] = ()) -> None:
        """Answer; a status of 0 closes the line without a word."""
        if status == 0:
            self.close_connection = True
            return
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        for name, value in head:
            self.send_header(name, value)
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *args: Any) -> None:
        """Keeps quiet."""

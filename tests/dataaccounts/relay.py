"""A way by TCP to a server that listens on a socket in a folder, as a foreign database would be reached."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator


@contextlib.contextmanager
def relay(path: str) -> Iterator[int]:
    """The port of 127.0.0.1 that leads to the socket."""
    with contextlib.ExitStack() as lines:
        server = lines.enter_context(socket.create_server(("127.0.0.1", 0)))
        thread = threading.Thread(target=_accept, args=(server, path, lines), daemon=True)
        thread.start()
        yield server.getsockname()[1]
        server.shutdown(socket.SHUT_RDWR)
        thread.join(5)


def _accept(server: socket.socket, path: str, lines: contextlib.ExitStack) -> None:
    with contextlib.suppress(OSError):
        while True:
            near = lines.enter_context(server.accept()[0])
            far = lines.enter_context(socket.socket(socket.AF_UNIX))
            far.connect(path)
            for ends in ((near, far), (far, near)):
                thread = threading.Thread(target=_carry, args=ends, daemon=True)
                thread.start()
                lines.callback(thread.join, 5)


def _carry(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
    for end in (source, target):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)

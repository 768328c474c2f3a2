"""Debian's Firefox, driven by WebDriver BiDi over its own websocket: no driver stands between."""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from websockets.exceptions import WebSocketException
from websockets.sync.client import ClientConnection, connect

FIREFOX = shutil.which("firefox-esr") or ""
PATIENCE = 30.0
PREFS = {
    "browser.shell.checkDefaultBrowser": False,
    "browser.startup.homepage_override.mstone": "ignore",
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "app.normandy.enabled": False,
    "services.settings.server": "data:,",
    "remote.active-protocols": 1,
}


class Firefox:
    """One page of a running Firefox."""

    def __init__(self, line: ClientConnection) -> None:
        self.line, self.number, self.logged = line, 0, []
        self.ask("session.new", capabilities={})
        self.context = self.ask("browsingContext.getTree")["contexts"][0]["context"]
        self.ask("session.subscribe", events=["log.entryAdded"])

    logged: list[str]

    def ask(self, method: str, **params: Any) -> Any:
        """One command and its answer; what the page logs meanwhile is kept."""
        self.number += 1
        self.line.send(json.dumps({"id": self.number, "method": method, "params": params}))
        while True:
            said = json.loads(self.line.recv(timeout=PATIENCE))
            if said.get("method") == "log.entryAdded" and said["params"].get("level") == "error":
                self.logged.append(str(said["params"].get("text")))
            if said.get("id") == self.number:
                assert said["type"] == "success", f"{method}: {said}"
                return said["result"]

    def open(self, url: str) -> None:
        self.ask("browsingContext.navigate", context=self.context, url=url, wait="complete")

    def press(self, label: str) -> None:
        """Move to the button that says so, and press it, as a person does."""
        found = self._button(label)
        where = {"type": "element", "element": {"sharedId": found["sharedId"]}}
        moves = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": where},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        pointer = {"type": "pointer", "id": "mouse", "actions": moves}
        self.ask("input.performActions", context=self.context, actions=[pointer])

    def _button(self, label: str) -> Any:
        until = time.monotonic() + PATIENCE
        locator = {"type": "xpath", "value": f"//button[normalize-space(.)='{label}']"}
        while time.monotonic() < until:
            with suppress(AssertionError):
                nodes = self.ask("browsingContext.locateNodes", context=self.context, locator=locator)[
                    "nodes"
                ]
                if nodes:
                    return nodes[0]
            time.sleep(0.2)
        raise AssertionError(f"No button says {label!r}: {self.text()[:300]}")

    def text(self) -> str:
        """What can be read on the page."""
        told = self.ask(
            "script.evaluate",
            expression="document.body ? document.body.innerText : ''",
            target={"context": self.context},
            awaitPromise=False,
        )
        return str(told.get("result", {}).get("value", ""))

    def reads(self, words: str) -> bool:
        """Whether the words come to stand on the page."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with suppress(AssertionError):
                if words in self.text():
                    return True
            time.sleep(0.2)
        return False


@contextmanager
def running() -> Iterator[Firefox]:
    """A Firefox with a profile of its own, ended with the block."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
        door.close()
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFS.items()]
        Path(folder, "user.js").write_text("\n".join(lines))
        words = [FIREFOX, "--headless", "--no-remote", "--profile", folder, f"--remote-debugging-port={port}"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        with subprocess.Popen([*words, "about:blank"], **quiet) as process:  # type: ignore[call-overload]
            try:
                with _line(port) as line:
                    yield Firefox(line)
            finally:
                process.terminate()
                process.wait(timeout=PATIENCE)


def _line(port: int) -> ClientConnection:
    until = time.monotonic() + PATIENCE
    while True:
        try:
            return connect(f"ws://127.0.0.1:{port}/session", max_size=None)
        except (OSError, WebSocketException):
            if time.monotonic() > until:
                raise
            time.sleep(0.3)

"""Safety 20: a call goes where it may, follows nobody, and tells nothing of what came back."""

from __future__ import annotations

import logging
import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from herotill.integrations import http
from herotill.integrations.http import Caller, NotSent, Uncertain
from herotill.integrations.standin import Said, StandIn


class Partner(StandIn):
    """Says what it knows: a secret."""

    def answer(self, method: str, path: str, query: dict[str, str], body: Any) -> Said:
        return 200, {"secret": "canary"}


@pytest.fixture
def partner() -> Iterator[Partner]:
    with Partner() as found:
        yield found


@pytest.mark.parametrize(
    "address",
    "127.0.0.1 10.1.2.3 192.168.0.1 172.16.0.1 169.254.169.254 0.0.0.0 100.64.0.1 224.0.0.1 ::1 fe80::1 fd00::1 "
    "::ffff:10.0.0.1 ::ffff:127.0.0.1".split(),
)
def test_s20_addresses_inside_are_refused(address: str) -> None:
    assert not http.may_be_called(address)


def test_s20_the_public_and_the_allowed_are_called(settings: Any) -> None:
    assert http.may_be_called("197.221.10.1")
    settings.OUTBOUND_ALLOW = ["10.0.0.0/8"]
    assert http.may_be_called("10.1.2.3")
    assert not http.may_be_called("192.168.0.1")


def test_s20_a_name_that_leads_inside_is_refused(partner: Partner) -> None:
    caller = Caller("A partner", partner.url.replace("127.0.0.1", "localhost"))
    with pytest.raises(NotSent, match="inside our own network") as no:
        caller.get("/")
    assert not no.value.retry
    assert partner.calls == []


def test_s20_a_name_is_resolved_once(
    partner: Partner, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    asked: list[str] = []
    really = socket.getaddrinfo

    def getaddrinfo(host: str, *args: Any, **kwargs: Any) -> Any:
        asked.append(host)
        return really("127.0.0.1" if host == "partner.example" else host, *args, **kwargs)

    monkeypatch.setattr(socket, "getaddrinfo", getaddrinfo)
    port = partner.url.rpartition(":")[2]
    caller = Caller("A partner", f"http://partner.example:{port}", auth=("key", "secret"))
    assert [caller.get("/").json(), caller.get("/").json()] == [{"secret": "canary"}] * 2
    assert asked.count("partner.example") == 1


def test_s20_no_redirect_is_followed_and_no_body_is_told(
    partner: Partner, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    caller = Caller("A partner", partner.url, auth=("key", "secret"))
    partner.misbehave(302)
    with caplog.at_level(logging.INFO), pytest.raises(NotSent, match="do not follow"):
        caller.post("/v1?token=canary-token", json={"word": "canary-word"})
    assert len(partner.calls) == 1
    assert "canary" not in caplog.text
    assert "secret" not in caplog.text


def test_s20_no_token_in_a_path_is_written_down(
    partner: Partner, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with caplog.at_level(logging.INFO):
        Caller("A partner", partner.url).post("/subscriptions/dc0521d3-55fe-269b-fa00-b647310d760f/adhoc")
        Caller("A partner", partner.url).post("/2.0.0/BankTransaction/Save/")
        Caller("A partner", partner.url, paths_are_secret=True).post("/services/T01/canary")
    said = [one.getMessage().partition(": ")[0] for one in caplog.records]
    assert said == [
        "POST 127.0.0.1/subscriptions/…/adhoc",
        "POST 127.0.0.1/2.0.0/BankTransaction/Save/",
        "POST 127.0.0.1",
    ]


def test_s20_an_answer_that_is_no_json_is_told_without_it(partner: Partner, settings: Any) -> None:
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    answer = Caller("A partner", partner.url, auth=("key", "secret")).get("/")
    answer.content = b"<b>canary</b>"
    with pytest.raises(Uncertain) as no:
        answer.json()
    assert "canary" not in str(no.value)


def test_what_is_no_address_is_told() -> None:
    with pytest.raises(NotSent, match="address of A partner is none"):
        Caller("A partner", "ftp://partner.example")
    with pytest.raises(NotSent, match="could not be found"):
        Caller("A partner", "https://no-such-partner.invalid").post("/")


class Endless(BaseHTTPRequestHandler):
    """Says something and never comes to an end, nor says how long it is."""

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "none of your business")
        self.end_headers()
        with suppress(OSError):
            while True:
                self.wfile.write(b"on and on ")

    def log_message(self, *words: object) -> None:
        """Says nothing."""


def test_s20_an_answer_without_an_end_is_left(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.OUTBOUND_ALLOW = ["127.0.0.1"]
    with ThreadingHTTPServer(("127.0.0.1", 0), Endless) as server:
        threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True).start()
        base = f"http://127.0.0.1:{server.server_port}"
        with pytest.raises(Uncertain, match="too long"):
            Caller("A partner", base, largest=1_000).get("/", tries=1)
        monkeypatch.setattr(http, "PATIENCE", 0)
        with pytest.raises(Uncertain, match="did not come to the end"):
            Caller("A partner", base, largest=10**12).get("/", tries=1)
        server.shutdown()


def test_s20_a_name_that_can_be_none_is_told() -> None:
    with pytest.raises(NotSent, match="could not be found"):
        Caller("A partner", f"https://{'a' * 64}.example").post("/")

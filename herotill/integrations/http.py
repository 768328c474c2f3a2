"""Calls to other systems: one way out, which goes where it may and tells nothing it should not.

A host is resolved once, and the call goes to that address; private, loopback and link-local ones are refused
unless OUTBOUND_ALLOW names them. No redirect is followed, and no body of an answer stands in an error.
"""

from __future__ import annotations

import ipaddress
import json
import logging
import re
import socket
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import requests
from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.exceptions import HTTPError, NewConnectionError

from herotill import outward
from herotill.errors import IntegrationError
from herotill.reading import only_looking

log = logging.getLogger(__name__)
logging.getLogger("urllib3.connectionpool").setLevel(logging.INFO)  # its debug lines show queries, with keys
CONNECT_SECONDS, READ_SECONDS = 5, 20
READ_TRIES = 3
BUSY = (429, 502, 503, 504)
LARGEST, PART = 5_000_000, 65_536
PLAIN = re.compile(r"\D*|.{1,11}")  # what of a path is no token and no key
PATIENCE = 3  # an answer that trickles may take so many times as long as one part of it


class NotSent(IntegrationError):
    """Nothing reached the other side, or it said that it took nothing. `retry` says whether later may help."""


class Uncertain(IntegrationError):
    """The request left and no usable answer came: the other side may have acted on it."""


class Answer:
    """What came back: the status, and the body as JSON or as text."""

    def __init__(self, who: str, response: requests.Response, content: bytes) -> None:
        self.who, self.status, self._headers = who, response.status_code, response.headers
        self.content = content
        """The body in bytes, for what says itself how it is to be read, as XML does."""

    @property
    def ok(self) -> bool:
        return 200 <= self.status < 300

    def json(self) -> Any:
        """The body. Raises Uncertain where it is no JSON: what stands there, nobody knows."""
        try:
            return json.loads(self.content)
        except (ValueError, RecursionError):
            raise Uncertain(f"{self.who} gave an answer that cannot be read.") from None

    def header(self, name: str) -> str:
        """What stands in the head of the answer under that name, "" where nothing does."""
        return str(self._headers.get(name, ""))


class _Pinned(HTTPAdapter):
    """Speaks TLS with the host by its name although it is called by its address."""

    def __init__(self, host: str) -> None:
        self.host = host
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, server_hostname=self.host, assert_hostname=self.host, **kwargs)


class Caller:
    """A session with one partner, called `who` in errors. `base` is its address, from the environment or code.

    `seconds` is how long its answer may take where that is not the usual time; `largest` how many bytes it has.
    `paths_are_secret` where whoever knows a path may call it, as with the addresses people give for webhooks.
    """

    def __init__(
        self,
        who: str,
        base: str,
        *,
        headers: Mapping[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        sleep: Callable[[float], None] = time.sleep,
        seconds: float | None = None,
        largest: int = LARGEST,
        paths_are_secret: bool = False,
    ) -> None:
        self.who, self.seconds, self.largest = who, seconds, largest
        self.paths_are_secret = paths_are_secret
        self.parts = urlsplit(base)
        if self.parts.scheme not in ("http", "https") or not self.parts.hostname:
            raise NotSent(f"The address of {who} is none.", retry=False)
        self.host, self.sleep = self.parts.hostname, sleep
        self.session = requests.Session()
        self.session.trust_env = False  # no proxy and no password from outside the settings
        self.session.headers.update(
            {"Accept": "application/json", "Host": self.parts.netloc, **(headers or {})}
        )
        self.session.auth = auth
        self.session.mount("https://", _Pinned(self.host))
        self._address = ""

    def get(self, path: str, *, tries: int = READ_TRIES, **kwargs: Any) -> Answer:
        """Ask, up to three times or `tries`: a question changes nothing."""
        for attempt in range(1, tries + 1):
            try:
                answer = self._call("GET", path, **kwargs)
            except (NotSent, Uncertain) as trouble:
                if attempt == tries or not trouble.retry:
                    raise
            else:
                if answer.status not in BUSY or attempt == tries:
                    return answer
            self.sleep(0.3 * attempt)
        raise AssertionError("unreachable")

    def post(self, path: str, **kwargs: Any) -> Answer:
        """Tell, once. Raises NotSent or Uncertain; what a status means the partner's adapter knows."""
        return self._call("POST", path, **kwargs)

    def close(self) -> None:
        self.session.close()

    def _call(self, method: str, path: str, **kwargs: Any) -> Answer:
        started, place = time.monotonic(), f"{method} {self.host}{self._told_of(path)}"
        try:
            response = self.session.request(
                method,
                self._url(path),
                allow_redirects=False,
                stream=True,
                timeout=(CONNECT_SECONDS, self.seconds or READ_SECONDS),
                **kwargs,
            )
        except requests.RequestException as trouble:
            log.warning("%s: %s", place, type(trouble).__name__)
            raise self._trouble(trouble) from None
        try:
            content = self._body(response, until=started + PATIENCE * (self.seconds or READ_SECONDS))
        finally:
            response.close()
        log.info("%s: %s in %.2f s", place, response.status_code, time.monotonic() - started)
        if 300 <= response.status_code < 400:
            raise NotSent(f"{self.who} sent us elsewhere, and we do not follow.", retry=False)
        return Answer(self.who, response, content)

    def _told_of(self, path: str) -> str:
        """What a log may say of a path: no query, and nothing that may be a token."""
        if self.paths_are_secret:
            return ""
        parts = path.partition("?")[0].split("/")
        return "/".join(part if PLAIN.fullmatch(part) else "…" for part in parts)

    def _body(self, response: requests.Response, *, until: float) -> bytes:
        """The body as it comes, so that one without an end fills no memory and holds nobody up."""
        body = bytearray()
        try:
            while part := response.raw.read1(PART, decode_content=True):
                body += part
                if len(body) > self.largest:
                    raise Uncertain(f"{self.who} gave an answer that is too long.")
                if time.monotonic() > until:
                    raise Uncertain(f"{self.who} did not come to the end of its answer.")
        except (HTTPError, OSError) as trouble:
            log.warning("%s: %s", self.host, type(trouble).__name__)
            raise Uncertain(f"{self.who} did not answer.") from None
        return bytes(body)

    def _trouble(self, trouble: requests.RequestException) -> IntegrationError:
        if isinstance(trouble, requests.ConnectTimeout | requests.exceptions.SSLError) or _never_began(
            trouble
        ):
            self._address = ""
            return NotSent(f"{self.who} could not be reached.")
        return Uncertain(f"{self.who} did not answer.")

    def _url(self, path: str) -> str:
        if not self._address:
            self._address = resolve(self.who, self.host, self.parts.port or 443)
        at = f"[{self._address}]" if ":" in self._address else self._address
        netloc = f"{at}:{self.parts.port}" if self.parts.port else at
        return urlunsplit((self.parts.scheme, netloc, self.parts.path.rstrip("/") + path, "", ""))


def _never_began(trouble: BaseException) -> bool:
    reason = getattr(trouble.args[0] if trouble.args else None, "reason", None)
    return isinstance(reason, NewConnectionError)


def resolve(who: str, host: str, port: int) -> str:
    """The address to call. Raises NotSent where there is none, where it is one of ours and not allowed, or where
    nothing may go out of a copied database.
    """
    if only_looking():
        raise NotSent(f"{who} is not called while staff look as a customer.", retry=False)
    if not outward.allowed():
        raise NotSent(outward.HELD)
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):  # the latter for a name that can be none
        raise NotSent(f"{who} could not be found.") from None
    address = str(found[0][4][0]).partition("%")[0]
    if not may_be_called(address):
        raise NotSent(f"{who} has an address inside our own network, which is not called.", retry=False)
    return address


def may_be_called(address: str) -> bool:
    """Whether a call may go there: to the public internet, or to what OUTBOUND_ALLOW names."""
    parsed = ipaddress.ip_address(address)
    mapped = getattr(parsed, "ipv4_mapped", None)
    parsed = mapped or parsed
    if any(parsed in ipaddress.ip_network(each, strict=False) for each in settings.OUTBOUND_ALLOW):
        return True
    return parsed.is_global and not parsed.is_multicast

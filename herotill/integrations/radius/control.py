"""The port to routers: what can be asked of a session that is up, in our words (RFC 5176).

`NAMED` says an Error-Cause as a person reads it. Adapters speak only to the address that a request names;
who asks takes it from the table of routers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Protocol

NOT_FOUND = 503
RESOURCES_UNAVAILABLE = 506
UNSUPPORTED = frozenset({401, 402, 404, 405, 406, 407})
NAMED = {
    201: "Rest of a session removed",
    202: "Invalid EAP packet",
    401: "Unsupported attribute",
    402: "Missing attribute",
    403: "Router is not the one named",
    404: "Invalid request",
    405: "Unsupported service",
    406: "Unsupported extension",
    407: "Invalid value of an attribute",
    501: "Forbidden by the router's administrator",
    502: "Request cannot be routed",
    503: "Session not found",
    504: "Session cannot be removed",
    505: "Another error of a proxy",
    506: "Resources unavailable",
    507: "Request initiated",
    508: "Several sessions match",
}


@dataclass(frozen=True, slots=True)
class Router:
    """Where requests go. `per_second` bounds all packets to it, repeats too."""

    address: str
    port: int
    per_second: int
    secret: bytes = field(repr=False)
    signed: bool = True
    """Whether requests carry a Message-Authenticator."""


@dataclass(frozen=True, slots=True)
class Request:
    """One session to change or, without `change`, to cut. `session` identifies it, by attribute names."""

    reference: int
    router: Router
    session: Mapping[str, str]
    change: Mapping[str, str] = field(default_factory=dict)


class Result(StrEnum):
    DONE = "done"
    REFUSED = "refused"
    SILENT = "silent"
    UNSENT = "unsent"
    """It could not be put on the wire; nothing went out."""


@dataclass(frozen=True, slots=True)
class Reply:
    """What became of a request; `cause` is the Error-Cause of a refusal, where the router gave one."""

    reference: int
    result: Result
    cause: int | None = None

    @property
    def unsupported(self) -> bool:
        """Whether this router cannot do such a change at all; one that gives no cause is taken at its word."""
        return self.result == Result.REFUSED and (self.cause is None or self.cause in UNSUPPORTED)


class Control(Protocol):
    """A way to routers. Requests go out side by side; there is one reply to each, in any order."""

    def carry_out(self, requests: Sequence[Request]) -> Sequence[Reply]: ...

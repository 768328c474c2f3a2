"""What a source reports about a session, whatever kind of source it is."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Iterator
from contextlib import AbstractContextManager
from typing import Any, NamedTuple, Protocol

from dataaccounts.models import UsageSource

NOBODY = "0.0.0.0"
MOST = 2**62
LONGEST = 253  # letters of a key or a name, as RADIUS has them
OVERLAP = 3600  # seconds; a stop may be written after one that happened later
LATEST = 2**33  # the year 2242; the importer believes no clock that is ahead


class Report(NamedTuple):
    """One packet, or what is known of a session now: `at` in seconds since 1970, octets as the router counts."""

    unique_id: str
    username: str
    nas_address: str
    kind: str
    at: int
    seconds: int | None
    input: int
    output: int


class Reading(Protocol):
    """Reports to be read one by one; then `cursor` says where the next reading goes on."""

    cursor: dict[str, Any]

    def __iter__(self) -> Iterator[Report]: ...


class Reader(Protocol):
    """Opens a source to be read from where its cursor stands. Raises IntegrationError."""

    def __call__(self, source: UsageSource) -> AbstractContextManager[Reading]: ...


class Rows:
    """A foreign radacct: what is open, and what has ended since the last reading and somewhat before.

    `select` opens the rows from a moment on, in seconds since 1970, as `of_rows` reads them.
    """

    def __init__(self, since: int, select: Callable[[int], AbstractContextManager[Iterable[Any]]]) -> None:
        self.since, self.select = since, select
        self.cursor: dict[str, Any] = {"since": since}

    def __iter__(self) -> Iterator[Report]:
        latest = self.since
        with self.select(self.since - OVERLAP) as rows:
            for report in of_rows(rows):
                if report.kind == "stop":
                    latest = max(latest, report.at)
                yield report
        self.cursor = {"since": latest}


def since(source: UsageSource) -> int:
    """From when on a source is to be read, in seconds since 1970."""
    return int(source.cursor.get("since", source.since.timestamp()))


def of_rows(rows: Iterable[tuple[Any, ...]]) -> Iterator[Report]:
    """The sessions of a foreign radacct, in the order of its ROWS; such without key or time are left out."""
    for key, username, address, at, seconds, input, output, stopped in rows:
        if key and at is not None:
            kind = "stop" if stopped else "interim"
            told = None if seconds is None else int(seconds)
            counters = octets(input), octets(output)
            yield Report(str(key), str(username or ""), an_address(address), kind, int(at), told, *counters)


def kept(report: Report) -> Report:
    """A report as it can be kept, whatever the source says: one that cannot be kept would hold up all after it."""
    return report._replace(
        unique_id=report.unique_id.replace("\0", "")[:LONGEST],
        username=report.username.replace("\0", "")[:LONGEST],
        at=min(max(report.at, 0), LATEST),
        seconds=report.seconds if report.seconds is not None and 0 <= report.seconds < 2**32 else None,
    )


def octets(value: Any) -> int:
    """A counter as a number that can be: nothing said and nonsense are 0."""
    number = int(value or 0)
    return number if 0 <= number < MOST else 0


def an_address(text: Any) -> str:
    """A router's address; 0.0.0.0 where what is said is none."""
    try:
        return str(ipaddress.ip_address(str(text).partition("/")[0]))
    except ValueError:
        return NOBODY

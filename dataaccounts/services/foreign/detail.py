"""Accounting detail files, as FreeRADIUS and others write them: packets as lines `Attribute = value`."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from django.conf import settings

from dataaccounts.models import UsageSource
from dataaccounts.services.foreign.reports import NOBODY, Report, an_address, octets
from herotill.errors import IntegrationError
from herotill.typed import number

KINDS = {"Start": "start", "Interim-Update": "interim", "Alive": "interim", "Stop": "stop"}
KEY = "User-Name Acct-Session-Id NAS-IP-Address NAS-Identifier NAS-Port-Id NAS-Port".split()
LARGEST = 100_000  # octets of one packet; what is longer is no packet


class Packets:
    """The packets of some files after where each was read to; one that is written just now waits."""

    def __init__(self, files: list[Path], cursor: dict[str, Any]) -> None:
        self.files = files
        self.cursor = {path.name: cursor.get(path.name, 0) for path in files}

    def __iter__(self) -> Iterator[Report]:
        for path in self.files:
            size = path.stat().st_size
            with path.open("rb") as file:
                start = self.cursor[path.name]
                file.seek(start if start <= size else 0)  # a file begun anew is read from its beginning
                for lines in self._packets(file, path.name):
                    if report := report_of(lines):
                        yield report

    def _packets(self, file: BinaryIO, name: str) -> Iterator[list[str]]:
        lines: list[str] = []
        while raw := file.readline(LARGEST):
            if not raw.endswith(b"\n"):
                return
            text = raw.decode("utf-8", "replace").rstrip("\r\n")
            if text.strip():
                lines.append(text)
                continue
            self.cursor[name] = file.tell()
            if lines:
                yield lines
            lines = []


@contextmanager
def reading(source: UsageSource) -> Iterator[Packets]:
    """The files of the folder that the environment names. Raises IntegrationError where there is none."""
    folder = Path(settings.RADIUS_DETAIL_DIR) if settings.RADIUS_DETAIL_DIR else None
    if folder is None or not folder.is_dir():
        raise IntegrationError("There is no folder for detail files: RADIUS_DETAIL_DIR in the environment.")
    try:
        files = sorted(path for path in folder.glob(source.files) if path.is_file() and not path.is_symlink())
        yield Packets(files, source.cursor)
    except OSError as trouble:
        raise IntegrationError(f"The detail files cannot be read ({type(trouble).__name__}).") from None


def report_of(lines: list[str]) -> Report | None:
    """The packet that these lines are; None where it tells nothing of a session's usage."""
    said = dict(_attribute(line) for line in lines if "=" in line)
    kind = KINDS.get(said.get("Acct-Status-Type", ""))
    at = _moment(said)
    if kind is None or at is None or not said.get("Acct-Session-Id"):
        return None
    return Report(
        _key(said),
        said.get("User-Name", ""),
        an_address(said.get("NAS-IP-Address") or said.get("NAS-IPv6-Address") or NOBODY),
        kind,
        at,
        number(said.get("Acct-Session-Time")),
        _counter(said, "Input"),
        _counter(said, "Output"),
    )


def _attribute(line: str) -> tuple[str, str]:
    name, _, value = line.partition("=")
    value = value.strip()
    if len(value) > 1 and value[0] == value[-1] == '"':
        value = value[1:-1].replace('\\"', '"').replace("\\\\", "\\")
    return name.strip(), value


def _moment(said: dict[str, str]) -> int | None:
    """When it was sent: as it says in figures, else when it was written less what it says it waited."""
    if sent := number(said.get("Event-Timestamp")):
        return sent
    written = number(said.get("Timestamp"))
    return None if written is None else written - (number(said.get("Acct-Delay-Time")) or 0)


def _counter(said: dict[str, str], way: str) -> int:
    high = number(said.get(f"Acct-{way}-Gigawords")) or 0
    return octets((high << 32) + (number(said.get(f"Acct-{way}-Octets")) or 0))


def _key(said: dict[str, str]) -> str:
    if own := said.get("Acct-Unique-Session-Id"):
        return own
    return hashlib.md5(
        ",".join(said.get(name, "") for name in KEY).encode(), usedforsecurity=False
    ).hexdigest()

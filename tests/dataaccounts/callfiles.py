"""Files of a wholesaler's calls, made for tests."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from typing import IO

from dataaccounts.models import CallProfile
from dataaccounts.services import calls

NOW = datetime(2026, 4, 2, 6, tzinfo=UTC)
HEADING = "Account,Start,From,To,Seconds,Cost,Direction,ID"


def made(*rows: str) -> IO[bytes]:
    """A file of these rows; a row is account, start, number called, seconds and ID."""
    lines = [HEADING]
    for row in rows:
        account, start, called, seconds, name = row.split(",")
        lines.append(f"{account},{start},,{called},{seconds},0.10,out,{name}")
    return io.BytesIO(("\n".join(lines) + "\n").encode())


def take_in(profile: CallProfile, *rows: str, name: str = "march.csv") -> calls.Outcome:
    return calls.import_file(profile=profile, file=made(*rows), name=name, actor=None, now=NOW)

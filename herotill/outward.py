"""Whether this database may act outward: bank, cards, mail, SMS, books, routers, webhooks.

A database knows whose it is by a row: a hash of the installation's id, which is kept outside it, and its own
place among the databases there are (cluster, database, timeline). A dump that was restored, a copy, a database
that was taken back to an earlier time or promoted from a replica has another place, a copy on another machine
another id: until a person types the installation's name, nothing goes out, and all that is owed waits.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import connection, connections, transaction

from herotill.errors import DomainError, IntegrationError
from herotill.models import Installation
from herotill.registry import Registry

HELD = "This database was restored or copied: nothing goes out until a person confirms under Setup, Installation."
REMEMBERED = 10.0
"""Seconds for which a process that found the database its own does not ask again."""

PLACE = """
SELECT system_identifier || ':' || (SELECT oid FROM pg_database WHERE datname = current_database())
    || ':' || left(pg_walfile_name(pg_current_wal_lsn()), 8)
FROM pg_control_system()
"""

_sure_until = 0.0


class Held(IntegrationError):
    """Nothing goes out of this database yet."""

    def __init__(self) -> None:
        super().__init__(HELD)


@dataclass(frozen=True, slots=True)
class Owed:
    """Something that waits to go out; `count` says how much of it."""

    name: str
    label: str
    count: Callable[[], int]
    order: int = 100


owed: Registry[Owed] = Registry("thing that goes out")


def allowed() -> bool:
    """Whether what this database says may go out."""
    global _sure_until
    if time.monotonic() < _sure_until:
        return True
    with _no_line_left():
        if not is_ours():
            return False
    _sure_until = time.monotonic() + REMEMBERED
    return True


@contextmanager
def _no_line_left() -> Iterator[None]:
    """A thread that speaks with routers asks the database nothing else, and would leave its line open."""
    had_none = connections["default"].connection is None
    try:
        yield
    finally:
        if had_none:
            connections["default"].close()


def ask() -> None:
    """Pass, or raise Held: every way out asks this before anything leaves."""
    if not allowed():
        raise Held


def is_ours() -> bool:
    """Whether the newest row names this installation and this very database. Asks the database."""
    newest = last()
    return newest is not None and newest.sign != "" and (newest.sign, newest.place) == (sign(), _place())


def last() -> Installation | None:
    """The newest word on whose database this is."""
    return Installation.objects.using("default").first()


def begin() -> None:
    """Take a database that never was anybody's, as after the first `migrate`.

    One in which there are people already is older than these rows: whose it is, nobody wrote down.
    """
    if not Installation.objects.exists() and not get_user_model().objects.exists():
        _take(actor_id=None, actor_name="")


def take() -> None:
    """Take this database whosever it was, as tools do that copy databases for tests."""
    if not is_ours():
        _take(actor_id=None, actor_name="")


def disown() -> None:
    """Say that this database is nobody's yet, as after it was restored."""
    forget()
    Installation.objects.create(name=settings.INSTALLATION_NAME)


def confirm(*, typed: str, actor: Any, now: datetime) -> None:
    """A person lets this database act outward. Raises DomainError for another name than the installation's."""
    if typed.strip().casefold() != settings.INSTALLATION_NAME.casefold():
        raise DomainError("That is not the name of this installation.", field="name")
    with transaction.atomic():
        _take(actor_id=actor.pk, actor_name=str(actor), at=now)


def forget() -> None:
    """Have the next question asked of the database."""
    global _sure_until
    _sure_until = 0.0


def _take(**values: Any) -> None:
    ours = sign()
    if not ours:
        raise DomainError("The installation's id cannot be kept: MEDIA_ROOT is not to be written to.")
    Installation.objects.create(name=settings.INSTALLATION_NAME, sign=ours, place=_place(), **values)


def _place() -> str:
    with connection.cursor() as cursor:
        cursor.execute(PLACE)
        return str(cursor.fetchone()[0])


def sign() -> str:
    """A hash of the id outside the database; nothing where it can neither be read nor made."""
    known = settings.INSTALLATION_ID or _kept(Path(settings.INSTALLATION_FILE))
    return hashlib.sha256(known.encode()).hexdigest() if known else ""


def _kept(path: Path) -> str:
    """The id in the file, made once, however many begin at the same time, and which file it is.

    A file that was copied with the database's own files is another one; an empty one is none.
    """
    try:
        if path.exists():
            return _read(path)
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, beside = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        with os.fdopen(descriptor, "w") as file:
            file.write(secrets.token_urlsafe(24))
        with suppress(FileExistsError):
            os.link(beside, path)
        Path(beside).unlink()
        return _read(path)
    except (OSError, UnicodeError):
        return ""


def _read(path: Path) -> str:
    text = path.read_text().strip()
    return f"{text}:{path.stat().st_ino}" if text else ""

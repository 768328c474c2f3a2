"""Reading the folders in which files of calls are left: each file once, in the order they were written."""

from __future__ import annotations

import fnmatch
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from io import BytesIO
from pathlib import Path
from typing import IO, Any, cast

from django.conf import settings
from django.db import transaction

from dataaccounts.models import CallDrop, DroppedFile
from dataaccounts.services import calls
from herotill.errors import DomainError, IntegrationError
from herotill.integrations.sftp import Account, Left
from herotill.integrations.sftp.live import SftpShelf
from herotill.secrets import Secret, decrypt

log = logging.getLogger(__name__)
LARGEST = 500_000_000
IN_A_ROW = 3
"""After how many files in a row that could not be fetched the machine is let be."""
SETTLED = timedelta(minutes=2)
"""How long a file must lie there unchanged, as one that is still being written is not whole."""

Fetch = Callable[[str], IO[bytes]]


def read_due(*, now: datetime) -> str:
    """Read every drop; in words, what it came to. One in trouble keeps no other back."""
    found = CallDrop.objects.filter(retired=False).select_related("profile")
    return "; ".join(f"{drop}: {_attempt(drop, now)}" for drop in found) or "No drops."


def _attempt(drop: CallDrop, now: datetime) -> str:
    try:
        count, refused = read(drop=drop, now=now)
    except (IntegrationError, DomainError) as no:
        said, failed = str(no), True
    except Exception as trouble:  # a mistake of ours at one keeps neither the others nor the alarms
        log.exception("The drop %s could not be read.", drop.pk)
        said, failed = _words(trouble), True
    else:
        said, failed = f"{count:,} new files", bool(refused)
        if refused:
            said += f", {refused:,} of them refused"
    CallDrop.objects.filter(pk=drop.pk).update(read_at=now, said=said[:300], failed=failed)
    return said


def _words(trouble: Exception) -> str:
    return f"The program met an error ({type(trouble).__name__}). The log tells more."


def read(*, drop: CallDrop, now: datetime) -> tuple[int, int]:
    """Take in what is new in a drop; how many files, and how many of them were refused.

    A file and the note that it was taken in are one transaction, so whoever is killed leaves none half done, and
    of two who read at once one takes it. One that is refused is tried again each time. Raises IntegrationError or
    DomainError where the folder cannot be read, or `IN_A_ROW` of its files cannot.
    """
    count = refused = missed = 0
    with _opened(drop) as (files, fetch):
        for one in _new(drop, files, now):
            try:
                outcome = _taken(drop, one, fetch, now)
                missed = 0
            except IntegrationError as no:
                outcome, missed = str(no), missed + 1
                _refused(_about(drop, one), outcome)
                if missed == IN_A_ROW:
                    raise
            count += outcome is not None
            refused += bool(outcome)
    return count, refused


def _new(drop: CallDrop, files: list[Left], now: datetime) -> list[Left]:
    wanted = [
        one for one in files if fnmatch.fnmatchcase(one.name, drop.files) and one.written_at <= now - SETTLED
    ]
    known = set(
        DroppedFile.objects.filter(
            drop=drop, file__isnull=False, name__in=[_name(one) for one in wanted]
        ).values_list("name", "size", "written_at")
    )
    new = [one for one in wanted if (_name(one), one.size, one.written_at) not in known]
    return sorted(new, key=lambda one: (one.written_at, one.name))


@transaction.atomic
def _taken(drop: CallDrop, one: Left, fetch: Fetch, now: datetime) -> str | None:
    """Why a file was refused, nothing where it was taken in, None where somebody else took it."""
    CallDrop.objects.select_for_update(of=("self",)).get(pk=drop.pk)
    about, read_before = _about(drop, one), DroppedFile.objects.filter(drop=drop, file__isnull=False)
    if read_before.filter(**about).exists():
        return None
    grows = read_before.filter(name=about["name"]).exists()
    try:
        # Open until whoever read it has let go of it, also where it was refused.
        with fetch(one.name) as file, transaction.atomic():
            made = calls.import_file(
                profile=drop.profile, file=file, name=_name(one), actor=None, now=now, grows=grows
            )
    except IntegrationError:
        raise
    except DomainError as no:
        return _refused(about, str(no))
    except Exception as trouble:  # one file that we make a mistake with keeps no other back
        log.exception("%s could not be taken in.", _name(one))
        return _refused(about, _words(trouble))
    DroppedFile.objects.update_or_create(**about, defaults={"file": made.file, "said": str(made)[:300]})
    return ""


def _about(drop: CallDrop, one: Left) -> dict[str, Any]:
    return {"drop": drop, "name": _name(one), "size": one.size, "written_at": one.written_at}


def _name(one: Left) -> str:
    """The name as it is kept: octets that are no letters stand as question marks."""
    return one.name.encode(errors="replace").decode()[:200]


def _refused(about: dict[str, Any], why: str) -> str:
    DroppedFile.objects.update_or_create(**about, defaults={"said": why[:300]})
    return why


@contextmanager
def _opened(drop: CallDrop) -> Iterator[tuple[list[Left], Fetch]]:
    """The files that lie in a drop, and what fetches one."""
    if drop.kind == CallDrop.Kind.FOLDER:
        folder = folder_of(drop)
        yield _listed(folder), lambda name: (folder / name).open("rb")
        return
    with SftpShelf(_account(drop)) as shelf:
        files = shelf.files(drop.folder, drop.files)
        yield files, lambda name: BytesIO(shelf.read(drop.folder, name, LARGEST))


def folder_of(drop: CallDrop) -> Path:
    """A drop's folder on this machine, below CALL_DROPS_DIR. Raises DomainError where it is none."""
    if not settings.CALL_DROPS_DIR:
        raise DomainError("There is no folder for call records: CALL_DROPS_DIR in the environment.")
    base = Path(settings.CALL_DROPS_DIR).resolve()
    folder = (base / drop.folder).resolve()
    if not folder.is_relative_to(base) or not folder.is_dir():
        raise DomainError(f"There is no folder {drop.folder or '.'} among those for call records.")
    return folder


def _listed(folder: Path) -> list[Left]:
    found = []
    for path in folder.iterdir():
        if path.is_file() and not path.is_symlink() and not path.name.startswith("."):
            seen = path.stat()
            found.append(Left(path.name, seen.st_size, datetime.fromtimestamp(int(seen.st_mtime), UTC)))
    return found


def _account(drop: CallDrop) -> Account:
    kept = cast(Secret, drop.password)
    password = decrypt(kept.token) if kept else ""
    return Account(drop.host, drop.port, drop.user, password, drop.host_key)

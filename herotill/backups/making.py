"""A backup is made: dumped, packed and encrypted as it streams, so that nothing lies about unencrypted."""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import IO, Any

import pyrage
from django.conf import settings

from herotill import outward
from herotill.backups import DATABASE, FILES, MANIFEST
from herotill.backups.programs import environment, program
from herotill.errors import DomainError
from herotill.secrets.keys import sealed
from herotill.storing import synced

NAME = re.compile(r"herotill-\d{8}T\d{6}Z")


def make(*, to: Path, recipients: Sequence[str], now: datetime) -> Path:
    """Make a backup in the folder `to`, for the holders of these public age keys; where it is.

    Raises DomainError where it cannot be made; what was begun is taken away then.
    """
    keys = _keys(recipients)
    _refuse_inside(to)
    name = f"herotill-{now.astimezone(UTC):%Y%m%dT%H%M%SZ}"
    aside, there = to / f"{_ours()}{name}", to / name
    to.mkdir(mode=0o700, parents=True, exist_ok=True)
    _sweep(to)
    if there.exists():
        raise DomainError(f"{there} is there already.")
    aside.mkdir(mode=0o700)
    try:
        dump = partial(_dump, program("pg_dump"), environment())
        sums = {DATABASE: _written(aside / DATABASE, keys, dump), FILES: _written(aside / FILES, keys, _pack)}
        _tell(aside / MANIFEST, now, sums)
        synced(aside)
        aside.rename(there)
    except BaseException:
        shutil.rmtree(aside, ignore_errors=True)
        raise
    synced(to)
    return there


def prune(*, folder: Path, keep: int) -> list[str]:
    """Take away all but the newest `keep` whole backups, and nothing that is called otherwise; their names.

    A copied database takes nothing away, and nobody takes away what another installation left in the folder.
    """
    if keep < 1 or not outward.allowed():
        return []
    whole = sorted(one for one in folder.iterdir() if NAME.fullmatch(one.name) and _is_ours(one))
    old = [one for one in whole[:-keep] if not one.is_symlink()]
    for one in old:
        shutil.rmtree(one)
    return [one.name for one in old]


def nightly(now: datetime) -> str:
    """The job: a backup where a place for it is set, and no more of them than are to be kept.

    Raises DomainError where there is a place and no key. A copied database makes none: it would stand among
    those of the installation it came from.
    """
    if not settings.BACKUP_DIR:
        return "No backup: BACKUP_DIR is not set."
    if not outward.allowed():
        return outward.HELD
    folder = Path(settings.BACKUP_DIR)
    made = make(to=folder, recipients=settings.BACKUP_RECIPIENTS, now=now)
    gone = prune(folder=folder, keep=settings.BACKUPS_KEPT)
    return f"{made.name} was made." + (f" {len(gone)} old ones went." if gone else "")


def _keys(recipients: Sequence[str]) -> list[Any]:
    if not recipients:
        raise DomainError("Name the public key of whoever may open it: BACKUP_RECIPIENTS, age1….")
    try:
        return [pyrage.x25519.Recipient.from_str(one.strip()) for one in recipients]
    except pyrage.RecipientError:
        raise DomainError("That is no public age key; one begins with age1.") from None


def _refuse_inside(to: Path) -> None:
    if to.resolve().is_relative_to(Path(settings.MEDIA_ROOT).resolve()):
        raise DomainError(
            f"{to} lies in MEDIA_ROOT, and each backup would hold all those before it. Name a folder beside it."
        )


def _sweep(folder: Path) -> None:
    """What a killed one of ours left. One that is being made now would only fail."""
    for one in folder.iterdir():
        name = one.name.removeprefix(_ours())
        if name != one.name and NAME.fullmatch(name) and not one.is_symlink():
            shutil.rmtree(one, ignore_errors=True)


def _ours() -> str:
    """How a backup of this installation is called while it is made."""
    return f".new-{outward.sign()[:12] or 'unknown'}-"


def _is_ours(backup: Path) -> bool:
    try:
        told = json.loads((backup / MANIFEST).read_text())
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and told.get("sign") == outward.sign() != ""


def _written(path: Path, keys: list[Any], fill: Callable[[IO[bytes]], None]) -> str:
    """What `fill` writes, encrypted into a file; its SHA-256. `fill` runs beside, into a pipe."""
    reads, writes = os.pipe()
    trouble: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(writes, "wb") as sink:
                fill(sink)
        except BaseException as one:
            trouble.append(one)

    beside = threading.Thread(target=run)
    beside.start()
    with os.fdopen(reads, "rb") as source, path.open("xb") as file:
        os.fchmod(file.fileno(), 0o600)
        pyrage.encrypt_io(source, file, keys)
        file.flush()
        os.fsync(file.fileno())
    beside.join()
    if trouble:
        raise trouble[0]
    return digest(path)


def digest(path: Path) -> str:
    """The SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _dump(pg_dump: Path, there: Mapping[str, str], sink: IO[bytes]) -> None:
    words = [str(pg_dump), "--format=custom", "--no-password"]
    done = subprocess.run(words, env=there, stdin=subprocess.DEVNULL, stdout=sink, stderr=subprocess.PIPE)
    if done.returncode:
        raise DomainError(f"pg_dump failed: {done.stderr.decode(errors='replace').strip()[-300:]}")


def _pack(sink: IO[bytes]) -> None:
    """Every whole file of MEDIA_ROOT; one that goes meanwhile was not needed. The installation's id stays here."""
    root = Path(settings.MEDIA_ROOT)
    with tarfile.open(mode="w|", fileobj=sink) as tar:
        for path in sorted(root.rglob("*")):
            if path.name == Path(settings.INSTALLATION_FILE).name or path.name.startswith(".new-"):
                continue
            if path.is_symlink() or not path.is_file():
                continue
            try:
                tar.add(path, arcname=path.relative_to(root).as_posix(), recursive=False)
            except FileNotFoundError:
                continue


def _tell(path: Path, now: datetime, sums: dict[str, str]) -> None:
    told: dict[str, Any] = {
        "made_at": now.astimezone(UTC).isoformat(),
        "installation": settings.INSTALLATION_NAME,
        "sign": outward.sign(),
        "sha256": sums,
    }
    told["seal"] = sealed(json.dumps(told).encode()).decode()
    path.write_text(json.dumps(told, indent=2) + "\n")
    path.chmod(0o600)

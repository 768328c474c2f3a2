"""The way back: into an empty database and an empty folder, and never over what is there."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import tarfile
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path, PurePosixPath
from typing import IO, Any

import pyrage
from django.conf import settings
from django.core.management import call_command
from django.db import connection

from herotill import outward
from herotill.backups import DATABASE, FILES, MANIFEST, afterwards
from herotill.backups.making import digest
from herotill.backups.programs import environment, program
from herotill.errors import DomainError
from herotill.secrets.keys import UnreadableSecret
from herotill.secrets.keys import unsealed as opened_seal

UNSEALED = (
    "No key in FIELD_ENCRYPTION_KEYS opens the seal of {}: they are not those of that time, or somebody else made it. "
    "Nothing was brought back; --unsealed does so all the same."
)
OF_BEFORE = (
    "{} has no seal, as those made before there was one, and those that somebody else made: nobody vouches for it. "
    "Nothing was brought back; --unsealed does so all the same."
)
NO_SCHEMA, OUR_SCHEMA = b"set_config('search_path', '', false)", b"set_config('search_path', 'public', false)"


def restore(*, backup: Path, identities: Path, unsealed: bool = False) -> Iterator[str]:
    """Bring a backup back; says each step. The database is nobody's then, and does nothing outward.

    With `unsealed` it may be one that nobody vouches for, as where the keys of that time are lost. Raises DomainError
    where anything is in the database or the folder already, where the private key does not open it, or where it is
    not what was made.
    """
    keys = _identities(identities)
    made_at = _refuse_broken(backup, sealed=not unsealed)
    _refuse_used()
    into = partial(_into_database, program("pg_restore"), environment())
    yield f"This was made at {made_at}."
    _opened(backup / DATABASE, keys, into)
    connection.close()
    yield "The database is back."
    if _is_known():
        outward.disown()
    call_command("migrate", verbosity=0, interactive=False)
    outward.disown()
    _opened(backup / FILES, keys, _into_folder)
    yield "The files are back."
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    for one in afterwards:
        yield one.do()


def _identities(path: Path) -> Sequence[Any]:
    """The private keys in a file as age-keygen writes it."""
    try:
        lines = path.read_text().split()
    except (OSError, UnicodeDecodeError):
        raise DomainError(f"{path} cannot be read.") from None
    found = [word for word in lines if word.startswith("AGE-SECRET-KEY-")]
    try:
        keys = [pyrage.x25519.Identity.from_str(word) for word in found]
    except pyrage.IdentityError:
        keys = []
    if not keys:
        raise DomainError(f"{path} holds no private age key.")
    return keys


def _refuse_broken(backup: Path, *, sealed: bool) -> str:
    """When it was made, by what vouches for it."""
    try:
        vouched = _vouched(backup, sealed=sealed)
        sums, made_at = vouched["sha256"], str(vouched["made_at"])
        broken = [name for name in (DATABASE, FILES) if digest(backup / name) != sums[name]]
    except UnreadableSecret:
        raise DomainError(UNSEALED.format(backup)) from None
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        raise DomainError(f"{backup} is no whole backup.") from None
    if broken:
        raise DomainError(f"{broken[0]} is not what was made.")
    return made_at


def _vouched(backup: Path, *, sealed: bool) -> Any:
    told = json.loads((backup / MANIFEST).read_text())
    if not sealed:
        return told
    if told.keys() >= {"sha256", "made_at"} and "seal" not in told:
        raise DomainError(OF_BEFORE.format(backup))
    return json.loads(opened_seal(told["seal"].encode()))


def _refuse_used() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_class WHERE relnamespace = 'public'::regnamespace")
        (count,) = cursor.fetchone()
    if count:
        raise DomainError("The database is not empty. Make a new one, and name it in DATABASE_URL.")
    root = Path(settings.MEDIA_ROOT)
    own = Path(settings.INSTALLATION_FILE).name
    if root.exists() and any(one.name != own for one in root.iterdir()):
        raise DomainError(f"{root} is not empty. Name an empty folder in MEDIA_ROOT.")


def _is_known() -> bool:
    return "house_installation" in connection.introspection.table_names()


def _opened(path: Path, keys: Sequence[Any], take: Callable[[IO[bytes]], None]) -> None:
    """Decrypt a file into `take`, which runs beside."""
    reads, writes = os.pipe()
    trouble: list[BaseException] = []

    def run() -> None:
        try:
            with os.fdopen(reads, "rb") as source:
                take(source)
        except BaseException as one:
            trouble.append(one)

    beside = threading.Thread(target=run)
    beside.start()
    try:
        with path.open("rb") as file, os.fdopen(writes, "wb") as sink:
            pyrage.decrypt_io(file, sink, keys)
    except (pyrage.DecryptError, OSError) as no:
        beside.join()
        if "matching keys" in str(no).lower():
            raise DomainError("That private key does not open it.") from None
        raise (trouble[0] if trouble else DomainError(f"{path.name} cannot be read whole.")) from None
    beside.join()
    if trouble:
        raise trouble[0]


def _into_database(pg_restore: Path, there: Mapping[str, str], source: IO[bytes]) -> None:
    """As statements to psql, all in one transaction: so the schema can be named in which our functions are."""
    said = [str(pg_restore), "--file=-", "--no-owner", "--no-privileges"]
    does = [
        str(pg_restore.with_name("psql")),
        "--no-psqlrc",
        "--quiet",
        "--no-password",
    ]
    with (
        subprocess.Popen(said, stdin=source, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as giving,
        subprocess.Popen(
            [*does, "--set=ON_ERROR_STOP=1"],
            env=dict(there) | {"PGOPTIONS": "-c client_min_messages=error"},
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        ) as taking,
    ):
        assert giving.stdout is not None
        assert giving.stderr is not None
        assert taking.stdin is not None
        assert taking.stderr is not None
        with suppress(BrokenPipeError):
            taking.stdin.write(b"BEGIN;\n")
            _with_our_schema(giving.stdout, taking.stdin)
            if giving.wait() == 0:  # or what came only in part would be kept
                taking.stdin.write(b"COMMIT;\n")
        with suppress(BrokenPipeError):
            taking.stdin.close()
        giving.stdout.close()
        trouble = taking.stderr.read() + giving.stderr.read()
    if giving.returncode or taking.returncode:
        raise DomainError(f"It could not be brought back: {trouble.decode(errors='replace').strip()[:500]}")


def _with_our_schema(source: IO[bytes], sink: IO[bytes]) -> None:
    """Functions of ours name each other without a schema, and a dump looks for names in none."""
    for line in source:
        if line.startswith(b"SET transaction_timeout"):
            continue  # newer programs say it to older servers too, which do not know it
        sink.write(line.replace(NO_SCHEMA, OUR_SCHEMA))
        if NO_SCHEMA in line:
            break
    shutil.copyfileobj(source, sink, 1 << 20)


def _into_folder(source: IO[bytes]) -> None:
    root = Path(settings.MEDIA_ROOT)
    with tarfile.open(mode="r|", fileobj=source) as tar:
        for member in tar:
            name = PurePosixPath(member.name)
            if not member.isfile() or name.is_absolute() or ".." in name.parts:
                raise DomainError(f"{member.name} is no file of ours.")
            _file(root / name, tar.extractfile(member))


def _file(path: Path, content: IO[bytes] | None) -> None:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with path.open("xb") as file:
        os.fchmod(file.fileno(), settings.FILE_UPLOAD_PERMISSIONS or 0o600)
        while content and (part := content.read(1 << 20)):
            file.write(part)

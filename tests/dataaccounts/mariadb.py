"""A MariaDB server of a test's own, in a folder, on a free port of this machine."""

from __future__ import annotations

import contextlib
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pymysql

SERVER = shutil.which("mariadbd", path=f"{os.environ['PATH']}:/usr/sbin") or ""
INSTALL = shutil.which("mariadb-install-db") or ""
HINT = "MariaDB is not installed: apt-get install --no-install-recommends mariadb-server-core"
SCHEMA = """
CREATE TABLE radacct (
    radacctid bigint(21) NOT NULL auto_increment PRIMARY KEY,
    acctsessionid varchar(64) NOT NULL default '', acctuniqueid varchar(32) NOT NULL default '',
    username varchar(64) NOT NULL default '', realm varchar(64) default '',
    nasipaddress varchar(15) NOT NULL default '', acctstarttime datetime NULL, acctupdatetime datetime NULL,
    acctstoptime datetime NULL, acctinterval int(12), acctsessiontime int(12) unsigned,
    acctinputoctets bigint(20), acctoutputoctets bigint(20), UNIQUE KEY acctuniqueid (acctuniqueid)
)
"""


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as found:
        return int(found.getsockname()[1])


@contextlib.contextmanager
def mariadb(folder: Path) -> Iterator[pymysql.Connection]:
    """A server with FreeRADIUS's radacct and a user `reader` who may read it; `connection.port` says where."""
    port, data, us = (
        free_port(),
        folder / "data",
        f"--user={'root' if os.geteuid() == 0 else os.environ.get('USER', '')}",
    )
    subprocess.run(
        [
            INSTALL,
            "--no-defaults",
            f"--datadir={data}",
            us,
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        ],
        check=True,
        capture_output=True,
    )
    words = [SERVER, "--no-defaults", f"--datadir={data}", us, f"--socket={folder}/s", f"--port={port}"]
    words += ["--bind-address=127.0.0.1", f"--pid-file={folder}/pid", "--default-time-zone=+02:00"]
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen([*words, "--innodb-flush-log-at-trx-commit=0"], stdout=log, stderr=log)
    try:
        yield _prepared(port, folder)
    finally:
        process.terminate()
        process.wait(30)


def _prepared(port: int, folder: Path) -> pymysql.Connection:
    end = time.monotonic() + 60
    while True:
        try:
            connection = pymysql.connect(host="127.0.0.1", port=port, user="root", autocommit=True)
            break
        except pymysql.err.OperationalError:
            assert time.monotonic() < end, (folder / "log").read_text(errors="replace")[-3000:]
            time.sleep(0.2)
    with connection.cursor() as cursor:
        cursor.execute("CREATE DATABASE radius")
        cursor.execute("USE radius")
        cursor.execute(SCHEMA)
        cursor.execute("CREATE USER reader@'127.0.0.1' IDENTIFIED BY 'secret'")
        cursor.execute("GRANT SELECT ON radius.* TO reader@'127.0.0.1'")
    return connection

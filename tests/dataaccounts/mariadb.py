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
    """A server with FreeRADIUS's radacct; it lets anybody in. `connection.port` says where."""
    port, data = free_port(), folder / "data"
    data.mkdir()
    words = [SERVER, "--no-defaults", "--skip-grant-tables", f"--datadir={data}", f"--socket={folder}/s"]
    words += [f"--port={port}", "--bind-address=127.0.0.1", f"--pid-file={folder}/pid"]
    words += ["--default-time-zone=+02:00", "--innodb-flush-log-at-trx-commit=0"]
    if os.geteuid() == 0:
        words.append("--user=root")
    with (folder / "log").open("wb") as log:
        process = subprocess.Popen(words, stdout=log, stderr=log)
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
        cursor.execute("CREATE DATABASE other")
    return connection

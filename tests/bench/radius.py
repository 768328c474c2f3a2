"""Authentications a second: FreeRADIUS on our views, against FreeRADIUS on its stock tables with the same content."""

from __future__ import annotations

import contextlib
import random
import shutil
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

from django.db import connection

from dataaccounts.services import radius_role
from herotill import embedded
from herotill.integrations.radius.server import CONFIGURATION, MISSING, PROGRAM, FreeRadius
from tests.bench.data import scratch
from tests.dataaccounts.radius_fill import SECRET, fill, mac, password, username

ASKED, ROUNDS, AT_ONCE = 6000, 5, 64
QUERIES = Path(__file__).with_name("radius_stock.conf")
STOCK = """
CREATE SCHEMA stock;
CREATE TABLE stock.radcheck (id serial PRIMARY KEY, username text NOT NULL DEFAULT '', attribute text NOT NULL DEFAULT '',
    op varchar(2) NOT NULL DEFAULT '==', value text NOT NULL DEFAULT '');
CREATE TABLE stock.radgroupcheck (id serial PRIMARY KEY, groupname text NOT NULL DEFAULT '',
    attribute text NOT NULL DEFAULT '', op varchar(2) NOT NULL DEFAULT '==', value text NOT NULL DEFAULT '');
CREATE TABLE stock.radreply (LIKE stock.radcheck INCLUDING ALL);
CREATE TABLE stock.radgroupreply (LIKE stock.radgroupcheck INCLUDING ALL);
CREATE TABLE stock.radusergroup (id serial PRIMARY KEY, username text NOT NULL DEFAULT '',
    groupname text NOT NULL DEFAULT '', priority integer NOT NULL DEFAULT 0);
CREATE TABLE stock.radpostauth (id bigserial PRIMARY KEY, username text NOT NULL, pass text, reply text,
    calledstationid text, callingstationid text, authdate timestamptz NOT NULL DEFAULT now(), class text);
CREATE TABLE stock.nasreload (nasipaddress inet PRIMARY KEY, reloadtime timestamptz NOT NULL);
INSERT INTO stock.radcheck (username, attribute, op, value) SELECT username, attribute, op, value FROM radcheck;
INSERT INTO stock.radreply (username, attribute, op, value) SELECT username, attribute, op, value FROM radreply;
INSERT INTO stock.radusergroup (username, groupname, priority) SELECT username, groupname, priority FROM radusergroup;
INSERT INTO stock.radgroupreply (groupname, attribute, op, value)
    SELECT groupname, attribute, op, value FROM radgroupreply WHERE make = 'mikrotik'
    UNION ALL SELECT DISTINCT groupname, 'Acct-Interim-Interval', '=', '300' FROM radusergroup;
CREATE INDEX ON stock.radcheck (username, attribute);
CREATE INDEX ON stock.radreply (username, attribute);
CREATE INDEX ON stock.radgroupcheck (groupname, attribute);
CREATE INDEX ON stock.radgroupreply (groupname, attribute);
CREATE INDEX ON stock.radusergroup (username);
CREATE TABLE stock.radacct AS SELECT * FROM public.radacct;
ALTER TABLE stock.radacct ADD PRIMARY KEY (radacctid), ADD UNIQUE (acctuniqueid);
CREATE INDEX ON stock.radacct (acctuniqueid) WHERE acctstoptime IS NULL;
CREATE INDEX ON stock.radacct (nasipaddress, acctstarttime) WHERE acctstoptime IS NULL;
CREATE INDEX ON stock.radacct (acctstarttime, username);
CREATE INDEX ON stock.radacct (class);
CREATE TABLE stock.nas AS SELECT * FROM public.nas;
GRANT USAGE ON SCHEMA stock TO herotill_radius;
GRANT SELECT, INSERT, UPDATE ON ALL TABLES IN SCHEMA stock TO herotill_radius;
GRANT USAGE ON ALL SEQUENCES IN SCHEMA stock TO herotill_radius;
"""


@dataclass(frozen=True)
class AuthBench:
    """Two servers on one database, asked in turn for accounts picked at random."""

    name: str = "radius.auth"

    def run(self, size: int) -> dict[str, Any]:
        if not PROGRAM or not shutil.which("radclient"):
            raise SystemExit(MISSING)
        with scratch(), tempfile.TemporaryDirectory() as folder:
            _prepare(size)
            stock = _stock_configuration(Path(folder))
            with _server(CONFIGURATION, "public") as ours, _server(stock, "stock") as theirs:
                _ask(ours, _requests(size, 500, Path(folder) / "warm"))
                _ask(theirs, _requests(size, 500, Path(folder) / "warm"))
                seconds, floor = _measured(size, Path(folder), ours, theirs)
        return {
            "bench": self.name,
            "n": size,
            "seconds": round(seconds, 3),
            "per_second": round(ASKED / seconds),
            "floor_seconds": round(floor, 3),
            "ratio": round(seconds / floor, 2),
        }


def _prepare(size: int) -> None:
    fill(size, router="127.0.0.1")
    embedded.login(radius_role.ROLE)
    radius_role.let_in()
    with connection.cursor() as cursor:
        cursor.execute(STOCK)
        cursor.execute("VACUUM ANALYZE")


def _stock_configuration(folder: Path) -> Path:
    """Our configuration with FreeRADIUS's own questions in place of ours."""
    shutil.copytree(CONFIGURATION, folder / "stock")
    shutil.copy(QUERIES, folder / "stock" / "queries.conf")
    return folder / "stock"


@contextlib.contextmanager
def _server(configuration: Path, schema: str) -> Iterator[FreeRadius]:
    known = connection.settings_dict
    database = f"host={known['HOST']} dbname={known['NAME']} user={radius_role.ROLE} options='-c search_path={schema}'"
    with FreeRadius(
        database=database,
        password=known["PASSWORD"],
        user=embedded.account(),
        settings={"RADIUS_REMEMBER": "3600"},
        configuration=configuration,
    ) as server:
        yield server


def _measured(size: int, folder: Path, ours: FreeRadius, theirs: FreeRadius) -> tuple[float, float]:
    seconds, floors = [], []
    for number in range(ROUNDS):
        asked = _requests(size, ASKED, folder / f"round-{number}")
        seconds.append(_ask(ours, asked))
        floors.append(_ask(theirs, asked))
    return median(seconds), median(floors)


def _requests(size: int, count: int, path: Path) -> Path:
    """Log-ins of accounts that are not on, with the password they have."""
    numbers = [random.randrange(1, size + 1, 2) for _ in range(count)]
    text = (
        f'User-Name = "{username(number)}"\nUser-Password = "{password(number)}"\n'
        f'Calling-Station-Id = "{mac(number)}"\nMessage-Authenticator = 0x00\n'
        for number in numbers
    )
    path.write_text("\n".join(text))
    return path


def _ask(server: FreeRadius, asked: Path) -> float:
    """The seconds until all were answered; every one must be let in."""
    words = ["radclient", "-q", "-s", "-t", "5", "-r", "2", "-p", str(AT_ONCE), "-f", str(asked)]
    started = time.perf_counter()
    done = subprocess.run(
        [*words, f"127.0.0.1:{server.auth_port}", "auth", SECRET], capture_output=True, text=True
    )
    taken = time.perf_counter() - started
    if done.returncode:
        raise RuntimeError(f"Not all were let in: {done.stdout[-500:]} {done.stderr[-500:]}")
    return taken
